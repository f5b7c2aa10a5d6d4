// What the parties of a round agree on beside what is run: which findings it is made for, which answers people label,
// and the rules that they hold one another to. All of it is part of the definition, hence of its hash.

/// A comparison that the round is made for, with the least difference that it is to show.
public struct PrimaryFinding: Hashable, Sendable, Codable {
    public var suite: SuiteName
    public var left: ConfigurationName
    public var right: ConfigurationName
    /// The minimum detectable effect, in score.
    public var effect: Score

    public init(suite: SuiteName, left: ConfigurationName, right: ConfigurationName, effect: Score) {
        self.suite = suite
        self.left = left
        self.right = right
        self.effect = effect
    }

    /// Whether it is about these two configurations, in either order.
    public func compares(_ suite: SuiteName, _ one: ConfigurationName, _ other: ConfigurationName) -> Bool {
        self.suite == suite && (left, right) == (one, other) || self.suite == suite && (left, right) == (other, one)
    }
}

/// The answers that people label, drawn at random under a seed that nobody in the round knows while it runs.
public struct AuditSample: Hashable, Sendable, Codable {
    /// Answers a cell.
    public var size: Int
    /// The commitment to the seed (`SealedSeed` in ParleyEvidence), which is opened for the audit.
    public var seed: ContentHash

    public init(size: Int, seed: ContentHash) {
        self.size = size
        self.seed = seed
    }
}

/// What people hold one another to: texts, since no program can decide them.
public struct RoundRules: Hashable, Sendable, Codable {
    /// What ends the run before all its jobs are done, budgets apart.
    public var stopping: String?
    /// What becomes of jobs whose retries are spent, and when a cell counts as not run.
    public var errors: String?
    /// Who sees what, and when, beyond what the roles of the database hold.
    public var visibility: String?

    public init(stopping: String? = nil, errors: String? = nil, visibility: String? = nil) {
        self.stopping = stopping
        self.errors = errors
        self.visibility = visibility
    }
}
