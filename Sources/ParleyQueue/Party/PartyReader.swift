// A round as one of its parties sees it. What is withheld is withheld by the database: nothing here decides it.

public import ParleyModel
public import ParleyPostgres

/// A party's reading of its rounds, by a login that was granted to it.
public struct PartyReader: Sendable {
    let pool: PostgresPool

    /// - Parameter pool: connects as a member of `QueueSchema.partyRole`
    public init(pool: PostgresPool) { self.pool = pool }

    /// Whether something is shown by now.
    public enum Status: String, Hashable, Sendable, Codable { case shown, withheld }

    public struct Round: Hashable, Sendable, Codable {
        public let round: RoundName
        public let title: String
        public let state: RoundState
        public let simulated: Bool
        public let definitionHash: ContentHash
        /// As whom it is read.
        public let party: PartyName
    }

    public struct Suite: Hashable, Sendable, Codable {
        public let suite: SuiteName
        public let title: String
        public let party: PartyName
        public let areas: [String]
        public let heldOut: Bool
        public let samples: Int
        public let epochs: Int
        public let epochReducer: EpochReducer?
        /// What it makes of each kind of outcome.
        public let kinds: [OutcomeKind: KindTreatment]
        public let digest: String
        public let prompts: Status
        /// Of solver and scorer, the judges' prompts included.
        public let rubric: Status
    }

    public struct Cell: Hashable, Sendable, Codable {
        public let number: Int
        public let suite: SuiteName
        public let configuration: ConfigurationName
        public let model: ModelName
        public let party: PartyName
        public let planned: Int
        public let scores: Status
        public let transcripts: Status
    }

    /// The rounds that this login reads.
    public func rounds() async throws -> [Round] {
        try await query(.rounds).map { row in
            Round(
                round: RoundName(try row.text("round")),
                title: try row.text("title"),
                state: try known(RoundState(rawValue: row.text("state")), "state"),
                simulated: try row.bool("simulated"),
                definitionHash: try ContentHash(stored: row.bytea("definition_hash")),
                party: PartyName(try row.text("party"))
            )
        }
    }

    public func suites(of round: RoundName) async throws -> [Suite] {
        try await query(.suites, [.text(round.text)]).map { row in
            Suite(
                suite: SuiteName(try row.text("suite")),
                title: try row.text("title"),
                party: PartyName(try row.text("party")),
                areas: try row.textArray("areas").compactMap(\.self),
                heldOut: try row.bool("held_out"),
                samples: Int(try row.int32("samples")),
                epochs: Int(try row.int32("epochs")),
                epochReducer: try row.textOrNil("epoch_reducer").flatMap { EpochReducer($0) },
                kinds: try JSONValue(parsing: row.text("kinds")).decode([OutcomeKind: KindTreatment].self),
                digest: try row.text("digest"),
                prompts: try known(Status(rawValue: row.text("prompts")), "status"),
                rubric: try row.textOrNil("rubric") == nil ? .withheld : .shown
            )
        }
    }

    public func cells(of round: RoundName) async throws -> [Cell] {
        try await query(.cells, [.text(round.text)]).map { row in
            Cell(
                number: Int(try row.int32("cell_no")),
                suite: SuiteName(try row.text("suite")),
                configuration: ConfigurationName(try row.text("configuration")),
                model: ModelName(try row.text("model")),
                party: PartyName(try row.text("party")),
                planned: Int(try row.int64("planned")),
                scores: try known(Status(rawValue: row.text("scores")), "status"),
                transcripts: try known(Status(rawValue: row.text("transcripts")), "status")
            )
        }
    }

    func query(_ statement: PartyStatement, _ parameters: [PostgresValue] = []) async throws -> PostgresRows {
        try await pool.query(statement.rawValue, parameters)
    }

    private func known<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else {
            throw ParleyFailure(.database, "The database holds a \(what) that this program does not know.")
        }
        return value
    }
}
