// What is answered to "has this model been through a cross-lab evaluation, and what did the findings show?": what
// `parley ask --json` prints (schemas/json/ask.schema.json), and what a buyer's page shows of each finding.

/// One finding as an answer.
public struct FindingAnswer: Hashable, Sendable, Codable {
    /// Names the finding within its round.
    public var id: String
    public var suite: SuiteName
    public var configuration: ConfigurationName
    public var areas: [Area]
    /// nil where the suite does not state it.
    public var claim: Claim?
    /// Who evaluated.
    public var evaluator: PartyName
    /// Whether the evaluator is another party than the model's.
    public var crossParty: Bool
    public var status: EvidenceStatus
    /// The rule that gave the status.
    public var because: String
    public var measure: String?
    public var estimate: Double?
    public var interval: Interval?
    /// Without the judges' errors, one for each judge that people's labels correct; to be read in place of the estimate.
    public var corrected: [JudgeErrorRecord.Correction]
    /// Outcomes that the estimate counts, and the samples that they are of.
    public var counted: Int
    public var clusters: Int
    public var threshold: Threshold?
    public var flags: [String]

    public init(
        id: String,
        suite: SuiteName,
        configuration: ConfigurationName,
        areas: [Area],
        claim: Claim?,
        evaluator: PartyName,
        crossParty: Bool,
        status: EvidenceStatus,
        because: String,
        measure: String? = nil,
        estimate: Double? = nil,
        interval: Interval? = nil,
        corrected: [JudgeErrorRecord.Correction] = [],
        counted: Int = 0,
        clusters: Int = 0,
        threshold: Threshold? = nil,
        flags: [String] = []
    ) {
        self.id = id
        self.suite = suite
        self.configuration = configuration
        self.areas = areas
        self.claim = claim
        self.evaluator = evaluator
        self.crossParty = crossParty
        self.status = status
        self.because = because
        self.measure = measure
        self.estimate = estimate
        self.interval = interval
        self.corrected = corrected
        self.counted = counted
        self.clusters = clusters
        self.threshold = threshold
        self.flags = flags
    }
}

/// An area of a round and what its findings show together.
public struct AreaAnswer: Hashable, Sendable, Codable {
    public var area: Area
    public var status: EvidenceStatus
    /// Ids of its findings.
    public var findings: [String]

    public init(area: Area, status: EvidenceStatus, findings: [String]) {
        self.area = area
        self.status = status
        self.findings = findings
    }

    /// All six areas; one without a finding of another party is not evaluated.
    public static func all(of findings: [FindingAnswer]) -> [AreaAnswer] {
        Area.allCases.map { area in
            let own = findings.filter { $0.crossParty && $0.areas.contains(area) }
            return AreaAnswer(area: area, status: .combined(own.map(\.status)), findings: own.map(\.id))
        }
    }
}

/// What is answered about a model.
public struct AskDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.ask/1"

    public enum Answer: String, CaseIterable, Hashable, Sendable, Codable {
        case evaluated
        /// All suites that ran on it are of its own party.
        case onlyByItsOwnParty = "only by its own party"
        case notEvaluated = "not evaluated"
    }

    /// One round in which the model was tested.
    public struct Round: Hashable, Sendable, Codable {
        public var round: RoundName
        /// The package, or `database`.
        public var source: String
        public var definitionHash: ContentHash
        public var simulated: Bool
        public var complete: Bool
        /// Outcomes that a ruling leaves out; nil where there is none.
        public var ruledOut: Int?
        /// The time of the last outcome.
        public var asOf: String?
        /// The ids under which the model was asked for and came back.
        public var models: [ModelSummary]
        public var areas: [AreaAnswer]
        public var findings: [FindingAnswer]

        public init(
            source: String,
            findings document: FindingsDocument,
            models: [ModelSummary],
            answers: [FindingAnswer]
        ) {
            round = document.round
            self.source = source
            definitionHash = document.definitionHash
            simulated = document.simulated
            complete = document.complete
            ruledOut = document.ruledOut > 0 ? document.ruledOut : nil
            asOf = document.asOf
            self.models = models
            areas = AreaAnswer.all(of: answers)
            findings = answers
        }
    }

    public var format: String
    public var model: String
    public var answer: Answer
    /// Over all findings of other parties: shown only where all of them are.
    public var status: EvidenceStatus
    /// Thresholds for which no finding was there.
    public var unanswered: [Threshold]
    public var rounds: [Round]

    public init(model: String, rounds: [Round], thresholds: [Threshold]) {
        format = Self.currentFormat
        self.model = model
        self.rounds = rounds
        let findings = rounds.flatMap(\.findings)
        let others = findings.filter(\.crossParty)
        answer = !others.isEmpty ? .evaluated : findings.isEmpty ? .notEvaluated : .onlyByItsOwnParty
        unanswered = thresholds.filter { threshold in !others.contains { $0.threshold == threshold } }
        let asked = thresholds.isEmpty ? others : others.filter { $0.threshold != nil }
        status = .combined(asked.map(\.status) + unanswered.map { _ in .notEvaluated })
    }
}
