// What `parley reduce --json` prints (schemas/json/reduction.schema.json): findings of outcome files, without a round.

/// The findings of outcome files. Nothing was planned, so a cell's `planned` is the number of its outcomes, and what a
/// system left out of its file cannot be seen here.
public struct ReductionDocument: Hashable, Sendable, Codable {
    /// A file that was reduced.
    public struct Source: Hashable, Sendable, Codable {
        public var file: String
        public var outcomes: Int

        public init(file: String, outcomes: Int) {
            self.file = file
            self.outcomes = outcomes
        }
    }

    public static let currentFormat = "parley.reduction/1"

    public var format: String
    /// In the order in which they were named.
    public var sources: [Source]
    /// What the repetitions of a sample say together; nil for the mean over all outcomes.
    public var epochReducer: EpochReducer?
    /// Ascending by suite, then configuration.
    public var cells: [CellRecord]
    /// Every two configurations of a suite.
    public var comparisons: [ComparisonRecord]
    /// Of the judges whose columns were named; its lists are empty where none was.
    public var judges: JudgeRecords

    public init(
        sources: [Source],
        epochReducer: EpochReducer? = nil,
        cells: [CellRecord],
        comparisons: [ComparisonRecord],
        judges: JudgeRecords = JudgeRecords()
    ) {
        format = Self.currentFormat
        self.sources = sources
        self.epochReducer = epochReducer
        self.cells = cells
        self.comparisons = comparisons
        self.judges = judges
    }
}
