// What leaves and enters with an export or an import: one observation with all that is kept of it. Where it comes from
// (the database, a file, a test) and where it goes to are not this file's matter.

public import ParleyModel

/// One observation: a sample × epoch of a cell as it ended. Times are microseconds since the Unix epoch.
public struct ExchangeRecord: Hashable, Sendable, Codable {
    /// The probe job: what names the observation within its round.
    public var job: JobID
    /// Index in the frozen order of the suite's samples.
    public var sampleIndex: Int
    public var sample: Sample
    /// From 1.
    public var epoch: Int
    public var kind: OutcomeKind
    /// The score as it was given, whatever the suite makes of the kind; of judged ones the combined score.
    public var score: Score?
    public var usage: Usage
    /// The probe's own; judges' stand with their grades.
    public var cost: Money
    public var latencyMicros: Int64
    public var modelReturned: String?
    public var attempts: Int
    public var startedAtMicros: Int64?
    public var completedAtMicros: Int64
    /// nil where the probe failed.
    public var transcript: Transcript?
    /// What the last attempt of a failed probe said.
    public var failure: String?
    public var grades: [Grade]

    public init(
        job: JobID,
        sampleIndex: Int,
        sample: Sample,
        epoch: Int,
        kind: OutcomeKind,
        score: Score? = nil,
        usage: Usage = Usage(),
        cost: Money = .zero,
        latencyMicros: Int64 = 0,
        modelReturned: String? = nil,
        attempts: Int = 1,
        startedAtMicros: Int64? = nil,
        completedAtMicros: Int64,
        transcript: Transcript? = nil,
        failure: String? = nil,
        grades: [Grade] = []
    ) {
        self.job = job
        self.sampleIndex = sampleIndex
        self.sample = sample
        self.epoch = epoch
        self.kind = kind
        self.score = score
        self.usage = usage
        self.cost = cost
        self.latencyMicros = latencyMicros
        self.modelReturned = modelReturned
        self.attempts = attempts
        self.startedAtMicros = startedAtMicros
        self.completedAtMicros = completedAtMicros
        self.transcript = transcript
        self.failure = failure
        self.grades = grades
    }

    /// The probe's cost and its judges'.
    public var totalCost: Money { grades.reduce(cost) { $0 + $1.cost } }

    /// The grades with the names of their judges, where `judges` are the suite's.
    func grades(by judges: [ConfigurationName]) -> [(judge: ConfigurationName, grade: Grade)] {
        grades.compactMap { judges.indices.contains($0.judge) ? (judges[$0.judge], $0) : nil }
    }

    /// What counts towards the suite's finding; nil where the observation does not count.
    public func counted(in suite: Suite) -> Score? {
        switch suite.treatment(of: kind) {
        case .asScored: score
        case .scoreAs(let score): score
        case .exclude, .reportApart: nil
        }
    }
}
