// Secrets: found where references point, never shown, taken out of whatever is kept.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Secrets")
struct SecretTests {
    /// The error of a resolution; nil where it succeeds.
    private func failure(_ reference: SecretReference, _ store: SecretStore) -> ParleyFailure? {
        do {
            _ = try store.resolve(reference)
            return nil
        } catch {
            return error
        }
    }

    private func withFile(_ text: String, mode: Int, _ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "parley-key-\(UUID().uuidString)")
        try Data(text.utf8).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url.path)
    }

    @Test("A variable's and a file's secret come trimmed")
    func resolves() throws {
        let store = SecretStore(environment: ["KEY": " \(Wire.key)\n"])
        #expect(try store.resolve(.environment("KEY")).secret.text == Wire.key)
        try withFile(Wire.key + "\r\n", mode: 0o600) { path in
            let resolved = try store.resolve(.file(path))
            #expect(resolved.secret.text == Wire.key)
            #expect(resolved.warning == nil)
        }
    }

    @Test("A file that others may read gives a warning with its mend", arguments: [0o644, 0o640, 0o604])
    func openFile(mode: Int) throws {
        try withFile(Wire.key, mode: mode) { path in
            let warning = try #require(try SecretStore().resolve(.file(path)).warning)
            #expect(warning.contains("chmod 600"))
            #expect(!warning.contains(Wire.key))
        }
    }

    @Test("A missing, empty or unusable secret is an error that names the reference and not the value")
    func errors() throws {
        let store = SecretStore(environment: ["EMPTY": " ", "BAD": "sk-secret value\nmore", "UMLAUT": "schlüssel"])
        for name in ["MISSING", "EMPTY", "BAD", "UMLAUT"] {
            let error = try #require(failure(.environment(name), store))
            #expect(error.message.contains("env:\(name)"))
            #expect(error.remedy != nil)
            #expect(!error.description.contains("sk-secret") && !error.description.contains("schl"))
        }
        #expect(failure(.file("/nonexistent/key"), store)?.message.contains("file:/nonexistent/key") == true)
        try withFile(String(repeating: "k", count: 20_000), mode: 0o600) { path in
            #expect(failure(.file(path), store) != nil)
        }
    }

    @Test("A secret shows itself in no description, interpolation or dump")
    func hidden() {
        let secret = Secret(Wire.key)
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] {
            #expect(!text.contains(Wire.key))
        }
    }

    @Test("A key is taken out as it is, in base64, percent-encoded and escaped; placeholders stay")
    func redaction() {
        let key = "sk-a/b+c=\"quoted\"-0123"
        let redactor = Redactor([key, "EMPTY"])
        let forms = [
            key, Data(key.utf8).base64EncodedString(), JSONValue.string(key).canonical,
            "sk-a%2Fb%2Bc%3D%22quoted%22-0123",
        ]
        for form in forms {
            let redacted = redactor.redact("before \(form) EMPTY after")
            #expect(
                redacted.contains(Redactor.mark) && redacted.hasPrefix("before ") && redacted.hasSuffix(" EMPTY after")
            )
            #expect(!redacted.contains("0123"))
        }
        #expect(redactor.redact(key + "\u{301}").utf8.starts(with: Redactor.mark.utf8))
        #expect(redactor.redact(.object([key: .array([.string(key)])])) == [Redactor.mark: [.string(Redactor.mark)]])
    }
}
