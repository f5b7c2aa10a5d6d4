// Who may call the service. Invariant: the token itself is known to its holder alone; here and in the database it is its
// SHA-256, which says nothing of 256 random bits.

import ParleyModel
import ParleyPostgres

/// What a token lets its holder do.
public enum TokenScope: String, CaseIterable, Sendable, Hashable, Codable {
    /// Look.
    case read
    /// Pause, resume, cancel, share, drain, rule, set budgets.
    case control
    /// See and revoke tokens.
    case admin

    /// With what it implies.
    public var implied: [TokenScope] { Array(Self.allCases.prefix(through: Self.allCases.firstIndex(of: self) ?? 0)) }
}

/// A token that was shown once, when it was made.
public struct TokenSecret: Hashable, Sendable {
    /// What the holder sends.
    public let text: String

    /// 256 bits of the system's randomness.
    public init() {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<4).map { _ in
            let word = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - word.count) + word
        }
        text = "parley_" + digits.joined()
    }

    public init(_ text: String) { self.text = text }

    var hash: [UInt8] { ContentHash(of: Array(text.utf8)).bytes }
}

/// A caller of the service.
public struct TokenHolder: Hashable, Sendable {
    public let id: Int64
    public let name: String
    public let scopes: Set<TokenScope>
    /// The party's login as which it reads; nil for an operator.
    public let login: String?

    /// Who it is, for the ledger.
    public var actor: String { "token \(name)" }
    public var isOperator: Bool { login == nil }
}

/// A token as it is listed. Times are microseconds since the Unix epoch, by the database's clock.
public struct TokenRecord: Hashable, Sendable {
    public let id: Int64
    public let name: String
    public let scopes: [TokenScope]
    public let login: String?
    public let createdAtMicros: Int64
    public let createdBy: String
    public let expiresAtMicros: Int64
    /// To the minute.
    public let lastUsedAtMicros: Int64?
    public let revokedAtMicros: Int64?
    public let revokedBy: String?
}

extension CoordinatorQueue {
    /// Makes a token.
    /// - Parameters:
    ///   - login: of a party, which then can only read; nil for an operator
    ///   - lifetime: until it expires
    /// - Throws: `invalidInput` where the name is taken, or the login is none of a party
    public func makeToken(
        _ name: String,
        scope: TokenScope,
        login: String?,
        lifetime: Duration,
        by authority: Authority
    ) async throws -> TokenSecret {
        let secret = TokenSecret()
        let scopes = scope.implied.map(\.rawValue)
        let id: Int64?
        do {
            id = try await query(
                .newToken,
                [
                    .text(name), .bytea(secret.hash), .textArray(scopes),
                    .optional(login, .text, PostgresValue.text), .int64(lifetime.components.seconds),
                    .text(authority.reason.storable(bytes: 2000)), .text(authority.actor.storable(bytes: 256)),
                ]
            ).only().int64OrNil("id")
        } catch let error as PostgresError where error.sqlState == "42704" {
            throw ParleyFailure(.invalidInput, error.report?.message ?? "\(error)", remedy: error.report?.hint)
        }
        guard id != nil else {
            throw ParleyFailure(
                .invalidInput,
                "There is a token named '\(name)' already.",
                remedy: "Names are not used twice, so that the ledger stays clear: choose another."
            )
        }
        return secret
    }

    /// Ends a token.
    /// - Returns: whether there was one that was not ended yet
    public func revokeToken(_ name: String, by authority: Authority) async throws -> Bool {
        try await query(
            .revokeToken,
            [
                .text(name), .text(authority.reason.storable(bytes: 2000)),
                .text(authority.actor.storable(bytes: 256)),
            ]
        ).only().bool("done")
    }

    /// Whose token this is; nil where there is none, or it is over.
    public func holder(of secret: TokenSecret) async throws -> TokenHolder? {
        try await query(.useToken, [.bytea(secret.hash)]).first.map { row in
            TokenHolder(
                id: try row.int64("id"),
                name: try row.text("name"),
                scopes: Set(try row.textArray("scopes").compactMap { $0.flatMap(TokenScope.init(rawValue:)) }),
                login: try row.textOrNil("login")
            )
        }
    }

    /// All tokens, oldest first.
    public func tokens() async throws -> [TokenRecord] {
        try await query(.tokens).map { row in
            TokenRecord(
                id: try row.int64("id"),
                name: try row.text("name"),
                scopes: try row.textArray("scopes").compactMap { $0.flatMap(TokenScope.init(rawValue:)) },
                login: try row.textOrNil("login"),
                createdAtMicros: try row.timestamptz("created_at"),
                createdBy: try row.text("created_by"),
                expiresAtMicros: try row.timestamptz("expires_at"),
                lastUsedAtMicros: try row.timestamptzOrNil("last_used_at"),
                revokedAtMicros: try row.timestamptzOrNil("revoked_at"),
                revokedBy: try row.textOrNil("revoked_by")
            )
        }
    }
}
