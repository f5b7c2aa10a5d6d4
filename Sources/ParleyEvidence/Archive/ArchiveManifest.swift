// What an archive of a round says of itself. The archive's name is the hash of this, which holds the hashes of all else.

public import ParleyModel

/// The contents of an archive (`schemas/json/archive.schema.json`).
public struct ArchiveManifest: Hashable, Sendable, Codable {
    /// A table's rows in the file.
    public struct Table: Hashable, Sendable, Codable {
        public var name: String
        /// In the order in which they stand in each row.
        public var columns: [String]
        public var rows: Int
        /// Where its frames begin in the file, and how many bytes they have.
        public var offset: Int
        public var storedBytes: Int
        /// Of the rows in PostgreSQL's binary format of COPY: their length and SHA-256.
        public var bytes: Int
        public var hash: ContentHash
    }

    /// The round that it holds.
    public struct Round: Hashable, Sendable, Codable {
        public var name: RoundName
        /// Its number in the database that it was in.
        public var number: RoundID
        public var state: String
        public var definitionHash: ContentHash

        public init(name: RoundName, number: RoundID, state: String, definitionHash: ContentHash) {
            self.name = name
            self.number = number
            self.state = state
            self.definitionHash = definitionHash
        }
    }

    /// Of the file; this program knows 1.
    public var format: Int
    /// Migrations of the database; it is restored into one of the same.
    public var schema: Int
    public var round: Round
    /// The database that it was in, in words for people.
    public var from: String
    public var tables: [Table]

    public init(schema: Int, round: Round, from: String) {
        format = Self.currentFormat
        self.schema = schema
        self.round = round
        self.from = from
        tables = []
    }

    static let currentFormat = 1

    /// What the archive is called in ledgers.
    public var hash: ContentHash {
        get throws { ContentHash(of: try JSONValue(encoding: self)) }
    }
}
