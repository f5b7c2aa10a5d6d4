// The answers about a model and the open questions follow their schemas, every optional member written out.

import ParleyModel
import ParleyRounds
import ParleyTestSupport
import Testing

extension SchemaTests {
    @Test("of an answer follows ask.schema.json, and of open questions questions.schema.json")
    func answers() throws {
        let round = try RoundFileTests.withMetadata().plan().definition
        let interval = Interval(lower: 0.1, upper: 0.9, level: 0.95, method: "wilson")
        let threshold = try #require(Threshold("turns=0.5"))
        let findings = FindingsDocument(
            round: round.name,
            title: round.title,
            tier: round.tier,
            simulated: true,
            definitionHash: ContentHash(of: try round.json()),
            currency: round.currency,
            complete: true,
            asOf: "2026-11-23T12:00:00Z",
            parties: round.parties,
            models: [],
            suites: [],
            configurations: [],
            cells: [],
            comparisons: []
        )
        let model = ModelSummary(
            name: "agent",
            party: "lab-a",
            access: .internal,
            modelID: "Agent-7",
            modelsReturned: ["Agent-7"]
        )
        let answer = FindingAnswer(
            id: "cell/turns/agent-high",
            suite: "turns",
            configuration: "agent-high",
            areas: [.aiControl],
            claim: .capability,
            evaluator: "metro",
            crossParty: true,
            status: .notShown,
            because: "the interval holds the threshold",
            measure: "rate",
            estimate: 0.5,
            interval: interval,
            corrected: [
                JudgeErrorRecord.Correction(estimate: 0.4, standardError: 0.1, interval: interval, weight: 0.5)
            ],
            counted: 6,
            clusters: 3,
            threshold: threshold,
            flags: ["x"]
        )
        var ask = AskDocument(
            model: "Agent-7",
            rounds: [
                AskDocument.Round(source: "a.tar", findings: findings, models: [model], answers: [answer])
            ],
            thresholds: [threshold, try #require(Threshold("other<=0.5"))]
        )
        ask.rounds[0].ruledOut = 1
        #expect(ask.answer == .evaluated && ask.status == .notShown && ask.unanswered.map(\.suite) == ["other"])
        #expect(try SchemaCheck("ask").problems(JSONValue(encoding: ask)) == [])
        let questions = QuestionsDocument(
            findings: findings,
            relevantDifference: 0.05,
            questions: QuestionsDocument.Kind.allCases.enumerated().map { place, kind in
                QuestionsDocument.Question(
                    rank: place + 1,
                    kind: kind,
                    question: "Why?",
                    weight: 1.5,
                    because: "so",
                    evidence: ["cell/turns/agent-high"]
                )
            }
        )
        #expect(try SchemaCheck("questions").problems(JSONValue(encoding: questions)) == [])
    }
}
