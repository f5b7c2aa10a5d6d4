// The ratings of one suite under names, and the same under numbers, as the reduction takes them.

import ParleyModel
import ParleyReduction

/// Who rates. People come before all judges, so that theirs is number 0.
enum RaterName: Hashable, Sendable, Comparable {
    case people
    case judge(ConfigurationName)
}

/// One rating or label of a suite.
struct NamedRating: Sendable {
    var rater: RaterName
    var configuration: ConfigurationName
    var sample: String
    var epoch: Int
    var score: Score?
}

/// The ratings of one suite in the order of arrival.
struct SuiteRatings: Sendable {
    private(set) var ratings: [NamedRating] = []
    private(set) var raters: Set<RaterName> = [.people]
    private(set) var configurations: Set<ConfigurationName> = []
    private(set) var samples: Set<String> = []

    mutating func add(_ rating: NamedRating) {
        ratings.append(rating)
        raters.insert(rating.rater)
        configurations.insert(rating.configuration)
        samples.insert(rating.sample)
    }
}

/// Names by number, in the order of the names.
struct NumberedNames: Sendable {
    let raters: [RaterName]
    let configurations: [ConfigurationName]
    let samples: [String]

    init(_ suite: SuiteRatings) {
        raters = suite.raters.sorted()
        configurations = suite.configurations.sorted()
        samples = suite.samples.sorted()
    }

    /// The table of the suite's ratings, by these numbers.
    func table(_ suite: SuiteName, _ ratings: [NamedRating]) throws -> RatingTable {
        guard raters.count <= Int(RatingTable.raterLimit) else {
            throw ParleyFailure(
                .invalidInput,
                "Suite '\(suite)' has \(raters.count - 1) judges; at most \(RatingTable.raterLimit - 1) are compared.",
                remedy: "Name fewer judges."
            )
        }
        let raterNumbers = Self.numbers(raters)
        let cellNumbers = Self.numbers(configurations)
        let sampleNumbers = Self.numbers(samples)
        do {
            return try RatingTable(
                ratings.map { rating in
                    Rating(
                        rater: raterNumbers[rating.rater] ?? -1,
                        cell: cellNumbers[rating.configuration] ?? -1,
                        sample: sampleNumbers[rating.sample] ?? -1,
                        epoch: Int32(clamping: rating.epoch),
                        score: rating.score?.billionths
                    )
                }
            )
        } catch {
            throw failure(error, in: suite)
        }
    }

    private static func numbers<Value: Hashable>(_ values: [Value]) -> [Value: Int32] {
        Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Int32($0)) })
    }

    /// The error under the names that a person knows.
    private func failure(_ error: RatingError, in suite: SuiteName) -> ParleyFailure {
        guard case .ratedTwice(let rater, let cell, let sample, let epoch) = error else {
            return ParleyFailure(.invalidInput, "Suite '\(suite)': \(error.description)")
        }
        let transcript = "sample '\(samples[Int(sample)])', epoch \(epoch), of '\(configurations[Int(cell)])'"
        switch raters[Int(rater)] {
        case .people:
            return ParleyFailure(
                .invalidInput,
                "Suite '\(suite)': \(transcript) has two labels.",
                remedy: "Settle on one label a transcript."
            )
        case .judge(let judge):
            return ParleyFailure(
                .invalidInput,
                "Suite '\(suite)': judge '\(judge)' rated \(transcript) twice.",
                remedy: "Take the ratings of one grader version."
            )
        }
    }
}
