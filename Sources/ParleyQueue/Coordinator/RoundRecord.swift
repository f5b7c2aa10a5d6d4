// A round as the database lists it.

public import ParleyModel
import ParleyPostgres

/// A round as the database lists it. Times are microseconds since the Unix epoch, by the database's clock.
public struct RoundRecord: Hashable, Sendable {
    public let id: RoundID
    public let name: RoundName
    public let title: String
    public let tier: Tier
    public let state: RoundState
    public let isSimulated: Bool
    public let definitionHash: ContentHash
    public let createdAtMicros: Int64
    public let finishedAtMicros: Int64?
    /// How many parties take part: one less when a lab has left it.
    public let partyCount: Int
}

extension CoordinatorQueue {
    /// All rounds, oldest first.
    public func rounds() async throws -> [RoundRecord] {
        try await query(.rounds).map { row in
            guard let tier = Tier(rawValue: try row.text("tier")),
                let state = RoundState(rawValue: try row.text("state"))
            else {
                throw ParleyFailure(.database, "The database holds a tier or a state that this program does not know.")
            }
            return RoundRecord(
                id: RoundID(try row.int64("id")),
                name: RoundName(try row.text("name")),
                title: try row.text("title"),
                tier: tier,
                state: state,
                isSimulated: try row.bool("simulated"),
                definitionHash: try ContentHash(stored: row.bytea("definition_hash")),
                createdAtMicros: try row.timestamptz("created_at"),
                finishedAtMicros: try row.timestamptzOrNil("finished_at"),
                partyCount: Int(try row.int64("parties"))
            )
        }
    }

    /// The round of this name, nil where there is none.
    public func round(named name: RoundName) async throws -> RoundRecord? {
        try await rounds().first { $0.name == name }
    }

    /// The ISO code of the round's currency.
    public func currency(of round: RoundID) async throws -> String {
        guard let row = try await query(.currency, [.int64(round.rawValue)]).first else { throw Self.noRound(round) }
        return try row.text(0)
    }

    /// The definition of a round as it is stored: checked against its hash, or, of a round that a lab may leave, veiled.
    public func definition(of round: RoundID) async throws -> RoundDefinition {
        try await storedDefinition(of: round).definition
    }

    /// The same, with the tree that was signed in its place; nil where the definition itself was.
    public func storedDefinition(of round: RoundID) async throws -> (definition: RoundDefinition, tree: String?) {
        guard let row = try await query(.definition, [.int64(round.rawValue)]).first else {
            throw Self.noRound(round)
        }
        let json = try JSONValue(parsing: row.text(0))
        let hash = try ContentHash(stored: row.bytea(1))
        var definition = try json.decode(RoundDefinition.self)
        if let tree = try row.textOrNil(2) {
            definition.treeDigest = hash
            return (definition, tree)
        }
        guard ContentHash(of: json) == hash else {
            throw ParleyFailure(
                .database,
                "The stored definition of round \(round) does not match its hash: it was changed.",
                remedy: "Restore the database from a backup; findings from this round cannot be trusted."
            )
        }
        return (definition, nil)
    }
}
