// Which of several coordinators leads: a lease in one row, by the database's clock, whose term is a fencing token. A
// queue under a term sends each statement with the check of the term in one transaction, the check last: the server
// holds the lease's row only for the moment until it commits, and a coordinator that was stopped in the middle, of
// whatever length, changes nothing once a new term has begun.

import ParleyModel
import ParleyPostgres

extension CoordinatorQueue {
    /// A coordinator's lead, until another one's.
    public struct Term: Hashable, Sendable {
        public let number: Int64
        public let holder: String
    }

    /// Who leads.
    public struct Leadership: Hashable, Sendable {
        /// 0 where nobody ever led.
        public let term: Int64
        public let holder: String
        /// Microseconds since the Unix epoch, by the database's clock.
        public let sinceMicros: Int64
        /// Whether its lease runs.
        public let holds: Bool
    }

    /// The SQLSTATE of a statement whose term is over.
    static let termIsOver = "PL001"

    /// Whether an error says that another coordinator leads by now.
    public static func isOver(_ error: any Error) -> Bool { (error as? PostgresError)?.sqlState == termIsOver }

    /// Renews a term, or opens the next one where nobody leads.
    /// - Parameters:
    ///   - holder: unique among coordinators
    ///   - term: what this one has, nil where it stands by
    /// - Returns: its term; nil where another leads
    public func lead(_ holder: String, renewing term: Term?, lease: Duration) async throws -> Term? {
        let millis = Int64(lease / .milliseconds(1))
        let row = try await query(.lead, [.text(holder), .int64(term?.number ?? -1), .int64(millis)]).only()
        return try row.int64OrNil("term").map { Term(number: $0, holder: holder) }
    }

    /// Ends a term before its time.
    public func resign(_ term: Term) async throws {
        _ = try await query(.resign, [.text(term.holder), .int64(term.number)])
    }

    /// Who leads now.
    public func leadership() async throws -> Leadership {
        let row = try await query(.leadership).only()
        return Leadership(
            term: try row.int64("term"),
            holder: try row.text("holder"),
            sinceMicros: try row.timestamptz("since"),
            holds: try row.bool("holds")
        )
    }

    /// The same queue, of which nothing takes effect after the term.
    public func under(_ term: Term) -> CoordinatorQueue {
        var copy = self
        copy.term = term
        return copy
    }

    func query(
        _ statement: CoordinatorStatement,
        _ parameters: [PostgresValue],
        under term: Term
    ) async throws -> PostgresRows {
        let results = try await pool.withConnection { connection in
            try await connection.pipeline([
                PostgresConnection.Statement(statement.rawValue, parameters),
                PostgresConnection.Statement(CoordinatorStatement.requireTerm.rawValue, [.int64(term.number)]),
            ])
        }
        return results[0]
    }
}
