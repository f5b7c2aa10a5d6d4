// A witness: a party's signature over the head of a ledger, kept by that party outside the database. Whoever holds the
// database can rebuild a whole chain, but not to a head that was signed before. A witness covers the lines up to its
// head; what came after the last one is covered by nothing but the chain itself.

public import ParleyModel

/// What a party said of a ledger's head.
public struct Witness: Hashable, Sendable {
    public static let subject = "ledger.jsonl"

    public let round: RoundName
    /// How many entries the chain had.
    public let sequence: Int
    public let head: ContentHash
    /// The Merkle root of the outcomes then, and their number; nil where none was stated.
    public let outcomes: MerkleRoot?
    /// When the witness says that it signed; nothing proves that time but the witness's word.
    public let at: String

    public init(round: RoundName, sequence: Int, head: ContentHash, outcomes: MerkleRoot?, at: String) {
        self.round = round
        self.sequence = sequence
        self.head = head
        self.outcomes = outcomes
        self.at = at
    }

    /// What is signed.
    public var statement: Statement {
        var content: [String: JSONValue] = [
            "round": .string(round.text), "sequence": .integer(Int64(sequence)), "at": .string(at),
        ]
        content["outcomes"] = outcomes.map(\.json)
        return Statement(subject: Self.subject, digest: head, predicate: .ledgerHead, content: .object(content))
    }

    /// The witness of an envelope whose signatures were checked.
    public init(in envelope: DSSEEnvelope) throws(ParleyFailure) {
        let statement = try Statement(in: envelope, expecting: .ledgerHead)
        guard let round = statement.content["round"]?.string, let at = statement.content["at"]?.string,
            let sequence = statement.content["sequence"]?.integer, sequence >= 0
        else { throw ParleyFailure(.invalidInput, "A witness lacks its round, its sequence number or its time.") }
        var outcomes: MerkleRoot?
        if let json = statement.content["outcomes"] {
            guard let root = MerkleRoot(json: json) else {
                throw ParleyFailure(.invalidInput, "A witness states the root of outcomes in no form that is known.")
            }
            outcomes = root
        }
        self.init(
            round: RoundName(round),
            sequence: Int(sequence),
            head: statement.digest,
            outcomes: outcomes,
            at: at
        )
    }
}

extension Witness {
    /// What a party would sign of a package that it has checked.
    public init(of package: PackageFiles, at: String) throws(ParleyFailure) {
        let manifest = try PackageManifest(in: package)
        self.init(
            round: manifest.round,
            sequence: manifest.ledger.entries,
            head: manifest.ledger.head,
            outcomes: MerkleRoot(count: manifest.outcomes.count, root: manifest.outcomes.root),
            at: at
        )
    }
}
