// From named ratings and labels to the records about judges. Names become numbers only when all are known, in the order
// of the names: so no record depends on the order of arrival. No number is computed here.

public import ParleyModel
import ParleyReduction

/// What one judge said of one transcript.
public struct JudgeRating: Hashable, Sendable {
    public var suite: SuiteName
    /// The configuration that was judged.
    public var configuration: ConfigurationName
    /// Tells the samples of a suite apart.
    public var sample: String
    public var epoch: Int
    public var judge: ConfigurationName
    /// nil where the judge gave no verdict.
    public var score: Score?

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        sample: String,
        epoch: Int,
        judge: ConfigurationName,
        score: Score?
    ) {
        self.suite = suite
        self.configuration = configuration
        self.sample = sample
        self.epoch = epoch
        self.judge = judge
        self.score = score
    }
}

/// What people said of one transcript.
public struct GoldLabel: Hashable, Sendable {
    public var suite: SuiteName
    public var configuration: ConfigurationName
    public var sample: String
    public var epoch: Int
    public var score: Score

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        sample: String,
        epoch: Int,
        score: Score
    ) {
        self.suite = suite
        self.configuration = configuration
        self.sample = sample
        self.epoch = epoch
        self.score = score
    }
}

/// Collects ratings and labels, and makes the records about judges.
public struct JudgeAssembler: Sendable {
    private let families: [ConfigurationName: FamilyName]
    private let scoreRanges: [SuiteName: ClosedRange<Score>]
    private var suites: [SuiteName: SuiteRatings] = [:]
    /// nil where the ratings belong to no round.
    var axes: AxisAssembler?

    /// - Parameters:
    ///   - families: of judges and of configurations that are judged, as far as they are known
    ///   - scoreRanges: the scores that can occur in a suite, to which intervals are cut; 0 to 1 where all scores are
    ///     0 or 1
    public init(
        families: [ConfigurationName: FamilyName] = [:],
        scoreRanges: [SuiteName: ClosedRange<Score>] = [:]
    ) {
        self.families = families
        self.scoreRanges = scoreRanges
    }

    /// Takes what a judge said, in any order.
    public mutating func add(_ rating: JudgeRating) {
        suites[rating.suite, default: SuiteRatings()].add(
            NamedRating(
                rater: .judge(rating.judge),
                configuration: rating.configuration,
                sample: rating.sample,
                epoch: rating.epoch,
                score: rating.score
            )
        )
    }

    /// Takes what people said, in any order.
    public mutating func add(_ label: GoldLabel) {
        suites[label.suite, default: SuiteRatings()].add(
            NamedRating(
                rater: .people,
                configuration: label.configuration,
                sample: label.sample,
                epoch: label.epoch,
                score: label.score
            )
        )
    }

    /// The records of what was added. Throws where a transcript was rated twice by one judge, or labelled twice, and
    /// where a score, an epoch or the number of judges is beyond its limit.
    public func records() throws -> JudgeRecords {
        var records = JudgeRecords(agreements: [], errors: [], homeBiases: [])
        for (suite, ratings) in suites.sorted(by: { $0.key < $1.key }) {
            let judged = try JudgedSuite(suite, ratings, families: families)
            records.agreements += judged.agreements()
            records.errors += judged.errors(range: scoreRanges[suite])
            records.homeBiases += judged.homeBiases()
        }
        let adjusted = holmAdjusted(records.homeBiases.compactMap(\.pValue))
        let tested = records.homeBiases.indices.filter { records.homeBiases[$0].pValue != nil }
        for (index, value) in zip(tested, adjusted) { records.homeBiases[index].adjustedPValue = value }
        records.axes = try axes?.records()
        return records
    }
}
