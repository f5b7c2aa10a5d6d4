// AuditedSamples.swift: a cell's samples, parted into those that people labelled and the others, one value a sample.
// Means over epochs are ratios; they become fixed-point numbers as in SharedSamples, rounded once a sample.

/// What the correction of a judge needs of one cell.
///
/// A sample is audited when one of its observations has both a label and a verdict. Its label and its judge's score are
/// then means over those observations alone, so that both speak of the same transcripts; its other observations enter
/// nothing here. Every other sample with a verdict is unlabelled, and its score is the mean over its observations.
struct AuditedSamples: Sendable {
    /// By audited sample: the mean label.
    private(set) var labels: [Cluster] = []
    /// By audited sample: the judge's mean score.
    private(set) var judged: [Cluster] = []
    /// By audited sample: judge minus label.
    private(set) var errors: [Cluster] = []
    /// By unlabelled sample: the judge's mean score.
    private(set) var unlabelled: [Cluster] = []
    /// The judge's scores of all observations, in billionths, by sample.
    private(set) var verdicts = SampleClusters()
    /// Observations with label and verdict.
    private(set) var observations: Int64 = 0
    /// Of these, the ones where the two differ.
    private(set) var disagreements: Int64 = 0
    /// Observations with a label and without a verdict.
    private(set) var noVerdict: Int64 = 0
    /// Whether every verdict, and every label beside one, is 0 or 1.
    private(set) var isBinary = true

    init(_ table: RatingTable, cell: Int32, judge: Int32, gold: Int32) {
        var open = OpenSample()
        var last: Int32?
        for unit in table.units(of: cell) {
            let sample = table.sample(ofUnit: unit)
            if sample != last { close(&open) }
            last = sample
            let label = table.score(ofUnit: unit, by: gold)
            guard let verdict = table.score(ofUnit: unit, by: judge) else {
                noVerdict += label == nil ? 0 : 1
                continue
            }
            verdicts.add(verdict, of: sample)
            isBinary = isBinary && [verdict, label ?? 0].allSatisfy { $0 == 0 || $0 == Billionths.one }
            open.add(verdict, label: label)
            disagreements += label == nil || label == verdict ? 0 : 1
        }
        close(&open)
    }

    /// Takes a sample whose observations have all been seen.
    private mutating func close(_ open: inout OpenSample) {
        if open.labels.count > 0 {
            observations += open.labels.count
            labels.append(open.labels.meanOfOne)
            judged.append(open.judged.meanOfOne)
            errors.append(Cluster(count: open.labels.count, sum: open.judged.sum - open.labels.sum).meanOfOne)
        } else if open.others.count > 0 {
            unlabelled.append(open.others.meanOfOne)
        }
        open = OpenSample()
    }
}

/// The observations of one sample, in billionths.
private struct OpenSample {
    var labels = Cluster(count: 0, sum: 0)
    var judged = Cluster(count: 0, sum: 0)
    var others = Cluster(count: 0, sum: 0)

    mutating func add(_ verdict: Int64, label: Int64?) {
        if let label {
            labels.add(label)
            judged.add(verdict)
        } else {
            others.add(verdict)
        }
    }
}

extension Cluster {
    fileprivate mutating func add(_ billionths: Int64) {
        count += 1
        sum += Int128(billionths)
    }
}
