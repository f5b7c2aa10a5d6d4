import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("What a definition that a lab can leave refuses")
struct DefinitionTreeRefusalTests {
    private static func refusal(_ change: (inout RoundDefinition) -> Void) -> String {
        var definition = MediatedRound.definition()
        change(&definition)
        do {
            _ = try DefinitionTree(of: definition, secrets: MediatedRound.secrets)
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test("A shared text that names a lab")
    func namedInTitle() {
        #expect(Self.refusal { $0.title = "Autumn with West and others" }.contains("of lab 'west'"))
        #expect(Self.refusal { $0.title = "Autumn, westward" } == "accepted")
    }

    @Test("One lab's text that names another")
    func namedByAnother() {
        let message = Self.refusal { $0.configurations[0].systemPrompt = "You are not south-9000." }
        #expect(message.contains("'south-9000' of lab 'south'"))
    }

    @Test("A suite of another party that a lab's model judges")
    func foreignJudge() {
        let message = Self.refusal {
            $0.suites[0].scorer.grader = Grader(
                version: "1",
                judges: [MediatedRound.configuration("north")],
                rubric: "GRADE: X",
                scale: ["A": .one, "B": .zero]
            )
        }
        #expect(message.contains("of lab 'north'"))
    }

    @Test("A number of signatures that shows how many parties there were")
    func countedSignatures() {
        #expect(Self.refusal { $0.signatures = 2 }.contains("would show that a party has left"))
    }

    @Test("A lab without a secret")
    func noSecret() {
        #expect(throws: ParleyFailure.self) {
            try DefinitionTree(of: MediatedRound.definition(), secrets: MediatedRound.secrets(without: "west"))
        }
    }

    @Test("An open definition of which any member was changed")
    func changed() throws {
        let tree = try DefinitionTree(of: MediatedRound.definition(), secrets: MediatedRound.secrets)
        let open = try tree.opened(with: MediatedRound.secrets(without: "west")).json
        let text = open.canonical
        let salt = try #require(open["open"]?[0]?["salt"]?.string)
        let leaf = try #require(open["leaves"]?[0]?.string)
        let changes = [
            ("north-9000", "north-9001"), ("Autumn", "Winter"), (salt, Base64.encode([UInt8](repeating: 1, count: 32))),
            (leaf, ContentHash(of: [1]).description), ("south-high", "south-low"),
        ]
        for (old, new) in changes {
            let changed = text.replacingOccurrences(of: old, with: new)
            #expect(changed != text)
            #expect(throws: ParleyFailure.self, "\(old)") {
                try OpenDefinition(json: JSONValue(parsing: Array(changed.utf8)), digest: tree.digest)
            }
        }
    }

    @Test("A secret's file is its owner's alone, and gives the secret back")
    func secretFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("north.secret").path
        let secret = PartySecret(party: "north")
        try secret.write(to: file)
        #expect(try PartySecret(file: file) == secret)
        #expect(throws: ParleyFailure.self) { try secret.write(to: file) }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        #expect(throws: ParleyFailure.self) { try PartySecret(file: file) }
    }
}
