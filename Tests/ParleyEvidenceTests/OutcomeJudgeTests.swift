// What is said of judges comes into the documents: from the rows of outcome files in any order, and from the grades and
// labels of a round under the names of its definition.

import ParleyEvidence
import ParleyModel
import Testing

@Suite("Judges in documents") struct OutcomeJudgeTests {
    /// Two configurations, 20 samples of two repetitions, judges that differ, labels of the first eight samples.
    private static let outcomes: [OutcomeRecord] = ["a", "b"].flatMap { configuration in
        (0..<20).flatMap { sample in
            (0..<2).map { repetition in
                let isHit = (sample * 3 + repetition) % 4 < 2
                let other: Score? = sample == 5 ? nil : isHit != (sample % 6 == 0) ? .one : .zero
                return OutcomeRecord(
                    suite: "s",
                    configuration: ConfigurationName(configuration),
                    sample: "\(sample)",
                    kind: .scored,
                    score: isHit ? .one : .zero,
                    verdicts: [
                        JudgeVerdict(judge: "score", score: isHit ? .one : .zero),
                        JudgeVerdict(judge: "other", score: other),
                    ],
                    label: sample < 8 && configuration == "a" ? (sample % 2 == 0 ? .one : .zero) : nil
                )
            }
        }
    }

    private func document(_ outcomes: [OutcomeRecord]) throws -> ReductionDocument {
        var assembler = OutcomeAssembler()
        for outcome in outcomes { try assembler.add(outcome) }
        return try assembler.reduction(of: [])
    }

    @Test("of outcome files are the same in any order of the rows", arguments: 1...5)
    func anyOrder(round: Int) throws {
        let expected = try document(Self.outcomes)
        let found = try document(Self.outcomes.shuffled())
        #expect(try JSONValue(encoding: found).canonical == JSONValue(encoding: expected).canonical)
    }

    @Test("of outcome files hold agreement, errors where people labelled, and no home bias")
    func reduction() throws {
        let judges = try document(Self.outcomes).judges
        let agreement = try #require(judges.agreements.first)
        #expect(judges.agreements.count == 1 && agreement.judges == ["other", "score"])
        // 2 configurations × (20 − 1 silent) samples × 2; the judges differ on samples 0, 6, 12 and 18.
        #expect(agreement.units == 76 && agreement.rawAgreement == 60.0 / 76)
        #expect(judges.errors.map(\.configuration) == ["a", "a", "b", "b"])
        #expect(judges.errors.map(\.judge) == ["other", "score", "other", "score"])
        let own = judges.errors[1]
        #expect(own.auditedSamples == 8 && own.auditedObservations == 16 && own.unlabelledSamples == 12)
        #expect(own.corrected != nil && own.sameFamily == nil && own.raw == 0.5)
        #expect(judges.errors[0].noVerdict == 2)
        #expect(judges.errors[3].auditedSamples == 0 && judges.errors[3].corrected == nil)
        #expect(judges.homeBiases.isEmpty)
    }

    @Test("of outcome files that name no judge are empty, and the epoch reducer stands in the document")
    func nothing() throws {
        var outcomes = Self.outcomes
        for index in outcomes.indices {
            outcomes[index].verdicts = []
            outcomes[index].label = nil
        }
        #expect(try document(outcomes).judges == JudgeRecords())
        #expect(try document(outcomes).epochReducer == nil)
        var assembler = OutcomeAssembler()
        for outcome in outcomes { try assembler.add(outcome) }
        #expect(try assembler.reduction(of: [], epochReducer: .max).epochReducer == .max)
    }

    @Test("of a round take vendors from the models' parties, and scales from the suites")
    func round() throws {
        let definition = Self.definition
        let grader = Grader(version: "1", judges: ["jn", "js"], rubric: "", scale: [:])
        var assembler = JudgeAssembler(definition: definition)
        for (number, cell) in definition.cells.enumerated() {
            for sample in 0..<30 {
                let isHit = (sample + number) % 3 == 0
                let isLifted = isHit || sample % 5 == 0
                let high = Score(billionths: 3 * Score.unit)
                let isOwn = number == 0
                assembler.add(
                    judge: 0,
                    of: grader,
                    cell: cell,
                    sample: sample,
                    epoch: 1,
                    score: (isOwn ? isLifted : isHit) ? high : .zero
                )
                assembler.add(
                    judge: 1,
                    of: grader,
                    cell: cell,
                    sample: sample,
                    epoch: 1,
                    score: (isOwn ? isHit : isLifted) ? high : .zero
                )
                guard sample < 3 else { continue }
                assembler.add(
                    LabelRecord(
                        suite: "s",
                        configuration: cell.configuration,
                        sample: sample,
                        epoch: 1,
                        score: isHit ? high : .zero
                    )
                )
            }
        }
        let records = try assembler.records()
        let bias = try #require(records.homeBiases.first)
        #expect(records.homeBiases.count == 1 && bias.leftFamily == "north-lab" && bias.rightFamily == "south-lab")
        #expect(bias.interaction ?? 0 > 0 && bias.leftConfigurations == ["north"])
        #expect(records.errors.map(\.sameFamily) == [true, false, false, true])
        // Three labels give a wide interval, which ends where the suite's scale does.
        #expect(records.errors.allSatisfy { $0.auditedSamples == 3 })
        let intervals = records.errors.compactMap { $0.corrected?.interval }
        #expect(!intervals.isEmpty && intervals.allSatisfy { $0.lower >= 0 && $0.upper <= 3 })
        let findings = try FindingsAssembler(definition: definition)
            .findings(modelsReturned: [:], asOf: nil, judges: records)
        #expect(findings.judges == records)
        #expect(try JSONValue(encoding: findings).decode(FindingsDocument.self) == findings)
    }

    private static let definition: RoundDefinition = {
        let scale: [String: Score] = ["C": Score(billionths: 3 * Score.unit), "I": .zero]
        let names: [(ConfigurationName, ModelName, PartyName)] = [
            ("north", "mn", "north-lab"), ("south", "ms", "south-lab"), ("jn", "mjn", "north-lab"),
            ("js", "mjs", "south-lab"),
        ]
        return RoundDefinition(
            name: "r",
            title: "R",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [],
            models: names.map {
                ModelDefinition(
                    name: $0.1,
                    party: $0.2,
                    provider: .openai,
                    baseURL: "http://host/v1",
                    modelID: "m",
                    account: "x"
                )
            },
            configurations: names.map { Configuration(name: $0.0, model: $0.1) },
            suites: [
                Suite(
                    name: "s",
                    title: "T",
                    party: "north-lab",
                    areas: [],
                    dataset: FrozenDataset(source: "x", count: 30, digest: ContentHash(of: [1])),
                    solver: Solver(),
                    scorer: Scorer(
                        kind: .modelGraded,
                        grader: Grader(version: "1", judges: ["jn", "js"], rubric: "{{answer}}", scale: scale)
                    )
                )
            ],
            cells: [Cell(suite: "s", configuration: "north"), Cell(suite: "s", configuration: "south")],
            budgets: []
        )
    }()
}
