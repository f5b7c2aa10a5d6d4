// Finds secrets where references point: environment variables and files. Errors name the reference, never the value.

import Foundation
public import ParleyModel

/// Resolves references to secrets.
public struct SecretStore: Sendable {
    /// A secret, and what is wrong with how it is kept.
    public struct Resolved: Sendable {
        public let secret: Secret
        /// What to mend although the secret can be used; nil where all is well.
        public let warning: String?
    }

    /// The most bytes of a secret; a larger file is some other file.
    static let sizeLimit = 16 * 1024

    private let environment: [String: String]

    /// Reads variables from `environment`; nil means this process's own.
    public init(environment: [String: String]? = nil) {
        self.environment = environment ?? ProcessInfo.processInfo.environment
    }

    /// The secret behind a reference, white space around it removed. Throws where there is none, it is empty, or it
    /// holds what no HTTP header can carry.
    public func resolve(_ reference: SecretReference) throws(ParleyFailure) -> Resolved {
        switch reference {
        case .environment(let name):
            guard let text = environment[name] else {
                throw ParleyFailure(
                    .invalidInput,
                    "no key: the environment variable \(name) is not set (\(reference))",
                    remedy: "export \(name) where this process starts, or refer to a file with file:PATH"
                )
            }
            return Resolved(secret: try checked(text, reference), warning: nil)
        case .file(let path):
            return try read(path, reference)
        }
    }

    private func read(_ path: String, _ reference: SecretReference) throws(ParleyFailure) -> Resolved {
        let size: Int
        let permissions: Int
        let data: Data
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            )
            size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            permissions = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
            guard size <= Self.sizeLimit else {
                throw ParleyFailure(
                    .invalidInput,
                    "no key: \(reference) holds \(size) bytes, more than any key",
                    remedy: "point the reference at a file that holds the key alone"
                )
            }
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let failure as ParleyFailure {
            throw failure
        } catch {
            throw ParleyFailure(
                .invalidInput,
                "no key: the file of \(reference) cannot be read",
                remedy: "check that it exists and that this user may read it"
            )
        }
        let secret = try checked(String(decoding: data, as: UTF8.self), reference)
        let isOpen = permissions & 0o044 != 0
        return Resolved(
            secret: secret,
            warning: isOpen ? "the file of \(reference) can be read by other users: run chmod 600 \(path)" : nil
        )
    }

    private func checked(_ text: String, _ reference: SecretReference) throws(ParleyFailure) -> Secret {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else {
            throw ParleyFailure(.invalidInput, "no key: \(reference) is empty", remedy: "put the key there")
        }
        guard text.utf8.count <= Self.sizeLimit, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ParleyFailure(
                .invalidInput,
                "no key: \(reference) holds spaces, line breaks or characters that no HTTP header can carry",
                remedy: "put the key there alone, in one line"
            )
        }
        return Secret(text)
    }
}
