// What parties signed of a round, as the database keeps it: envelopes, each with one signature. The database cannot check
// a signature; whoever adds one has checked it, and whoever relies on one checks it again.

public import ParleyModel
import ParleyPostgres

/// A party of a round as the database holds it.
public struct RoundParty: Hashable, Sendable {
    public let name: PartyName
    public let role: Party.Role
    /// What names it in the ledger.
    public let handle: String
    /// Whether its signature is needed.
    public let isRequired: Bool
    /// The 32 bytes of its public key.
    public let key: [UInt8]?
}

/// An envelope that was added to a round.
public struct StoredSignature: Hashable, Sendable {
    /// What was signed.
    public enum Kind: String, Hashable, Sendable { case definition, amendment, witness }

    public let kind: Kind
    /// The hash of what was signed.
    public let subject: ContentHash
    public let party: PartyName
    /// Of a witness: how many entries the ledger had.
    public let sequence: Int?
    /// Canonical JSON.
    public let envelope: String
    /// By the database's clock, in microseconds since the Unix epoch.
    public let atMicros: Int64
}

/// A change of what was agreed.
public struct StoredAmendment: Hashable, Sendable {
    /// From 1.
    public let number: Int
    /// Canonical JSON.
    public let content: String
    public let hash: ContentHash
    /// Signatures that it still lacks.
    public let lacking: Int
}

/// Where the ledger and its last witness by one key stand.
public struct WitnessStanding: Hashable, Sendable {
    /// Entries of the ledger.
    public let sequence: Int
    /// The entry of the last change of state.
    public let moved: Int
    /// What the last witness covered, and how long ago it was.
    public let witnessed: Int?
    public let age: Duration?
}

extension CoordinatorQueue {
    public func parties(of round: RoundID) async throws -> [RoundParty] {
        try await query(.roundParties, [.int64(round.rawValue)]).map { row in
            RoundParty(
                name: PartyName(try row.text("party")),
                role: Party.Role(rawValue: try row.text("role")) ?? .observer,
                handle: try row.text("handle"),
                isRequired: try row.bool("required"),
                key: try row.byteaOrNil("key")
            )
        }
    }

    /// Keeps an envelope whose signature was checked.
    /// - Parameter sequence: of a witness, how many entries the ledger had
    /// - Returns: whether it is new
    public func add(
        _ kind: StoredSignature.Kind,
        of subject: ContentHash,
        key: ContentHash,
        party: PartyName,
        sequence: Int? = nil,
        envelope: String,
        to round: RoundID
    ) async throws -> Bool {
        try await queryByState(
            .addSignature,
            [
                .int64(round.rawValue), .text(kind.rawValue), .bytea(subject.bytes), .bytea(key.bytes),
                .text(party.text), .optional(sequence.map { Int64($0) }, .int64, PostgresValue.int64),
                .text(envelope),
            ]
        ).only().bool(0)
    }

    /// The envelopes of one kind, in the order in which they were added.
    public func signatures(_ kind: StoredSignature.Kind, of round: RoundID) async throws -> [StoredSignature] {
        try await query(.signatures, [.int64(round.rawValue), .text(kind.rawValue)]).map { row in
            StoredSignature(
                kind: kind,
                subject: try ContentHash(stored: row.bytea("subject")),
                party: PartyName(try row.text("party")),
                sequence: try row.int64OrNil("sequence").map { Int($0) },
                envelope: try row.text("envelope"),
                atMicros: try row.timestamptz("at")
            )
        }
    }

    /// Adds a change to what was agreed; it counts once it is signed as the round was.
    /// - Parameter content: canonical JSON
    /// - Returns: its number; the same where it was added before
    public func amend(
        _ round: RoundID,
        _ content: String,
        hash: ContentHash,
        by authority: Authority
    ) async throws -> Int {
        Int(
            try await queryByState(
                .amend,
                [
                    .int64(round.rawValue), .text(content), .bytea(hash.bytes),
                    .text(authority.actor.storable(bytes: 256)), .text(authority.reason.storable(bytes: 2048)),
                ]
            ).only().int32(0)
        )
    }

    public func amendments(of round: RoundID) async throws -> [StoredAmendment] {
        try await query(.amendments, [.int64(round.rawValue)]).map { row in
            StoredAmendment(
                number: Int(try row.int32("number")),
                content: try row.text("content"),
                hash: try ContentHash(stored: row.bytea("hash")),
                lacking: Int(try row.int32("lacking"))
            )
        }
    }

    /// Where the ledgers of all rounds but drafts, and their last witnesses by this key, stand.
    public func witnessStandings(key: ContentHash) async throws -> [RoundID: WitnessStanding] {
        try await query(.witnessStandings, [.bytea(key.bytes)]).reduce(into: [:]) { standings, row in
            standings[RoundID(try row.int64("id"))] = WitnessStanding(
                sequence: Int(try row.int64("sequence")),
                moved: Int(try row.int64OrNil("moved") ?? 0),
                witnessed: try row.int64OrNil("witnessed").map { Int($0) },
                age: try row.float64OrNil("age").map { .seconds($0) }
            )
        }
    }
}
