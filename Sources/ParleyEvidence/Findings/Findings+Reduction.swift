// The reduction's plain results under the names of the findings document, and the definition's rules as the reduction
// takes them.

import ParleyModel
import ParleyReduction

extension KindCode {
    /// The code of an outcome kind; both sides number the kinds alike, which a test holds.
    init(_ kind: OutcomeKind) { self = KindCode.allCases[Int(kind.rawValue)] }
}

extension OutcomeRow {
    init(_ input: FindingsInput) {
        self.init(
            cell: Int32(clamping: input.cell),
            sample: Int32(clamping: input.sample),
            epoch: Int32(clamping: input.epoch),
            kind: KindCode(input.kind),
            score: input.score?.billionths,
            tokensIn: input.usage.input,
            tokensOut: input.usage.output,
            tokensCached: input.usage.cacheRead + input.usage.cacheWrite,
            tokensReasoning: input.usage.reasoning,
            cost: input.cost.billionths,
            latency: input.latencyMicros
        )
    }
}

extension CellSpec {
    init(_ cell: Cell, in definition: RoundDefinition) {
        guard let suite = definition.suite(cell.suite) else {
            preconditionFailure("a frozen definition names its suites; '\(cell.suite)' is none of them")
        }
        func treatment(_ kind: OutcomeKind) -> ParleyReduction.KindTreatment {
            switch suite.treatment(of: kind) {
            case .asScored: .asScored
            case .scoreAs(let score): .scoreAs(score.billionths)
            case .exclude: .exclude
            case .reportApart: .reportApart
            }
        }
        self.init(
            planned: Int64(suite.dataset.count) * Int64(suite.epochs),
            treatments: KindTreatments(
                scored: treatment(.scored),
                answered: treatment(.answered),
                refused: treatment(.refused),
                filtered: treatment(.filtered),
                truncated: treatment(.truncated),
                limited: treatment(.limited),
                unscorable: treatment(.unscorable),
                failed: treatment(.failed)
            ),
            scoreRange: suite.scoreRange,
            epochReducer: ParleyReduction.EpochReducer(suite.epochReducer ?? .mean),
            identity: cell.identity
        )
    }
}

extension ParleyReduction.EpochReducer {
    init(_ reducer: ParleyModel.EpochReducer) {
        switch reducer {
        case .mean: self = .mean
        case .median: self = .median
        case .mode: self = .mode
        case .max: self = .max
        case .atLeast(let count): self = .atLeast(count)
        case .passAt(let count): self = .passAt(count)
        case .passHat(let count): self = .passHat(count)
        case .worst(let percent): self = .worst(percent)
        }
    }
}

extension Suite {
    /// The scores that can occur, in billionths: 0 and 1 of exact scorers, the scale's ends of a graded suite.
    var scoreRange: ClosedRange<Int64>? {
        guard let grader = scorer.grader else { return 0...Score.unit }
        let scores = grader.scale.values.map(\.billionths)
        guard let lowest = scores.min(), let highest = scores.max() else { return nil }
        return lowest...highest
    }
}

extension CellRecord {
    init(_ cell: Cell, _ finding: CellFinding, flags: [String]) {
        let score = finding.score
        self.init(
            suite: cell.suite,
            configuration: cell.configuration,
            planned: Int(finding.planned),
            kinds: Dictionary(
                uniqueKeysWithValues: OutcomeKind.allCases.map { ($0, Int(finding.finished[KindCode($0)])) }
            ),
            neverRun: Int(finding.neverRun),
            counted: Int(finding.included.total),
            clusters: Int(score.clusters),
            measure: score.mean == nil ? nil : score.isRate ? "rate" : "mean",
            estimate: score.mean,
            standardError: score.standardError,
            interval: score.interval.map(Interval.init),
            otherIntervals: score.otherIntervals.map(Interval.init),
            bootstrapError: score.bootstrap?.standardError,
            missing: finding.missing.map {
                MissingOutcomes(outcomes: Int($0.missing), lower: $0.lower, upper: $0.upper)
            },
            answers: finding.answers.map {
                AnswerSummary(
                    right: Int($0.right),
                    wrong: Int($0.wrong),
                    refused: Int($0.refused),
                    other: Int($0.other)
                )
            },
            usage: Usage(
                input: finding.tokens.input,
                output: finding.tokens.output,
                cacheRead: finding.tokens.cached,
                reasoning: finding.tokens.reasoning
            ),
            cost: Money(billionths: Int64(clamping: finding.cost)),
            latency: finding.latency.map {
                LatencyQuantiles(p50: Double($0.p50) / 1000, p95: Double($0.p95) / 1000, p99: Double($0.p99) / 1000)
            },
            flags: flags
        )
    }
}

extension ScoreEstimate {
    /// All intervals of the estimate but the one that is its own.
    fileprivate var otherIntervals: [ConfidenceInterval] {
        exactIntervals() + [bootstrap?.percentile, bootstrap?.bca].compactMap { $0 }
    }
}

extension BootstrapPlan {
    /// As many resamples, seeded from a content hash.
    init?(resamples: Int?, hash: ContentHash) {
        guard let resamples else { return nil }
        self.init(resamples: resamples, seed: hash.number)
    }
}

extension PermutationPlan {
    /// As many draws, seeded from a content hash.
    init?(draws: Int?, hash: ContentHash) {
        guard let draws else { return nil }
        self.init(draws: draws, seed: hash.number)
    }
}

extension Cell {
    /// What the cell's random draws are seeded with: its names, whatever other cells there are.
    var identity: UInt64 { ContentHash(of: .array([.string(suite.text), .string(configuration.text)])).number }
}

extension Interval {
    init(_ interval: ConfidenceInterval) {
        self.init(
            lower: interval.lower,
            upper: interval.upper,
            level: interval.level,
            method: interval.method.rawValue
        )
    }
}

extension ComparisonRecord {
    init(_ comparison: PairedComparison, cells: [Cell]) {
        let left = cells[comparison.pair.first]
        let right = cells[comparison.pair.second]
        self.init(
            suite: left.suite,
            left: left.configuration,
            right: right.configuration,
            sharedSamples: Int(comparison.sharedSamples),
            difference: comparison.difference,
            standardError: comparison.standardError,
            interval: comparison.interval.map(Interval.init),
            pValue: comparison.pValue,
            permutation: comparison.permutation.map {
                PermutationSummary(pValue: $0.pValue, draws: $0.draws, exact: $0.isExact)
            },
            adjustedPValue: comparison.adjustedPValue,
            falseDiscoveryPValue: comparison.falseDiscoveryPValue,
            test: comparison.test?.rawValue,
            minimumDetectableEffect: comparison.minimumDetectableDifference,
            verdict: comparison.verdict.rawValue,
            rule: comparison.verdict.rule
        )
    }
}

extension Verdict {
    /// The rule that gave the verdict: `ComparisonRule.verdict` in words.
    var rule: String {
        switch self {
        case .higher, .lower: "Holm-adjusted p is at most 0.05"
        case .noDifferenceShown: "Holm-adjusted p is above 0.05; differences below the detectable one may exist"
        case .insufficientEvidence: "no test can be made, or the detectable difference is unknown"
        }
    }
}
