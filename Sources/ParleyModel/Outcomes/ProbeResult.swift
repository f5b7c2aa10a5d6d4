// What a probe or a grade gives back to the worker: a result to commit, or a failure of this attempt.

/// A finished probe or grade. A class, since a probe in flight keeps room for it in the frame of each function that waits.
public final class ProbeResult: Sendable {
    public let kind: OutcomeKind
    /// nil where the kind gives none or a grade job will.
    public let score: Score?
    public let usage: Usage
    public let cost: Money
    /// The part of ``usage`` that the last saved checkpoint says already; nothing where there is none.
    public let checkpointedUsage: Usage
    /// The part of ``cost`` that the last saved checkpoint says already.
    public let checkpointedCost: Money
    /// Time spent waiting for providers, in microseconds.
    public let latencyMicros: Int64
    /// The model id that the provider returned.
    public let modelReturned: String?
    public let transcript: Transcript

    public init(
        kind: OutcomeKind,
        score: Score? = nil,
        usage: Usage = Usage(),
        cost: Money = .zero,
        latencyMicros: Int64 = 0,
        modelReturned: String? = nil,
        transcript: Transcript,
        checkpointed: (usage: Usage, cost: Money) = (Usage(), .zero)
    ) {
        self.kind = kind
        self.score = score
        self.usage = usage
        self.cost = cost
        self.latencyMicros = latencyMicros
        self.modelReturned = modelReturned
        self.transcript = transcript
        checkpointedUsage = checkpointed.usage
        checkpointedCost = checkpointed.cost
    }
}

/// A failed attempt.
public struct ProbeFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public var failureClass: FailureClass
    /// What happened; for people, never parsed.
    public var message: String
    /// How long the provider asked us to wait.
    public var retryAfter: Duration?
    /// Names the failure: provider, status, error type and code. The same failure has the same fingerprint.
    public var fingerprint: String
    /// What was used, as far as the provider said; nil where a request may have reached it and nothing is known.
    public var usage: Usage?
    /// What that costs; nil where it is not known.
    public var cost: Money?
    /// The part of ``usage`` that the last saved checkpoint says already, also where ``usage`` is nil.
    public var checkpointedUsage = Usage()
    /// The part of ``cost`` that the last saved checkpoint says already.
    public var checkpointedCost = Money.zero
    /// What was exchanged up to the failure.
    public var exchanges: [Exchange]

    public init(
        _ failureClass: FailureClass,
        _ message: String,
        retryAfter: Duration? = nil,
        fingerprint: String = "",
        usage: Usage? = nil,
        cost: Money? = nil,
        exchanges: [Exchange] = []
    ) {
        self.failureClass = failureClass
        self.message = message
        self.retryAfter = retryAfter
        self.fingerprint = fingerprint
        self.usage = usage
        self.cost = cost
        self.exchanges = exchanges
    }

    public var description: String { "\(failureClass.rawValue): \(message)" }
}
