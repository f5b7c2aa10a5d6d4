// The keys of held-out suites as the database holds them: wrapped, one row for each recipient. Opaque here; what opens
// them is in ParleyEvidence.

public import ParleyModel
import ParleyPostgres

/// A data key, wrapped for one recipient.
public struct WrappedKey: Hashable, Sendable {
    /// The suite's index in the definition.
    public let suite: Int
    /// Whose models' transcripts it is for; nil for the pack of samples.
    public let party: PartyName?
    /// SHA-256 of the recipient's public key, and whose it is said to be.
    public let recipient: ContentHash
    public let holder: String
    public let wrapped: [UInt8]

    public init(
        suite: Int,
        party: PartyName?,
        recipient: ContentHash,
        holder: String,
        wrapped: [UInt8]
    ) {
        self.suite = suite
        self.party = party
        self.recipient = recipient
        self.holder = holder
        self.wrapped = wrapped
    }
}

extension WrappedKey {
    static func parameters(_ keys: [WrappedKey], round: RoundID, by actor: String) -> [PostgresValue] {
        [
            .int64(round.rawValue), .int32Array(keys.map { Int32(clamping: $0.suite) }),
            .textArray(keys.map { $0.party?.text ?? "" }), .byteaArray(keys.map(\.recipient.bytes)),
            .textArray(keys.map(\.holder)), .byteaArray(keys.map(\.wrapped)), .text(actor),
        ]
    }
}

extension CoordinatorQueue {
    /// Keeps wrapped keys of a round; those that are there already stay as they are.
    /// - Returns: how many are new
    @discardableResult
    public func add(_ keys: [WrappedKey], to round: RoundID, by actor: String) async throws -> Int {
        if keys.isEmpty { return 0 }
        return try await query(.insertKeys, WrappedKey.parameters(keys, round: round, by: actor)).count
    }

    /// Destroys every wrapped key of a tested party's transcripts: what its models answered to held-out suites can be read
    /// by nobody any more, as far as this database goes. There is no way back.
    /// The ledger says that it was done, and not whose they were.
    /// - Returns: how many there were
    public func destroyKeys(of party: PartyName, in round: RoundID, by authority: Authority) async throws -> Int {
        let count = try await query(.destroyKeys, [.int64(round.rawValue), .text(party.text)]).count
        if count > 0 { try await append(to: round, "keys destroyed", subject: "\(count)", by: authority) }
        return count
    }

    /// All wrapped keys of a round.
    public func keys(round: RoundID) async throws -> [WrappedKey] {
        try await query(.keys, [.int64(round.rawValue)]).map { row in
            let party = try row.text("party")
            return WrappedKey(
                suite: Int(try row.int32("suite_no")),
                party: party.isEmpty ? nil : PartyName(party),
                recipient: try ContentHash(stored: row.bytea("recipient")),
                holder: try row.text("holder"),
                wrapped: try row.bytea("wrapped")
            )
        }
    }
}

extension WorkerQueue {
    /// The keys of running rounds that are wrapped for a recipient, of rounds to which this worker is admitted.
    public nonisolated(nonsending) func keys(for recipient: ContentHash) async throws -> [(
        round: RoundID, key: WrappedKey
    )] {
        let rows = try await pool.query(
            WorkerStatement.keys.rawValue,
            [.int64(worker.rawValue), .bytea(recipient.bytes)]
        )
        return try rows.map { row in
            let party = try row.text(2)
            let key = WrappedKey(
                suite: Int(try row.int32(1)),
                party: party.isEmpty ? nil : PartyName(party),
                recipient: recipient,
                holder: "",
                wrapped: try row.bytea(3)
            )
            return (RoundID(try row.int64(0)), key)
        }
    }

    /// Takes jobs of these held-out suites from here on, and of no others.
    public nonisolated(nonsending) func offer(_ suites: [(round: RoundID, suite: Int)]) async throws {
        _ = try await pool.query(
            WorkerStatement.offer.rawValue,
            [
                .int64(worker.rawValue), .int64Array(suites.map(\.round.rawValue)),
                .int32Array(suites.map { Int32(clamping: $0.suite) }),
            ]
        )
    }
}
