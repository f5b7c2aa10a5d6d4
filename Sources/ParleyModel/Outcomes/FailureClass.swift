// Why an attempt failed. Retry decisions come from this class, never from the text of a message.

/// The class of a failed attempt, and what may be done about it.
public enum FailureClass: String, CaseIterable, Sendable, Hashable, Codable {
    /// Too many requests: the same call will work later.
    case rateLimited = "rate_limited"
    /// The provider is overloaded, also as an error event inside a 200 stream.
    case overloaded
    /// Money or quota is finished: the account pauses, nothing is retried, no attempt is counted.
    case quotaExhausted = "quota_exhausted"
    /// No answer within the time allowed.
    case timeout
    /// The connection could not be made or broke.
    case connection
    /// The provider failed (5xx).
    case serverError = "server_error"
    /// The answer is not what the wire format promises.
    case malformedResponse = "malformed_response"
    /// The key is missing or refused.
    case authentication
    /// The request can never succeed as it is.
    case invalidRequest = "invalid_request"
    /// The worker died or lost its lease.
    case workerLost = "worker_lost"
    /// The worker itself failed: full disk, a defect.
    case worker
    /// The attempt was stopped before its end: a drain, a pause or a cancellation that takes back what is in flight.
    case cancelled

    /// What the queue does with a failed attempt of this class.
    public enum Retry: String, Sendable, Hashable {
        /// Again after a wait, up to the cap of attempts and of time.
        case transient
        /// As transient, but no attempt is counted: the provider has enough of us, not of this job.
        case deferred
        /// Again, but few times: the same failure is to be expected.
        case deterministic
        /// Not before somebody acts: the account is paused and the job goes back unspent.
        case pause
        /// At once, and no attempt is counted.
        case released
    }

    public var retry: Retry {
        switch self {
        case .timeout, .connection, .serverError, .workerLost, .worker: .transient
        case .rateLimited, .overloaded: .deferred
        case .malformedResponse, .invalidRequest: .deterministic
        case .quotaExhausted, .authentication: .pause
        case .cancelled: .released
        }
    }
}
