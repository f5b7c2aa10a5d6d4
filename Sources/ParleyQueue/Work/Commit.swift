// A finished job on its way into the database, and what became of it.

public import ParleyModel

/// A finished job. A grade job's result has the kind `scored` or `unscorable`, never `answered`.
public struct Commit: Hashable, Sendable {
    public var key: LeaseKey
    public var kind: OutcomeKind
    /// Present for `scored`, absent for `answered` and `unscorable`.
    public var score: Score?
    public var usage: Usage
    public var cost: Money
    /// Time spent waiting for providers, in microseconds.
    public var latencyMicros: Int64
    public var modelReturned: String?
    /// The sealed transcript; a probe that is graded elsewhere must have one.
    public var transcript: [UInt8]?

    public init(
        key: LeaseKey,
        kind: OutcomeKind,
        score: Score? = nil,
        usage: Usage = Usage(),
        cost: Money = .zero,
        latencyMicros: Int64 = 0,
        modelReturned: String? = nil,
        transcript: [UInt8]? = nil
    ) {
        self.key = key
        self.kind = kind
        self.score = score
        self.usage = usage
        self.cost = cost
        self.latencyMicros = latencyMicros
        self.modelReturned = modelReturned
        self.transcript = transcript
    }

    /// A probe's or a judge's result with its transcript sealed.
    public init(key: LeaseKey, _ result: ProbeResult, transcript: [UInt8]?) {
        self.init(
            key: key,
            kind: result.kind,
            score: result.score,
            usage: result.usage,
            cost: result.cost,
            latencyMicros: result.latencyMicros,
            modelReturned: result.modelReturned,
            transcript: transcript
        )
    }
}

/// What became of a commit. The raw values are the database's.
public enum CommitAnswer: Int16, Sendable, Hashable {
    /// Recorded now.
    case committed = 0
    /// Recorded before, by this very claim: the answer to an earlier commit was lost.
    case alreadyMine = 1
    /// The lease was lost; the result was dropped.
    case lost = 2
}
