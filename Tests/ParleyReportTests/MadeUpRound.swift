// A made-up round for the tests: simulated, with the awkward cases that real ones have. Its figures are inputs to the
// report and mean nothing.

import ParleyModel
import ParleyReport

enum MadeUpRound {
    static let configurations: [ConfigurationName] = ["north-large", "north-small", "south-agent-high-effort"]

    static func cell(
        _ suite: SuiteName,
        _ configuration: ConfigurationName,
        kinds: [OutcomeKind: Int],
        neverRun: Int = 0,
        estimate: Double?,
        halfWidth: Double = 0.06,
        measure: String = "rate",
        flags: [String] = []
    ) -> CellRecord {
        let counted = estimate == nil ? 0 : kinds[.scored, default: 0]
        let right = Int((estimate ?? 0) * Double(counted))
        let refused = kinds[.refused, default: 0]
        let answers = AnswerSummary(
            right: right,
            wrong: counted - right,
            refused: refused,
            other: kinds.values.reduce(0, +) - counted - refused
        )
        return CellRecord(
            suite: suite,
            configuration: configuration,
            planned: kinds.values.reduce(neverRun, +),
            kinds: kinds,
            neverRun: neverRun,
            counted: counted,
            clusters: counted / 2,
            measure: estimate == nil ? nil : measure,
            estimate: estimate,
            standardError: estimate.map { _ in halfWidth / 1.96 },
            interval: estimate.map {
                Interval(lower: $0 - halfWidth, upper: $0 + halfWidth, level: 0.95, method: "cluster-t")
            },
            otherIntervals: [],
            bootstrapError: nil,
            answers: measure == "rate" ? answers : nil,
            usage: Usage(input: 1_234_567, output: 345_678, cacheRead: 1_000, reasoning: 120_000),
            cost: Money(billionths: 12_345_678_900),
            latency: LatencyQuantiles(p50: 850, p95: 2_340, p99: 61_000),
            flags: flags
        )
    }

    static func summaries(title: String) throws -> [ConfigurationSummary] {
        try zip(configurations, ["north", "north", "south"] as [ModelName]).map { name, model in
            try ConfigurationSummary(
                Configuration(
                    name: name,
                    model: model,
                    systemPrompt: title,
                    reasoning: Reasoning(effort: "high", budgetTokens: 4_096),
                    sampling: Sampling(temperature: 0.7, seed: 11)
                )
            )
        }
    }

    static func suite(_ name: SuiteName, _ title: String, _ areas: [Area]) -> SuiteSummary {
        SuiteSummary(
            Suite(
                name: name,
                title: title,
                party: "north-lab",
                areas: areas,
                dataset: FrozenDataset(source: "made-up", count: 100, digest: ContentHash(of: [1])),
                solver: Solver(),
                scorer: Scorer(kind: .exact),
                epochs: 2
            )
        )
    }

    static func comparison(_ suite: SuiteName, difference: Double?, verdict: String) -> ComparisonRecord {
        ComparisonRecord(
            suite: suite,
            left: "north-large",
            right: "south-agent-high-effort",
            sharedSamples: 94,
            difference: difference,
            standardError: difference.map { _ in 0.04 },
            interval: difference.map {
                Interval(lower: $0 - 0.08, upper: $0 + 0.08, level: 0.95, method: "paired-t")
            },
            pValue: difference.map { _ in 0.000_4 },
            permutation: suite == "facts" ? PermutationSummary(pValue: 0.0123, draws: 10_000, exact: false) : nil,
            adjustedPValue: difference.map { _ in 0.021 },
            falseDiscoveryPValue: difference.map { _ in 0.002 },
            test: difference.map { _ in "paired-t" },
            minimumDetectableEffect: difference.map { _ in 0.112 },
            verdict: verdict,
            rule: "Holm-adjusted p at most 0.05"
        )
    }

    /// The document; `title` stands wherever text is free.
    static func findings(title: String = "Made-up rehearsal of the spring round", isComplete: Bool = false) throws
        -> FindingsDocument
    {
        let missing = isComplete ? 0 : 24
        return FindingsDocument(
            round: "spring-rehearsal",
            title: title,
            tier: .bilateral,
            simulated: true,
            definitionHash: ContentHash(of: [7]),
            currency: "USD",
            complete: isComplete,
            asOf: "2031-03-04T05:06:07Z",
            parties: [
                Party(name: "north-lab", title: "North Lab", role: .lab),
                Party(name: "south-lab", title: title, role: .lab),
            ],
            models: [
                ModelSummary(
                    name: "north",
                    party: "north-lab",
                    access: .published,
                    modelID: title,
                    modelsReturned: [title, "north-2031-01-01"]
                ),
                ModelSummary(
                    name: "south",
                    party: "south-lab",
                    access: .internal,
                    modelID: "south-agent",
                    modelsReturned: []
                ),
            ],
            suites: [
                suite("facts", "Facts that hold", [.scalableOversight]), suite("jailbreak", title, [.aiControl]),
                suite("turns", "Turns until help is asked for", [.modelWelfare]),
            ],
            configurations: try summaries(title: title),
            cells: cells(missing: missing, text: title),
            comparisons: [
                comparison("facts", difference: 0.163, verdict: "higher"),
                comparison("jailbreak", difference: -0.021, verdict: "no difference shown"),
                comparison("turns", difference: nil, verdict: "insufficient evidence"),
            ],
            judges: judges(text: title),
            rollUps: [rollUp(.area, "AI control"), rollUp(.area, "mech-interp", cells: 0), rollUp(.suiteParty, title)],
            surprises: (1...12).map { surprise(z: 15 - Double($0)) } + [surprise(z: 1.9)]
        )
    }

    static func rollUp(_ grouping: RollUpRecord.Grouping, _ name: String, cells: Int = 6) -> RollUpRecord {
        let interval = Interval(lower: 0.2, upper: 0.7, level: 0.95, method: "Hartung–Knapp")
        let heterogeneity = RollUpRecord.Heterogeneity(
            q: 30,
            pValue: 0.000_01,
            iSquared: 0.833,
            tauSquared: 0.04,
            mean: 0.44,
            standardError: 0.1,
            interval: Interval(lower: 0.25, upper: 0.65, level: 0.95, method: "random effects"),
            hartungKnapp: interval
        )
        return RollUpRecord(
            grouping: grouping,
            name: name,
            cells: cells,
            suites: cells / 3,
            leftOut: RollUpRecord.LeftOut(withoutEstimate: cells / 6, onAnotherScale: cells / 3, withoutError: 0),
            mean: cells == 0 ? nil : 0.431,
            standardError: cells == 0 ? nil : 0.012,
            lowest: RollUpRecord.Member(suite: "jailbreak", configuration: "north-large", estimate: 0.06),
            highest: RollUpRecord.Member(suite: "facts", configuration: "north-large", estimate: 0.84),
            heterogeneity: cells == 0 ? nil : heterogeneity
        )
    }

    static func surprise(z: Double) -> SurpriseRecord {
        SurpriseRecord(
            suite: "facts",
            configuration: "north-large",
            comparedWith: "south-agent-high-effort",
            estimate: 0.163,
            expected: -0.02,
            spread: 0.183 / z,
            others: 2,
            z: z
        )
    }

    static func cells(missing: Int, text: String) -> [CellRecord] {
        let kinds: [OutcomeKind: Int] = [.scored: 160, .refused: 22, .truncated: 9, .filtered: 5, .unscorable: 4]
        return [
            cell("facts", "north-large", kinds: [.scored: 188, .refused: 12], estimate: 0.84),
            cell("facts", "north-small", kinds: kinds, estimate: 0.6323, flags: [text]),
            cell("facts", "south-agent-high-effort", kinds: kinds, neverRun: missing, estimate: 0.677),
            cell("jailbreak", "north-large", kinds: [.scored: 200], estimate: 0.06, halfWidth: 0.03),
            cell("jailbreak", "north-small", kinds: [.failed: 180, .limited: 20], estimate: nil),
            cell("jailbreak", "south-agent-high-effort", kinds: kinds, estimate: 0.081, halfWidth: 0.04),
            cell("turns", "north-large", kinds: kinds, estimate: 2.25, halfWidth: 0.5, measure: "mean"),
            cell("turns", "south-agent-high-effort", kinds: kinds, estimate: 4, halfWidth: 0.75, measure: "mean"),
        ]
    }

    /// Two transcripts of each cell but the last; `text` stands wherever text is free.
    static func transcripts(text: String = "Is the moon a star?") -> [ReportTranscript] {
        cells(missing: 0, text: text).dropLast().enumerated().flatMap { index, cell in
            (0..<2).map { repetition in
                ReportTranscript(
                    suite: cell.suite,
                    configuration: cell.configuration,
                    job: Int64(index * 2 + repetition),
                    sampleID: "sample \(text)",
                    epoch: repetition,
                    kind: repetition == 0 ? .scored : .refused,
                    score: repetition == 0 ? .one : nil,
                    messages: [
                        Message(.system, "Answer in one line."), Message(.user, text),
                        Message(.assistant, text, reasoning: text),
                    ],
                    answer: text,
                    explanation: text
                )
            }
        }
    }
}
