// A token as it is listed: what `parley token list --json` prints, and what the service answers. The token itself is
// nowhere: it is shown once, when it is made.

import ParleyEvidence
public import ParleyQueue

/// A token without its secret.
public struct TokenRow: Hashable, Sendable, Codable {
    public let name: String
    public let scopes: [TokenScope]
    /// The party's login as which it reads; nil for an operator's.
    public let login: String?
    public let createdAt: String
    public let createdBy: String
    public let expiresAt: String
    /// To the minute.
    public let lastUsedAt: String?
    public let revokedAt: String?
    public let revokedBy: String?

    public init(_ record: TokenRecord) {
        name = record.name
        scopes = record.scopes
        login = record.login
        createdAt = LedgerEntry.time(micros: record.createdAtMicros)
        createdBy = record.createdBy
        expiresAt = LedgerEntry.time(micros: record.expiresAtMicros)
        lastUsedAt = record.lastUsedAtMicros.map { LedgerEntry.time(micros: $0) }
        revokedAt = record.revokedAtMicros.map { LedgerEntry.time(micros: $0) }
        revokedBy = record.revokedBy
    }
}
