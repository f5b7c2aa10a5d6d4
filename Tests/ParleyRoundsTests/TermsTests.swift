// What the parties agree on beside what is run: read as written, asked for where a round is signed, and no change to
// rounds without it.

import Foundation
import ParleyModel
import ParleyRounds
import ParleyTestSupport
import Testing

@Suite("The terms of a round")
struct TermsTests {
    private static let keys = [1, 2].map { Data([UInt8](repeating: $0, count: 32)).base64EncodedString() }
    private static let seed = "sha256:" + String(repeating: "ab", count: 32)
    /// From line 22 on, the last of the file.
    private static let terms = """
        signatures: all
        primary: [{ suite: suite-a, compare: [model-a, model-b], effect: 0.25 }]
        audit: { size: 5, seed: "\(seed)" }
        rules: { stopping: none, errors: dead jobs fail, visibility: as in the table }
        runs: all
        """

    private func signed(_ changes: [(String, String)] = []) throws -> Folder {
        try SmallRound.folder(
            [
                ("lab-a, role: lab", "lab-a, role: lab, key: \"\(Self.keys[0])\""),
                ("lab-b, role: lab", "lab-b, role: lab, key: \"\(Self.keys[1])\""),
                ("scorer: exact", "scorer: exact\n\(Self.terms)"),
            ] + changes
        )
    }

    @Test("are kept in the definition and change its hash")
    func kept() throws {
        let definition = try signed().plan().definition
        #expect(definition.signatures == 2 && definition.parties.map(\.key) == Self.keys)
        #expect(
            definition.primary == [
                PrimaryFinding(
                    suite: "suite-a",
                    left: "model-a",
                    right: "model-b",
                    effect: Score(billionths: 250_000_000)
                )
            ]
        )
        #expect(definition.audit?.size == 5 && definition.audit?.seed.description == Self.seed)
        #expect(
            definition.rules
                == RoundRules(stopping: "none", errors: "dead jobs fail", visibility: "as in the table")
        )
        let json = try definition.json()
        #expect(try json.decode(RoundDefinition.self) == definition)
        for (old, new) in [
            ("effect: 0.25", "effect: 0.2"), ("size: 5", "size: 6"), ("dead jobs fail", "dead jobs count"),
            ("stopping: none", "stopping: at noon"), ("as in the table", "all to all"), ("\"sha256:ab", "\"sha256:aa"),
        ] {
            #expect(
                ContentHash(of: try signed([(old, new)]).plan().definition.json()) != ContentHash(of: json),
                "\(new)"
            )
        }
    }

    @Test("name the answers that people will label, in the plan")
    func audit() throws {
        let document = try signed().plan().document
        #expect(document.audit?.size == 5 && document.audit?.seed.description == Self.seed)
        #expect(document.audit?.cells == 0 && document.audit?.answers == 0, "no model judges here")
        #expect(try SchemaCheck("plan").problems(JSONValue(encoding: document)) == [])
    }

    @Test("are not missed where nobody signs")
    func absent() throws {
        let definition = try SmallRound.folder().plan().definition
        #expect(definition.signatures == nil && definition.primary == nil && definition.audit == nil)
        let json = try definition.json()
        for key in ["signatures", "primary", "audit", "rules"] { #expect(json[key] == nil) }
        #expect(json["order"]?.object == [:], "the order follows from the definition's hash")
    }

    @Test(
        "are wrong at their line",
        arguments: [
            ("signatures: all", "signatures: 3", 22, "'signatures' must be"),
            ("signatures: all", "signatures: 1", 22, "'signatures' must be"),
            (", key: \"\(TermsTests.keys[1])\"", "", 22, "'lab-b' cannot sign"),
            (TermsTests.keys[1], TermsTests.keys[0], 22, "two parties have the same key"),
            (TermsTests.keys[1], "AAAA", 5, "'key' must be a public key"),
            ("primary: [{", "# primary: [{", 22, "needs 'primary'"), ("rules: {", "# rules: {", 22, "needs 'rules'"),
            ("compare: [model-a, model-b]", "compare: [model-a]", 23, "compares two configurations"),
            ("compare: [model-a, model-b]", "compare: [model-a, model-c]", 23, "no configuration is called"),
            ("effect: 0.25", "effect: 0", 23, "effect of 0"),
            (TermsTests.seed, "7", 24, "must be the commitment"),
            (
                "rules: {", "order: { seed: sha256:\(String(repeating: "c", count: 64)) }\nrules: {", 25,
                "two sealed seeds"
            ), ("size: 5", "size: 0", 24, "'size' must be"),
            ("stopping: none, ", "", 25, "needs 'stopping'"),
        ] as [(String, String, Int, String)]
    )
    func mistakes(old: String, new: String, line: Int, message: String) throws {
        let found = try signed([(old, new)]).diagnostics().filter { $0.severity == .error }
        #expect(
            found.contains { $0.line == line && $0.message.contains(message) && $0.remedy != nil },
            "found:\n\(found.map(\.description).joined(separator: "\n"))"
        )
    }
}
