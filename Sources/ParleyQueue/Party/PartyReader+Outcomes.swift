// The outcomes of a round that a party sees by now.

public import ParleyModel
import ParleyPostgres

extension PartyReader {
    /// One observation, by the numbers of the frozen plan.
    public struct Outcome: Hashable, Sendable {
        public let cell: Int
        public let sample: Int
        /// From 1.
        public let epoch: Int
        public let kind: OutcomeKind
        public let score: Score?
        public let usage: Usage
        /// The judges' included.
        public let cost: Money
        public let latencyMicros: Int64
    }

    /// All of them, by cell, sample and epoch.
    public func outcomes(of round: RoundName) async throws -> [Outcome] {
        let outcomes = try await query(.observations, [.text(round.text)]).map { row in
            Outcome(
                cell: Int(try row.int32(0)),
                sample: Int(try row.int32(1)),
                epoch: Int(try row.int32(2)),
                kind: try OutcomeKind(stored: row.int16(3)),
                score: try row.int64OrNil(4).map { Score(billionths: $0) },
                usage: Usage(
                    input: try row.int64(5),
                    output: try row.int64(6),
                    cacheRead: try row.int64(7),
                    cacheWrite: try row.int64(8),
                    reasoning: try row.int64(9)
                ),
                cost: Money(billionths: try row.int64(10)),
                latencyMicros: try row.int64(11)
            )
        }
        return outcomes.sorted { ($0.cell, $0.sample, $0.epoch) < ($1.cell, $1.sample, $1.epoch) }
    }
}
