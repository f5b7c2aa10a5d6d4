// What a round file says for buyers and for comparisons: claims, conflicts, references, flags against comparing.

import ParleyModel
import ParleyRounds
import Testing

@Suite("Claims, conflicts, references and flags")
struct ComparabilityTests {
    @Test("are kept in the definition and read back; a file without them has the definition that it had")
    func kept() throws {
        let words =
            "scorer: exact\n    claim: propensity\ncomparability:\n  - { suites: all, configurations: all, "
            + "flag: scaffold_tuned_for, because: our scaffold }\n"
        let definition = try SmallRound.folder([
            ("scorer: exact", words), ("{ name: lab-b, role: lab }", "{ name: lab-b, role: lab, conflicts: a share }"),
        ]).plan().definition
        #expect(definition.suites.map(\.claim) == [.propensity])
        #expect(definition.parties.map(\.conflicts) == [nil, "a share"])
        let cell = try #require(definition.cells.first)
        #expect(definition.comparability?.count == definition.cells.count)
        #expect(definition.flags(of: cell) == ["scaffold tuned for: our scaffold"])
        #expect(try definition.json().decode(RoundDefinition.self) == definition)
        let plain = try SmallRound.folder().plan().definition.json()
        #expect(plain["comparability"] == nil && plain["suites"]?[0]?["claim"] == nil)
        #expect(plain["configurations"]?[0]?["reference"] == nil && plain["parties"]?[0]?["conflicts"] == nil)
    }

    @Test(
        "are mistakes where they say nothing that holds",
        arguments: [
            ("claim: capabilty", "capability"), ("claim: safe", "cannot be 'safe'"),
            ("epochs: 1\ncomparability: [{ suites: all, configurations: all, flag: tuned }]", "cannot be 'tuned'"),
            ("epochs: 1\ncomparability: [{ suites: all, configurations: nobody, flag: selected_against }]", "nobody"),
            ("epochs: 1\ncomparability: [{ suites: all, configurations: all }]", "flag"),
            (
                "epochs: 1\ncomparability:\n  - { suites: all, configurations: all, flag: variant_excluded }\n"
                    + "  - { suites: all, configurations: all, flag: variant_excluded }", "twice"
            ),
        ]
    )
    func mistakes(_ text: String, _ words: String) throws {
        let folder = try SmallRound.folder([("scorer: exact", "scorer: exact\n    \(text)\n")])
        let errors = folder.diagnostics().filter { $0.severity == .error }
        #expect(errors.contains { "\($0.message) \($0.remedy ?? "")".contains(words) }, "\(errors)")
    }
}
