// The audit's draw against keys that Python's hashlib gave, and what a grader's hash depends on.

import ParleyModel
import Testing

@Suite("The audit's draw and the identity of graders")
struct AuditDrawTests {
    @Test("The draw is the one that its description gives to a stranger")
    func known() throws {
        let cell = Cell(suite: "graded", configuration: "ma")
        let answers = (0..<5).flatMap { sample in [1, 2].map { (id: "s\(sample)", epoch: $0) } }
        let seed = "c2VlZCBzZWVkIHNlZWQgc2VlZCBzZWVkIHNlZWQhISE="
        let drawn = AuditDraw(size: 4, seed: seed).answers(answers, of: cell) { ($0.id, $0.epoch) }
        #expect(drawn.map(\.answer.id) == ["s0", "s2", "s0", "s1"] && drawn.map(\.answer.epoch) == [2, 2, 1, 1])
        #expect(drawn[0].key.hex == "1d1e1408dcb364f501d80460882addda74ea66322d1b1cf7f1c5dcae730dfc0e")
        #expect(drawn[3].key.hex == "66e1adf7af608e2dfb105bf5966418382e4c3b9b0860b53b9276838e0b84946f")
        #expect(AuditDraw(size: 0, seed: seed).answers(answers, of: cell) { ($0.id, $0.epoch) }.isEmpty)
    }

    private static func definition(maxTokens: Int = 100) -> RoundDefinition {
        var judge = Configuration(name: "judge", model: "j")
        judge.maxTokens = maxTokens
        return RoundDefinition(
            name: "r",
            title: "R",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [],
            models: [
                ModelDefinition(
                    name: "j",
                    party: "lab",
                    provider: .openai,
                    baseURL: "http://localhost",
                    modelID: "j-1",
                    account: "lab",
                    concurrency: 1
                )
            ],
            configurations: [judge],
            suites: [],
            cells: [],
            budgets: []
        )
    }

    @Test("A grader's hash follows rubric, scale, combination and the judge's settings, and not the version's name")
    func identity() throws {
        let grader = Grader(version: "1", judges: ["judge"], rubric: "{{answer}}", scale: ["C": .one, "I": .zero])
        let definition = Self.definition()
        let hash = try definition.identity(of: grader)
        func changed(_ change: (inout Grader) -> Void) throws -> ContentHash {
            var other = grader
            change(&other)
            return try definition.identity(of: other)
        }
        #expect(try changed { $0.version = "2" } == hash)
        let others = [
            try changed { $0.rubric += "," }, try changed { $0.scale["I"] = .one },
            try changed { $0.combination = .mean }, try changed { $0.maxTokens += 1 },
            try changed { $0.judges = ["judge", "judge"] }, try Self.definition(maxTokens: 99).identity(of: grader),
        ]
        #expect(!others.contains(hash) && Set(others).count == others.count)
    }
}
