// Documents follow the schemas that are published for them, every optional member written out.

import ParleyModel
import ParleyRounds
import ParleyTestSupport
import Testing

@Suite("A JSON document")
struct SchemaTests {
    @Test("of a plan follows plan.schema.json")
    func plan() throws {
        for options in [PlanOptions(), PlanOptions(isSimulated: true)] {
            for folder in [try RoundFileTests.withMetadata(), try SmallRound.folder()] {
                let document = try JSONValue(encoding: folder.plan(options).document)
                #expect(try SchemaCheck("plan").problems(document) == [])
            }
        }
    }

    @Test("of findings follows findings.schema.json, and of a reduction reduction.schema.json")
    func findings() throws {
        let round = try RoundFileTests.withMetadata().plan().definition
        let interval = Interval(lower: 0.1, upper: 0.9, level: 0.95, method: "wilson")
        var cell = CellRecord(
            suite: "turns",
            configuration: "agent-high",
            planned: 6,
            kinds: Dictionary(uniqueKeysWithValues: OutcomeKind.allCases.map { ($0, 1) }),
            neverRun: 0,
            counted: 6,
            clusters: 2,
            measure: "rate",
            estimate: 0.5,
            standardError: 0.1,
            interval: interval,
            otherIntervals: [interval],
            bootstrapError: 0.1,
            missing: MissingOutcomes(outcomes: 3, lower: 0.25, upper: 0.75),
            answers: AnswerSummary(right: 1, wrong: 2, refused: 2, other: 1),
            usage: Usage(input: 1, output: 2),
            cost: Money(billionths: 5),
            latency: LatencyQuantiles(p50: 1, p95: 2, p99: 3),
            flags: ["x"]
        )
        cell.comparability = Comparability.Flag.allCases
        var comparison = ComparisonRecord(
            suite: "turns",
            left: "agent-high",
            right: "judge",
            sharedSamples: 2,
            difference: 0.1,
            standardError: 0.1,
            interval: interval,
            pValue: 0.5,
            permutation: PermutationSummary(pValue: 0.5, draws: 8, exact: true),
            adjustedPValue: 0.9,
            falseDiscoveryPValue: 0.8,
            test: "mcnemar-exact",
            minimumDetectableEffect: 0.2,
            verdict: "no difference shown",
            rule: "interval holds 0"
        )
        comparison.flags = ["judge: x"]
        let document = FindingsDocument(
            round: round.name,
            title: round.title,
            tier: round.tier,
            simulated: true,
            definitionHash: ContentHash(of: try round.json()),
            currency: round.currency,
            complete: true,
            asOf: "2026-11-23T12:00:00Z",
            parties: round.parties,
            models: round.models.map {
                ModelSummary(
                    name: $0.name,
                    party: $0.party,
                    access: $0.access,
                    modelID: $0.modelID,
                    modelsReturned: ["a"]
                )
            },
            suites: round.suites.map {
                SuiteSummary($0, grader: GraderSummary(version: "1", identity: ContentHash(of: [1]), frozen: true))
            },
            configurations: try round.configurations.map { try ConfigurationSummary($0) },
            cells: [cell],
            comparisons: [comparison],
            judges: Self.judges(interval),
            rollUps: [
                RollUpRecord(
                    grouping: .area,
                    name: "AI control",
                    cells: 2,
                    suites: 1,
                    leftOut: RollUpRecord.LeftOut(withoutEstimate: 1, onAnotherScale: 0, withoutError: 0),
                    mean: 0.5,
                    standardError: 0.1,
                    lowest: RollUpRecord.Member(suite: "turns", configuration: "judge", estimate: 0.25),
                    highest: RollUpRecord.Member(suite: "turns", configuration: "agent-high", estimate: 0.75),
                    heterogeneity: RollUpRecord.Heterogeneity(
                        q: 3,
                        pValue: 0.08,
                        iSquared: 0.6,
                        tauSquared: 0.01,
                        mean: 0.5,
                        standardError: 0.1,
                        interval: interval,
                        hartungKnapp: interval
                    )
                )
            ],
            surprises: [
                SurpriseRecord(
                    suite: "turns",
                    configuration: "agent-high",
                    comparedWith: "judge",
                    estimate: 0.1,
                    expected: -0.2,
                    spread: 0.1,
                    others: 2,
                    z: 3
                )
            ]
        )
        #expect(try SchemaCheck("findings").problems(JSONValue(encoding: document)) == [])
        let reduction = ReductionDocument(
            sources: [ReductionDocument.Source(file: "outcomes.csv", outcomes: 6)],
            epochReducer: .median,
            cells: [cell],
            comparisons: [comparison],
            judges: Self.judges(interval)
        )
        #expect(try SchemaCheck("reduction").problems(JSONValue(encoding: reduction)) == [])
    }

    @Test("of a comparison of rounds follows comparison.schema.json, and of sample sizes power.schema.json")
    func planning() throws {
        let hash = ContentHash(of: [1])
        let rounds = ["spring", "autumn"].map {
            RoundComparisonDocument.Round(round: $0, definitionHash: hash, simulated: false)
        }
        let change = RoundComparisonDocument.Change(
            suite: "turns",
            configuration: "agent-high",
            anchorSamples: 9,
            onlyInEarlier: 1,
            onlyInLater: 2,
            earlier: 0.5,
            later: 0.75,
            difference: 0.25,
            standardError: 0.1,
            interval: Interval(lower: 0, upper: 0.5, level: 0.95, method: "paired t"),
            test: "paired t",
            pValue: 0.04,
            adjustedPValue: 0.08,
            falseDiscoveryPValue: 0.06,
            minimumDetectableEffect: 0.3,
            verdict: "insufficient evidence",
            rule: "a change of 0.05 is not ruled out",
            changedSettings: ["configuration: sampling"],
            status: .notShown,
            harness: .held,
            flags: ["x"]
        )
        let comparison = RoundComparisonDocument(
            earlier: rounds[0],
            later: rounds[1],
            relevantDifference: 0.05,
            changes: [change],
            onlyInEarlier: ["turns: judge"],
            onlyInLater: []
        )
        #expect(try SchemaCheck("comparison").problems(JSONValue(encoding: comparison)) == [])
        let power = PowerDocument(
            difference: 0.05,
            variance: 0.25,
            betweenShare: 0.5,
            correlation: 0.5,
            significance: 0.05,
            comparisons: 3,
            power: 0.8,
            entries: [
                PowerDocument.Entry(
                    suite: "turns",
                    epochs: 2,
                    samples: 9,
                    minimumDetectableEffect: 0.4,
                    samplesNeeded: 600
                )
            ]
        )
        #expect(try SchemaCheck("power").problems(JSONValue(encoding: power)) == [])
    }

    @Test("that lacks a member or has one too many is found out")
    func control() throws {
        var members = try #require(JSONValue(encoding: SmallRound.folder().plan().document).object)
        members["totals"] = nil
        members["extra"] = 1
        #expect(try SchemaCheck("plan").problems(.object(members)).count == 2)
    }
}
