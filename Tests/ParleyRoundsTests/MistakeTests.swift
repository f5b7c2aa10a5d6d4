// Every mistake of the corpus is reported at its line with its remedy, and all mistakes of a file are reported at once.

import Foundation
import ParleyModel
import ParleyRounds
import Testing

@Suite("Mistakes in a round file")
struct MistakeTests {
    @Test("the unchanged round has no mistake")
    func controlIsRight() throws {
        #expect(try SmallRound.folder().diagnostics().filter { $0.severity == .error } == [])
    }

    @Test("are reported at their line with what to write instead", arguments: Mistake.all)
    func mistakeIsReported(_ mistake: Mistake) throws {
        let folder = try SmallRound.folder([(mistake.old, mistake.new)])
        let found = folder.diagnostics().filter { $0.severity == .error }
        #expect(
            found.contains {
                $0.line == mistake.line && $0.message.contains(mistake.message) && $0.column != nil
                    && (mistake.remedy.isEmpty || ($0.remedy ?? "").contains(mistake.remedy))
            },
            "found:\n\(found.map(\.description).joined(separator: "\n"))"
        )
        #expect(found.allSatisfy { $0.remedy != nil })
    }

    @Test("come all at once, in the order of the file")
    func allAtOnce() throws {
        let folder = try SmallRound.folder([
            ("tier: bilateral", "tier: lateral"), ("provider: openai", "provider: x"), ("input: 3", "input: -1"),
            ("scorer: exact", "scorer: guess"),
        ])
        let lines = folder.diagnostics().filter { $0.severity == .error }.map(\.line)
        #expect(lines == [2, 9, 11, 21])
    }

    @Test("never echo a secret", arguments: ["sk-live-1234567890", "[sk-live-1234567890]", "env:sk-live-1234567890"])
    func secretIsNotEchoed(_ secret: String) throws {
        let folder = try SmallRound.folder([("model: A-1", "model: A-1\n    api_key: \(secret)")])
        let found = folder.diagnostics()
        #expect(found.contains { $0.line == 11 && $0.message.contains("'api_key' must be a reference") })
        #expect(!found.contains { $0.description.contains("sk-live") })
    }

    @Test("a mistake inside an entry causes no second one where the entry is named")
    func noCascade() throws {
        let found = try SmallRound.folder([("provider: anthropic", "provider: x")]).diagnostics()
        #expect(found.filter { $0.severity == .error }.count == 1)
    }

    @Test("merges of merges end before they grow by powers")
    func mergeBomb() throws {
        var anchors = "title: x\n"
        for level in 1...9 {
            let merged = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            anchors += "k\(level): &a\(level) {<<: [\(merged)]}\n"
        }
        let bomb = "k0: &a0 {z: 1}\n" + anchors + "parties: [{<<: *a9}]\n"
        let found = try Folder(["round.yaml": bomb]).diagnostics()
        #expect(found.contains { $0.message == "'<<' merges too many mappings" })
    }

    @Test("an empty, a missing, a huge and a non-UTF-8 file each say so")
    func unreadableFiles() throws {
        let folder = try Folder(["round.yaml": "  \n# nothing\n"])
        #expect(folder.diagnostics().first?.message == "the file is empty")
        try folder.write("round.yaml", "")
        #expect(folder.diagnostics().first?.message == "the file is empty")
        try folder.write("round.yaml", Data(repeating: 0x23, count: 8 << 20 + 1))
        #expect(folder.diagnostics().first?.message.contains("larger than 8 MiB") == true)
        try folder.write("round.yaml", Data([0x61, 0xFF, 0xFE]))
        #expect(folder.diagnostics().first?.message.contains("not valid UTF-8") == true)
        let missing = try Folder()
        #expect(missing.diagnostics().first?.message.contains("there is no file") == true)
    }

    @Test("dataset mistakes stand beside the file's own")
    func datasetMistakesToo() throws {
        let folder = try SmallRound.folder([("provider: openai", "provider: x")], items: "{\"input\": \"a\"}\n{bad\n")
        let found = folder.diagnostics().filter { $0.severity == .error }
        #expect(found.map(\.file.lastPathPart) == ["round.yaml", "items.jsonl", "items.jsonl"])
        #expect(found.map(\.line) == [9, 1, 2])
        #expect(found[1].message.contains("no target"))
    }

    @Test(
        "what is allowed but odd is a warning",
        arguments: [
            ("model: B-1", "model: B-1\n    access: internal", "internal model in a bilateral round"),
            (
                "scorer: exact",
                "scorer: { kind: model_graded, judges: [model-b], rubric: 'GRADE {{answer}}', scale: { C: 1, I: 0 } }",
                "judges its own model"
            ),
            ("scorer: exact", "scorer: exact\nbudgets: [{ tokens: 5 }]", "may not be enough"),
            (
                "scorer: exact", "scorer: exact\nruns: [{ suite: suite-a, configurations: [model-b, model-b] }]",
                "stands twice; it runs once"
            ),
        ]
    )
    func warnings(_ old: String, _ new: String, _ message: String) throws {
        let plan = try SmallRound.folder([(old, new)]).plan()
        #expect(plan.warnings.contains { $0.severity == .warning && $0.message.contains(message) })
        #expect(plan.cells.count == 1)
    }
}

extension String {
    fileprivate var lastPathPart: String { String(split(separator: "/").last ?? "") }
}
