// Counts that a rehearsal needs beside a round's status.

public import ParleyModel
import ParleyPostgres

extension CoordinatorQueue {
    /// Attempts that did not become an outcome: those that were taken back from silent workers, and all others.
    public func attemptCounts(round: RoundID) async throws -> (rescued: Int, failed: Int) {
        let row = try await query(.attemptCounts, [.int64(round.rawValue)]).only()
        return (Int(try row.int64(0)), Int(try row.int64(1)))
    }

    /// Tokens of all outcomes.
    public func usedTokens(round: RoundID) async throws -> Int64 {
        try await query(.usedTokens, [.int64(round.rawValue)]).only().int64(0)
    }
}
