// Which columns of an outcome file are read; they can be called anything.

/// Which column of an outcome file holds what.
public struct OutcomeFields: Hashable, Sendable {
    /// The column whose values name the suite; nil where the whole file is one.
    public var suite: String?
    /// The columns whose values, joined by `/`, name the configuration.
    public var configuration: [String]
    /// The column that tells samples apart; rows of one suite with one value are repetitions of one sample.
    public var sample: String
    /// The column with the score; empty, `null` and NaN mean that there is none.
    public var score: String
    /// The columns with further judges' scores of the same transcript, beside that of `score`.
    public var judges: [String]
    /// The column with people's labels; empty where nobody labelled.
    public var labels: String?

    public init(
        suite: String?,
        configuration: [String],
        sample: String,
        score: String,
        judges: [String] = [],
        labels: String? = nil
    ) {
        self.suite = suite
        self.configuration = configuration
        self.sample = sample
        self.score = score
        self.judges = judges
        self.labels = labels
    }

    /// The columns that must be there, each once.
    var required: [String] {
        var seen: Set<String> = []
        let all = [suite].compactMap { $0 } + configuration + [sample, score] + judges + [labels].compactMap { $0 }
        return all.filter { seen.insert($0).inserted }
    }

    /// The columns whose scores are judges' verdicts; each judge is called by its column's name. None where nothing is
    /// asked about judges.
    var verdicts: [String] { judges.isEmpty && labels == nil ? [] : [score] + judges }

    /// What is wrong with the choice of columns; nil where nothing is.
    public var problem: String? {
        var seen: Set<String> = []
        let all = [score] + judges + [labels].compactMap { $0 }
        guard let twice = all.first(where: { !seen.insert($0).inserted }) else { return nil }
        return "the column '\(twice)' is named for two of score, judges and labels"
    }
}
