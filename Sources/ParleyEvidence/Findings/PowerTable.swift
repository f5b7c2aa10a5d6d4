// How many samples suites need. The reduction computes, this file names.

public import ParleyModel
import ParleyReduction

extension PowerDocument {
    /// Fills the entries from the document's own assumptions. Each comparison is tested at significance / comparisons,
    /// as the first of Holm's steps does.
    public mutating func fill(suites: [(name: SuiteName, samples: Int, epochs: Int)], epochs: [Int]) throws {
        let assumptions = PowerAssumptions(
            variance: variance,
            betweenShare: betweenShare,
            correlation: correlation,
            significance: significance / Double(comparisons),
            power: power
        )
        func needed(_ epochs: Int) throws -> Int {
            guard let samples = assumptions.samples(difference: difference, epochs: epochs) else {
                throw ParleyFailure(
                    .invalidInput,
                    "No number of samples shows a difference of \(difference).",
                    remedy: "Ask for a larger difference."
                )
            }
            return samples
        }
        entries = try suites.map { suite in
            Entry(
                suite: suite.name,
                epochs: suite.epochs,
                samples: suite.samples,
                minimumDetectableEffect: assumptions.minimumDetectableDifference(
                    samples: suite.samples,
                    epochs: suite.epochs
                ),
                samplesNeeded: try needed(suite.epochs)
            )
        }
        entries += try epochs.map { epochs in
            let samples = try needed(epochs)
            return Entry(
                epochs: epochs,
                samples: samples,
                minimumDetectableEffect: assumptions.minimumDetectableDifference(samples: samples, epochs: epochs)
            )
        }
    }
}
