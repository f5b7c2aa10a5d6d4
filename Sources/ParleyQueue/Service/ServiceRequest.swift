// What was asked of the service that changes something: kept with its reason before it is done, and with its answer
// after. A request that carries the key of an earlier one is answered as that was, and nothing is done again.

public import ParleyModel
import ParleyPostgres

/// A change that a caller asks for.
public struct ServiceRequest: Sendable, Hashable {
    public var method: String
    public var path: String
    /// The round that it is about; nil for none.
    public var round: RoundID?
    public var reason: String
    /// The caller's `Idempotency-Key`.
    public var key: String?
    public var bodyHash: ContentHash

    public init(
        method: String,
        path: String,
        round: RoundID?,
        reason: String,
        key: String?,
        bodyHash: ContentHash
    ) {
        self.method = method
        self.path = path
        self.round = round
        self.reason = reason
        self.key = key
        self.bodyHash = bodyHash
    }

    /// What is to be done about it.
    public enum Admission: Hashable, Sendable {
        /// It is new: do it, and say what it came to.
        case new(Int64)
        /// It was answered before.
        case answered(status: Int, answer: String)
        /// The same is being done, or its doer died.
        case unfinished
        /// Its key was used for something else.
        case differs
    }
}

extension CoordinatorQueue {
    /// Keeps a request before it is done.
    public func begin(_ request: ServiceRequest, by holder: TokenHolder) async throws -> ServiceRequest.Admission {
        let row = try await query(
            .beginRequest,
            [
                .int64(holder.id), .text(holder.actor), .text(request.method),
                .text(request.path.storable(bytes: 1024)),
                .optional(request.round?.rawValue, .int64, PostgresValue.int64),
                .text(request.reason.storable(bytes: 2000)), .optional(request.key, .text, PostgresValue.text),
                .bytea(request.bodyHash.bytes),
            ]
        ).only()
        if try row.bool("is_new") { return .new(try row.int64("id")) }
        guard try row.bool("is_same") else { return .differs }
        guard let status = try row.int32OrNil("status") else { return .unfinished }
        return .answered(status: Int(status), answer: try row.textOrNil("answer") ?? "")
    }

    /// Keeps what a request came to.
    public func end(_ request: Int64, status: Int, answer: String) async throws {
        _ = try await query(.endRequest, [.int64(request), .int32(Int32(clamping: status)), .text(answer)])
    }

    /// Sets a budget's caps where they are those that the caller has seen; nil leaves one as it is.
    /// - Returns: whether that changed anything; nil where they are not the seen ones
    public func replaceCaps(
        _ round: RoundID,
        number: Int,
        seen: (tokens: Int64?, money: Money?),
        tokens: Int64?,
        money: Money?,
        by authority: Authority
    ) async throws -> Bool? {
        let optional = { (value: Int64?) in PostgresValue.optional(value, .int64, PostgresValue.int64) }
        let row = try await query(
            .replaceCaps,
            [
                .int64(round.rawValue), .int32(Int32(clamping: number)), optional(seen.tokens),
                optional(seen.money?.billionths), optional(tokens), optional(money?.billionths),
                .text(authority.reason.storable(bytes: 2000)), .text(authority.actor.storable(bytes: 256)),
            ]
        ).only()
        return try row.int64OrNil("count").map { $0 > 0 }
    }

    /// Whether this program can use the database's schema.
    public func schemaFits() async throws -> Bool { try await schemaStatus().fits }
}
