// How a limit was over time, as the leader looked at it and the database keeps it (m0018_watch.sql): so it is there after
// a restart and after a change of the leader.

/// The course of an account's limit.
public struct LimitCourse: Hashable, Sendable {
    /// How a limit was within a step.
    public struct Look: Hashable, Sendable {
        /// Seconds from the step's beginning until now, by the database's clock.
        public let ago: Int64
        /// The most that were in flight.
        public let inFlight: Int
        /// The least that was allowed.
        public let allowed: Int

        public init(ago: Int64, inFlight: Int, allowed: Int) {
            self.ago = ago
            self.inFlight = inFlight
            self.allowed = allowed
        }
    }

    public let account: String
    public let model: ModelName
    /// The seconds that each look stands for: 10 for the last two hours, 1800 for the last two weeks.
    public let step: Int
    /// The oldest first. None is there for a time without a leader or a running round.
    public let looks: [Look]

    public init(account: String, model: ModelName, step: Int, looks: [Look]) {
        self.account = account
        self.model = model
        self.step = step
        self.looks = looks
    }
}
