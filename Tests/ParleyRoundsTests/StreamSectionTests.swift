// The section `stream` of a round file: kept as written, open criteria warned of, and no change to rounds without it.

import ParleyModel
import ParleyRounds
import Testing

@Suite("The section 'stream'")
struct StreamSectionTests {
    @Test("is kept in the definition, and what nothing answers is a warning")
    func warnings() throws {
        let words = "scorer: exact\nstream:\n  capability: adding numbers\n  baseline_sample: ten children\n"
        let plan = try SmallRound.folder([("scorer: exact", words)]).plan()
        #expect(plan.definition.stream == ["capability": "adding numbers", "baseline_sample": "ten children"])
        let warned = plan.warnings.map(\.message).filter { $0.hasPrefix("STREAM") }
        func warns(_ criterion: StreamCriterion) -> Bool { warned.contains { $0.contains("'\(criterion.rawValue)'") } }
        #expect(warns(.ruleInOut) && warns(.falsification) && warns(.baselinePerformance))
        #expect(!warns(.capability) && !warns(.itemCount) && !warns(.baselineAbsence) && !warns(.graderValidation))
        let json = try plan.definition.json()
        #expect(try json.decode(RoundDefinition.self) == plan.definition)
    }

    @Test("is not missed where it is not written")
    func absent() throws {
        let plan = try SmallRound.folder().plan()
        #expect(plan.definition.stream == nil)
        #expect(!plan.warnings.contains { $0.message.contains("STREAM") })
        #expect(try plan.definition.json()["stream"] == nil)
    }

    @Test("takes no other keys")
    func unknown() throws {
        let folder = try SmallRound.folder([("scorer: exact", "scorer: exact\nstream: { capabilty: x }\n")])
        #expect(folder.diagnostics().contains { $0.severity == .error && ($0.remedy ?? "").contains("capability") })
    }
}
