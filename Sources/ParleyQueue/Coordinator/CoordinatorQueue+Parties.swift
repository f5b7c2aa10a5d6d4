// Which login reads as which party of which round. What such a login sees is decided in the database alone, see
// schemas/sql/m0012_visibility.sql.

public import ParleyModel
import ParleyPostgres

/// A login that reads as a party of a round.
public struct PartyLogin: Hashable, Sendable, Codable {
    public let login: String
    public let party: PartyName
    /// Microseconds since the Unix epoch, by the database's clock.
    public let grantedAtMicros: Int64
    public let grantedBy: String
}

extension CoordinatorQueue {
    /// Lets a login, or a group of logins, read as a party of a round. May be repeated.
    /// - Throws: `ParleyFailure` where the round has no such party, and for a login that is not there, has further rights
    ///   in Parley or is another party of the round
    public func grant(round: RoundID, party: PartyName, login: String, by actor: String = "") async throws {
        do {
            _ = try await query(
                .grantParty,
                [.int64(round.rawValue), .text(party.text), .text(login), .text(actor)]
            )
        } catch let error as PostgresError {
            // What the function itself refuses: no such party, no such role, a role with other rights.
            guard let report = error.report, ["P0002", "42704", "0LP01"].contains(report.sqlState) else { throw error }
            throw ParleyFailure(
                .invalidInput,
                "'\(login)' cannot read as '\(party)': \(report.message).",
                remedy: report.hint ?? "Look at the names of the round's parties and of the database's logins."
            )
        }
    }

    /// Takes that back.
    /// - Returns: whether there was anything to take
    public func revoke(round: RoundID, party: PartyName, login: String, by actor: String = "") async throws -> Bool {
        try await query(
            .revokeParty,
            [.int64(round.rawValue), .text(party.text), .text(login), .text(actor)]
        ).only().bool("done")
    }

    /// All logins of a round's parties.
    public func partyLogins(round: RoundID) async throws -> [PartyLogin] {
        try await query(.partyLogins, [.int64(round.rawValue)]).map { row in
            PartyLogin(
                login: try row.text("role_name"),
                party: PartyName(try row.text("party")),
                grantedAtMicros: try row.timestamptz("granted_at"),
                grantedBy: try row.text("granted_by")
            )
        }
    }
}
