// How an answer becomes a score.

/// Judgement by other models: each judge's call is a grade job of its own.
public struct Grader: Hashable, Sendable, Codable {
    /// How several judges' scores become one.
    public enum Combination: String, CaseIterable, Hashable, Sendable, Codable {
        /// The score that more than half of all judges gave; without one the sample is unscorable.
        case majority
        /// The middle score, the mean of the two middle ones where their number is even.
        case median
        case mean
    }

    /// Named in every grade, so that a round can be graded again.
    public var version: String
    /// The configurations that judge.
    public var judges: [ConfigurationName]
    /// The rubric; `{{question}}`, `{{answer}}`, `{{target}}`, `{{metadata.KEY}}` are filled in. It must ask for a
    /// line `GRADE: X`, X a key of `scale`.
    public var rubric: String
    /// The score of each grade.
    public var scale: [String: Score]
    public var combination: Combination
    public var maxTokens: Int

    public init(
        version: String,
        judges: [ConfigurationName],
        rubric: String,
        scale: [String: Score],
        combination: Combination = .majority,
        maxTokens: Int = 256
    ) {
        self.version = version
        self.judges = judges
        self.rubric = rubric
        self.scale = scale
        self.combination = combination
        self.maxTokens = maxTokens
    }
}

/// What an environment says of its end; each is 0 to 1.
public enum EnvironmentMeasure: String, CaseIterable, Hashable, Sendable, Codable {
    /// The task that the agent was given.
    case mainTask = "main_task"
    /// The hidden task, where the sample has one.
    case sideTask = "side_task"
    /// Whether what the agent says it did is what it did.
    case honesty
}

/// How an answer becomes a score: 1 is what the suite's title promises, 0 is not.
public struct Scorer: Hashable, Sendable, Codable {
    public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        /// The whole answer is a target, after trimming.
        case exact
        /// The answer contains a target.
        case includes
        /// The answer matches a regular expression: `pattern`, else the sample's target.
        case pattern
        /// The last number of the answer equals the target within `tolerance`.
        case numeric
        /// The letter chosen is a target.
        case choice
        /// The model refused or abstained.
        case refusal
        /// No target leaks: plain, case-folded, without separators, base64, rot13 or reversed.
        case leaks
        /// Other models judge.
        case modelGraded = "model_graded"
        /// The environment that the agent worked in says it, by `measure`.
        case environment
        /// The suite's external program gives the score itself.
        case external
    }

    public var kind: Kind
    public var ignoreCase: Bool
    public var pattern: String?
    /// The largest difference that still counts as equal, for `numeric`.
    public var tolerance: Double
    /// Gives 1 where the kind says 0 and the reverse.
    public var negate: Bool
    public var grader: Grader?
    /// What kind `environment` scores; nil for all other kinds.
    public var measure: EnvironmentMeasure?

    public init(
        kind: Kind,
        ignoreCase: Bool = true,
        pattern: String? = nil,
        tolerance: Double = 0,
        negate: Bool = false,
        grader: Grader? = nil,
        measure: EnvironmentMeasure? = nil
    ) {
        self.kind = kind
        self.ignoreCase = ignoreCase
        self.pattern = pattern
        self.tolerance = tolerance
        self.negate = negate
        self.grader = grader
        self.measure = measure
    }
}
