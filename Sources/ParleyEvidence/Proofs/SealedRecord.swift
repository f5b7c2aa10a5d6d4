// One line of a package whose content some recipients may not see: where it stands, and either its content with the salt
// or the commitment to it. Both give the same leaf, so that every recipient's package has the same Merkle root, and one
// that hides a content still proves that it is there.

public import ParleyModel

/// A content at a place, open or only committed to.
public struct SealedRecord: Hashable, Sendable {
    /// What tells where it stands; shown to everybody.
    public let position: JSONValue
    /// nil where it is hidden.
    public let content: JSONValue?
    public let commitment: ContentHash
    private let salt: [UInt8]

    /// A record that is open.
    public init(position: JSONValue, content: JSONValue, salt: [UInt8]) {
        self.position = position
        self.content = content
        self.salt = salt
        commitment = Commitment.commit(to: content, salt: salt)
    }

    private init(position: JSONValue, commitment: ContentHash) {
        self.position = position
        self.commitment = commitment
        content = nil
        salt = []
    }

    /// The same without its content.
    public var hidden: SealedRecord { SealedRecord(position: position, commitment: commitment) }

    /// The hash of its leaf: `{"commitment":…,"position":…}` in canonical form.
    public var leafHash: ContentHash {
        MerkleTree.leafHash(
            (["commitment": .string(commitment.description), "position": position] as JSONValue).canonicalBytes
        )
    }

    /// The line of the file.
    public var json: JSONValue {
        guard let content else { return ["position": position, "commitment": .string(commitment.description)] }
        return ["position": position, "content": content, "salt": .string(Base64.encode(salt))]
    }

    /// nil where the line has another form.
    public init?(json: JSONValue) {
        guard let members = json.object, let position = members["position"], position.object != nil else { return nil }
        switch Set(members.keys) {
        case ["position", "commitment"]:
            guard let hash = json["commitment"]?.string.flatMap({ ContentHash($0) }) else { return nil }
            self.init(position: position, commitment: hash)
        case ["position", "content", "salt"]:
            guard let content = members["content"], let salt = json["salt"]?.string.flatMap(Base64.decode),
                salt.count == Commitment.saltLength
            else { return nil }
            self.init(position: position, content: content, salt: salt)
        default: return nil
        }
    }
}

extension [SealedRecord] {
    /// The root over these records in their order.
    public var root: MerkleRoot { MerkleTree(leafHashes: map(\.leafHash)).root }

    /// The file form.
    public var bytes: [UInt8] { flatMap { $0.json.canonicalBytes + [0x0A] } }

    /// Reads the file form. Throws the first line that is no record, or not in canonical form.
    public init(parsing bytes: [UInt8]) throws(Ledger.Fault) {
        self = []
        for (index, line) in try JSONLines.split(bytes, limit: Ledger.lineLimit).enumerated() {
            let line = [UInt8](line)
            guard let json = try? JSONValue(parsing: line), let record = SealedRecord(json: json) else {
                throw Ledger.Fault(line: index + 1, reason: "it is no record with a position and a content")
            }
            guard json.canonicalBytes == line else {
                throw Ledger.Fault(line: index + 1, reason: "it is not in canonical form")
            }
            append(record)
        }
    }
}
