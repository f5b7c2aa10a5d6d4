// Questions that a round leaves open and that money could answer, ranked, each with the findings that raise it: what
// `parley questions --json` prints (schemas/json/questions.schema.json).

/// Questions worth funding.
public struct QuestionsDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.questions/1"

    /// What raises a question.
    public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        /// A finding lies far from its like.
        case surprise
        /// Judges decided, and nobody measured how far they err.
        case judgeError = "judge error"
        /// A comparison could not have seen the difference that matters.
        case tooFewSamples = "too few samples"
        /// Outcomes are missing that could move an estimate by more than what matters.
        case missingOutcomes = "missing outcomes"
        /// A flag stands against comparing.
        case notComparable = "not comparable"
        /// No suite of the round is of this area.
        case areaNotEvaluated = "area not evaluated"
    }

    public struct Question: Hashable, Sendable, Codable {
        /// From 1.
        public var rank: Int
        public var kind: Kind
        public var question: String
        /// How far the evidence exceeds what would leave the matter settled; questions are ranked by it.
        public var weight: Double
        /// What the weight is, in words.
        public var because: String
        /// Ids of findings.
        public var evidence: [String]

        public init(rank: Int = 0, kind: Kind, question: String, weight: Double, because: String, evidence: [String]) {
            self.rank = rank
            self.kind = kind
            self.question = question
            self.weight = weight
            self.because = because
            self.evidence = evidence
        }
    }

    public var format: String
    public var round: RoundName
    public var definitionHash: ContentHash
    public var simulated: Bool
    /// The smallest difference that matters, in the scores' unit.
    public var relevantDifference: Double
    public var questions: [Question]

    public init(findings: FindingsDocument, relevantDifference: Double, questions: [Question]) {
        format = Self.currentFormat
        round = findings.round
        definitionHash = findings.definitionHash
        simulated = findings.simulated
        self.relevantDifference = relevantDifference
        self.questions = questions
    }
}

extension CellRecord {
    /// Names the finding within its round.
    public var id: String { "cell/\(suite.text)/\(configuration.text)" }
}

extension ComparisonRecord {
    /// Names the finding within its round.
    public var id: String { "comparison/\(suite.text)/\(left.text)/\(right.text)" }
}
