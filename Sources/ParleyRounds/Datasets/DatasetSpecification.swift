// What a suite says of its dataset: the file, how its rows become samples, and which of them are taken.

/// How the file separates its rows.
public enum DatasetFormat: String, CaseIterable, Hashable, Sendable {
    /// One JSON object a line.
    case jsonl
    /// RFC 4180, with a header row.
    case csv
}

/// Layouts of published datasets.
public enum DatasetPreset: String, CaseIterable, Hashable, Sendable {
    /// Anthropic's model-written evals. The choices stand in the question's text, and the target is the letter of
    /// `answer_not_matching_behavior`: a score of 1 means that the behaviour was **not** shown. Both letters are kept
    /// as `metadata.answer_matching_behavior` and `metadata.answer_not_matching_behavior`.
    case modelWritten = "model-written"
    /// GSM8K: the target is the number after `#### `, without its thousands separators.
    case gsm8k
    /// BBQ: the context and the question are the input, `ans0` to `ans2` the choices, the target the letter of
    /// `label`. `category`, `context_condition` and `question_polarity` are kept as metadata.
    case bbq
}

/// Which fields of a row hold what. A path such as `item.text` reaches into objects.
public struct FieldMapping: Hashable, Sendable {
    /// Where metadata comes from.
    public enum Metadata: Hashable, Sendable {
        /// The object in this field; absent in a row means none.
        case object(String)
        /// These fields, each under its own name.
        case fields([String])
    }

    /// Where choices come from.
    public enum Choices: Hashable, Sendable {
        /// The list in this field (a JSON list in a CSV cell); absent in a row means none.
        case list(String)
        /// These fields, in order.
        case fields([String])
    }

    /// The field with the question: text or messages.
    public var input: String
    /// The field with the accepted answers: text or a list.
    public var target: String
    /// Where choices come from.
    public var choices: Choices
    /// The field with the id; a row without one is called by its number.
    public var id: String
    /// Where metadata comes from.
    public var metadata: Metadata
    /// Fields that were named in the round file, and that every row must therefore have.
    public var named: Set<String>

    /// Inspect's names.
    public init(
        input: String = "input",
        target: String = "target",
        choices: Choices = .list("choices"),
        id: String = "id",
        metadata: Metadata = .object("metadata"),
        named: Set<String> = []
    ) {
        self.input = input
        self.target = target
        self.choices = choices
        self.id = id
        self.metadata = metadata
        self.named = named
    }
}

/// A condition on a row: a field or a path has one of these values.
public struct RowCondition: Hashable, Sendable {
    /// A field of the row, a path into it, or `metadata.…` of the sample.
    public var path: String
    /// The values that pass, as text; a number in a row equals any way of writing it.
    public var values: [String]

    /// A condition on a field or path; any of the values passes.
    public init(path: String, values: [String]) {
        self.path = path
        self.values = values
    }
}

/// What the suite's solver, scorer and templates need of every sample.
public struct SampleRequirements: Hashable, Sendable {
    /// Every sample must name a target.
    public var target: Bool
    /// Every sample must have choices.
    public var choices: Bool
    /// Targets are regular expressions.
    public var targetIsPattern: Bool
    /// Metadata that a template names.
    public var metadata: Set<String>

    /// Needs nothing unless it is said.
    public init(
        target: Bool = false,
        choices: Bool = false,
        targetIsPattern: Bool = false,
        metadata: Set<String> = []
    ) {
        self.target = target
        self.choices = choices
        self.targetIsPattern = targetIsPattern
        self.metadata = metadata
    }
}

/// How a file of rows becomes samples.
public struct DatasetSpecification: Hashable, Sendable {
    /// How a row becomes a sample.
    public enum Layout: Hashable, Sendable {
        case fields(FieldMapping)
        case preset(DatasetPreset)
    }

    /// The file as the round file names it; for messages and for the definition.
    public var file: String
    /// Where the file is.
    public var path: String
    /// How rows are separated.
    public var format: DatasetFormat
    /// How a row becomes a sample.
    public var layout: Layout
    /// All must hold.
    public var filter: [RowCondition]
    /// Shuffles by this seed; nil keeps the file's order.
    public var shuffleSeed: UInt64?
    /// The most samples, after filter and shuffle.
    public var limit: Int?
    /// What every sample must have.
    public var requirements: SampleRequirements

    /// Inspect's fields, every row, in the file's order, where nothing else is said.
    public init(
        file: String,
        path: String,
        format: DatasetFormat,
        layout: Layout = .fields(FieldMapping()),
        filter: [RowCondition] = [],
        shuffleSeed: UInt64? = nil,
        limit: Int? = nil,
        requirements: SampleRequirements = SampleRequirements()
    ) {
        self.file = file
        self.path = path
        self.format = format
        self.layout = layout
        self.filter = filter
        self.shuffleSeed = shuffleSeed
        self.limit = limit
        self.requirements = requirements
    }
}
