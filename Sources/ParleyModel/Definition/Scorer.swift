// How an answer becomes a score.

/// One of the questions that a rubric asks of the same transcript.
public struct RubricAxis: Hashable, Sendable, Codable {
    /// In findings the axis stands as `SUITE.AXIS`.
    public var name: String
    /// What is judged, as the rubric's `{{axis_text}}`.
    public var text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

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
    /// The configurations that judge, one grade job each; with ``axes`` all of them for the first axis, then all for
    /// the second, and so on.
    public var judges: [ConfigurationName]
    /// What is judged apart; nil where there is one question only. The suite's score is the mean over all.
    public var axes: [RubricAxis]?
    /// The rubric; `{{question}}`, `{{answer}}`, `{{target}}`, `{{metadata.KEY}}` are filled in, and with axes
    /// `{{axis}}` and `{{axis_text}}`. It must ask for a line `GRADE: X`, X a key of `scale`.
    public var rubric: String
    /// The score of each grade.
    public var scale: [String: Score]
    public var combination: Combination
    public var maxTokens: Int

    public init(
        version: String,
        judges: [ConfigurationName],
        axes: [RubricAxis]? = nil,
        rubric: String,
        scale: [String: Score],
        combination: Combination = .majority,
        maxTokens: Int = 256
    ) {
        self.version = version
        self.judges = judges
        self.axes = axes
        self.rubric = rubric
        self.scale = scale
        self.combination = combination
        self.maxTokens = maxTokens
    }

    /// The index in ``axes`` that a grade job asks about; nil without axes.
    public func axis(ofJudge index: Int) -> Int? {
        guard let axes, !axes.isEmpty, judges.indices.contains(index) else { return nil }
        return index / (judges.count / axes.count)
    }

    /// The names of ``judges`` by which their grades can be told apart: with axes `JUDGE.AXIS`.
    public var raters: [ConfigurationName] {
        judges.indices.map { index in
            guard let axes, let axis = axis(ofJudge: index) else { return judges[index] }
            return ConfigurationName("\(judges[index]).\(axes[axis].name)")
        }
    }
}

extension SuiteName {
    /// The name under which findings speak of one axis of this suite.
    public func axis(_ axis: RubricAxis) -> SuiteName { SuiteName("\(text).\(axis.name)") }
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
