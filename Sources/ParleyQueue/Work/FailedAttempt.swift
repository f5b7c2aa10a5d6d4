// A failed attempt on its way into the database, and what becomes of its job.

public import ParleyModel

/// An attempt that ended without an outcome.
public struct FailedAttempt: Hashable, Sendable {
    public var key: LeaseKey
    public var failureClass: FailureClass
    /// For people; cut at 2000 characters.
    public var message: String
    /// Names the failure; the same deterministic failure several times in a row ends the job. Cut at 120 characters.
    public var fingerprint: String
    /// How long the provider asked us to wait.
    public var retryAfter: Duration?
    /// nil where a request may have reached the provider and nothing is known.
    public var usage: Usage?
    public var cost: Money?
    /// Time spent waiting for providers, in microseconds: for the worker's own metrics, stored nowhere.
    public var latencyMicros: Int64 = 0

    public init(
        key: LeaseKey,
        failureClass: FailureClass,
        message: String,
        fingerprint: String = "",
        retryAfter: Duration? = nil,
        usage: Usage? = nil,
        cost: Money? = nil
    ) {
        self.key = key
        self.failureClass = failureClass
        self.message = message
        self.fingerprint = fingerprint
        self.retryAfter = retryAfter
        self.usage = usage
        self.cost = cost
    }

    /// What a provider threw.
    public init(key: LeaseKey, _ failure: ProbeFailure, cost: Money?) {
        self.init(
            key: key,
            failureClass: failure.failureClass,
            message: failure.message,
            fingerprint: failure.fingerprint,
            retryAfter: failure.retryAfter,
            usage: failure.usage,
            cost: cost
        )
    }

    /// `retryAfter` in microseconds, cut at a year.
    var retryAfterMicros: Int64? {
        retryAfter.map { min(max($0, .zero), .seconds(31_536_000)).wholeMicroseconds }
    }
}

/// What becomes of a job whose attempt failed.
public enum FailAnswer: Hashable, Sendable {
    /// Tried again, not before this time of the database's clock (microseconds since the Unix epoch).
    case requeued(nextTryMicros: Int64)
    /// The same, but the attempt is not counted: the provider failed or had enough, not the job.
    case deferred(nextTryMicros: Int64)
    /// Back at once, not counted: the attempt was cancelled.
    case released
    /// Retries are spent; somebody can rule on it.
    case dead
    /// The round's streams of this account and model are paused; the job went back unspent.
    case paused
    /// The lease was lost.
    case lost
}
