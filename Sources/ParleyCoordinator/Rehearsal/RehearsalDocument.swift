// What a rehearsal showed, as a document: what `parley rehearse --json` prints (schemas/json/rehearsal.schema.json).
// Figures were counted in the rehearsal or come from the plan; each says which.

public import ParleyModel

/// What a rehearsal showed.
public struct RehearsalDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.rehearsal/1"

    /// Faults that the simulated providers made, by kind, and what they answered.
    public struct Provider: Hashable, Sendable, Codable {
        public var requests: Int
        public var answers: Int
        public var refusals: Int
        public var truncated: Int
        public var faults: [String: Int]

        public init(requests: Int, answers: Int, refusals: Int, truncated: Int, faults: [String: Int]) {
            self.requests = requests
            self.answers = answers
            self.refusals = refusals
            self.truncated = truncated
            self.faults = faults
        }
    }

    /// What became of the jobs when a worker was killed.
    public struct Recovery: Hashable, Sendable, Codable {
        /// Jobs that were done when the worker was killed; nil where the round was over before it could be.
        public var killedAtDone: Int?
        /// Jobs in its hands at that moment, as last seen.
        public var held: Int
        /// Attempts that the coordinator took back from it.
        public var rescued: Int
        /// Other attempts that failed, by the faults above.
        public var failed: Int
        /// Planned jobs that have neither an outcome nor a recorded death.
        public var lost: Int
        /// Answers of providers that an outcome keeps.
        public var answersKept: Int
        /// Answers of providers that no outcome keeps: asked again, and paid again. Those of attempts that were cut off.
        public var answersRepeated: Int
        /// The most answers that attempts which were cut off can have been given: attempts × calls of one job.
        public var answersRepeatedAtMost: Int
        /// Nothing lost, and nothing repeated that no cut-off attempt explains.
        public var proved: Bool
    }

    /// What the real round should take.
    public struct Prediction: Hashable, Sendable, Codable {
        /// The plan's estimate, times attempts begun for each job that ended.
        public var seconds: Double
        public var attemptsPerJob: Double
        /// The plan's upper bound; nil where a model has no price.
        public var moneyAtMost: Money?
        /// What the rehearsal's calls would have cost, simulated answers being short.
        public var moneyRehearsed: Money
        public var tokensAtMost: Int64
        public var tokensRehearsed: Int64
    }

    public var format: String
    public var round: RoundName
    /// Of the round as its file has it, not of its simulated form.
    public var definitionHash: ContentHash
    public var jobs: Int
    public var gradeJobs: Int
    /// How long the rehearsal took.
    public var seconds: Double
    public var outcomes: [OutcomeKind: Int]
    public var grades: [OutcomeKind: Int]
    public var dead: Int
    public var provider: Provider
    public var recovery: Recovery
    public var prediction: Prediction

    public init(
        round: RoundName,
        definitionHash: ContentHash,
        account: RehearsalAccount,
        killed: (done: Int, held: Int)?,
        plan: RehearsalPlan,
        seconds: Double,
        provider: Provider
    ) {
        format = Self.currentFormat
        self.round = round
        self.definitionHash = definitionHash
        jobs = plan.jobs
        gradeJobs = plan.gradeJobs
        self.seconds = seconds
        outcomes = account.probes
        grades = account.grades
        dead = account.dead
        self.provider = provider
        let ended = account.ended
        let repeated = provider.answers - account.answersKept
        let explained = (account.rescued + account.failed) * max(account.mostCalls, 1)
        let lost = plan.jobs + account.gradesDue - ended - account.dead
        recovery = Recovery(
            killedAtDone: killed?.done,
            held: killed?.held ?? 0,
            rescued: account.rescued,
            failed: account.failed,
            lost: lost,
            answersKept: account.answersKept,
            answersRepeated: repeated,
            answersRepeatedAtMost: explained,
            proved: killed != nil && lost == 0 && repeated >= 0 && repeated <= explained
        )
        let perJob = ended > 0 ? Double(ended + account.rescued + account.failed) / Double(ended) : 1
        prediction = Prediction(
            seconds: plan.seconds * perJob,
            attemptsPerJob: perJob,
            moneyAtMost: plan.money,
            moneyRehearsed: account.cost,
            tokensAtMost: plan.tokens,
            tokensRehearsed: account.tokens
        )
    }
}

/// What the plan says of the round.
public struct RehearsalPlan: Hashable, Sendable {
    public var jobs: Int
    public var gradeJobs: Int
    public var seconds: Double
    public var tokens: Int64
    public var money: Money?

    public init(jobs: Int, gradeJobs: Int, seconds: Double, tokens: Int64, money: Money?) {
        self.jobs = jobs
        self.gradeJobs = gradeJobs
        self.seconds = seconds
        self.tokens = tokens
        self.money = money
    }
}
