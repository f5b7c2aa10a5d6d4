// JudgeConfusion.swift: a judge's verdicts of 0 and 1 against labels of 0 and 1.

/// Counts of a judge's verdicts on labelled observations of one cell, and the rates that follow.
///
/// An observation on which the judge gave no verdict is in ``noVerdict`` alone: it is neither right nor wrong. The
/// intervals are those of ``ScoreEstimate``: Wilson's where each sample has one observation, else clustered by sample,
/// since repetitions of a sample are not independent.
public struct JudgeConfusion: Sendable, Equatable {
    /// Label 1, verdict 1.
    public var truePositives: Int64
    /// Label 0, verdict 1.
    public var falsePositives: Int64
    /// Label 0, verdict 0.
    public var trueNegatives: Int64
    /// Label 1, verdict 0.
    public var falseNegatives: Int64
    /// Labelled, and the judge gave no verdict.
    public var noVerdict: Int64
    /// The share of right verdicts.
    public var accuracy: ScoreEstimate
    /// The share of right verdicts where the label is 1.
    public var sensitivity: ScoreEstimate
    /// The share of right verdicts where the label is 0.
    public var specificity: ScoreEstimate

    /// Makes a confusion from its parts.
    public init(
        truePositives: Int64,
        falsePositives: Int64,
        trueNegatives: Int64,
        falseNegatives: Int64,
        noVerdict: Int64,
        accuracy: ScoreEstimate,
        sensitivity: ScoreEstimate,
        specificity: ScoreEstimate
    ) {
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.trueNegatives = trueNegatives
        self.falseNegatives = falseNegatives
        self.noVerdict = noVerdict
        self.accuracy = accuracy
        self.sensitivity = sensitivity
        self.specificity = specificity
    }
}

/// The confusion of a judge with the labels of one cell.
///
/// - Parameters:
///   - table: the ratings, labels among them.
///   - cell: the cell.
///   - judge: the rater that is measured.
///   - gold: the rater whose ratings are the labels.
///   - level: of the intervals.
/// - Returns: the confusion; zeros where the cell has no labels; `nil` where a label, or the verdict on a labelled
///   observation, is neither 0 nor 1.
public func judgeConfusion(
    _ table: RatingTable,
    cell: Int32,
    judge: Int32,
    gold: Int32,
    level: Double = 0.95
) -> JudgeConfusion? {
    var tally = ConfusionTally()
    for unit in table.units(of: cell) {
        guard let label = table.score(ofUnit: unit, by: gold) else { continue }
        let verdict = table.score(ofUnit: unit, by: judge)
        guard tally.add(verdict, label: label, of: table.sample(ofUnit: unit)) else { return nil }
    }
    return JudgeConfusion(tally, quantiles: IntervalQuantiles(level: level))
}

/// Right verdicts as 1 and wrong ones as 0, by label.
private struct ConfusionTally {
    var all = SampleClusters()
    var positive = SampleClusters()
    var negative = SampleClusters()
    var noVerdict: Int64 = 0

    /// Returns false for what is neither 0 nor 1.
    mutating func add(_ verdict: Int64?, label: Int64, of sample: Int32) -> Bool {
        let one = Billionths.one
        guard label == 0 || label == one else { return false }
        guard let verdict else {
            noVerdict += 1
            return true
        }
        guard verdict == 0 || verdict == one else { return false }
        let right = verdict == label ? one : 0
        all.add(right, of: sample)
        if label == one { positive.add(right, of: sample) } else { negative.add(right, of: sample) }
        return true
    }
}

extension JudgeConfusion {
    fileprivate init(_ tally: ConfusionTally, quantiles: IntervalQuantiles) {
        func rate(_ right: SampleClusters) -> ScoreEstimate {
            ScoreEstimate(ClusteredMean(right.clusters), isRate: true, range: nil, quantiles: quantiles)
        }
        let (sensitivity, specificity) = (rate(tally.positive), rate(tally.negative))
        self.init(
            truePositives: sensitivity.successes,
            falsePositives: specificity.observations - specificity.successes,
            trueNegatives: specificity.successes,
            falseNegatives: sensitivity.observations - sensitivity.successes,
            noVerdict: tally.noVerdict,
            accuracy: rate(tally.all),
            sensitivity: sensitivity,
            specificity: specificity
        )
    }
}

extension ScoreEstimate {
    /// Of a rate: the observations that are 1.
    fileprivate var successes: Int64 { Int64(sum / Int128(Billionths.one)) }
}
