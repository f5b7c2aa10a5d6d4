// Where a long run keeps its state, so that an attempt that ends early costs no more than the turn that it was in. The
// queue's side keeps it with the job.

public import ParleyModel

/// Keeps the state of one job's run. It belongs to the job: all its attempts find the same.
public protocol CheckpointStore: Sendable {
    /// What the last ``save(_:usage:cost:)`` kept; nil where nothing was kept yet.
    func load() async throws -> JSONValue?

    /// Keeps the state in place of the last one, whole or not at all, and settles what the run has used up to it:
    /// `usage` and `cost` are those of all attempts together, never less than at the last save. A failure ends the
    /// attempt, for the state may then be somebody else's.
    func save(_ state: JSONValue, usage: Usage, cost: Money) async throws(ProbeFailure)
}
