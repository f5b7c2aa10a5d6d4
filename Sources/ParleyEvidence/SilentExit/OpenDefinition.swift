// A sealed definition as a reader sees it: what is shared, all commitments, and the leaves that are open to this reader,
// each with its salt. It holds no key. Invariant: whatever is open is what was signed; what is closed may be a party, a
// comparison or nothing.

public import ParleyModel

/// A definition with some of its leaves open.
public struct OpenDefinition: Hashable, Sendable {
    public static let format = "parley.open-definition/1"

    struct Leaf: Hashable, Sendable {
        let content: JSONValue
        let salt: [UInt8]
    }

    public let shared: JSONValue
    public let leaves: [ContentHash]
    let opened: [Int: Leaf]
    /// The definition of the parties whose leaves are open.
    public let definition: RoundDefinition

    /// - Throws: `verification` where it is not what has this digest
    init(shared: JSONValue, leaves: [ContentHash], opened: [Int: Leaf], digest: ContentHash) throws {
        func refuse(_ reason: String) -> ParleyFailure {
            ParleyFailure(.verification, "The definition is not the one that was signed: \(reason).")
        }
        guard leaves.count == DefinitionTree.leafCount,
            zip(leaves, leaves.dropFirst()).allSatisfy({ $0.bytes.lexicographicallyPrecedes($1.bytes) })
        else { throw refuse("it has not \(DefinitionTree.leafCount) leaves in their order") }
        guard Self.digest(shared, leaves) == digest else { throw refuse("what is shared or a leaf was changed") }
        for (index, leaf) in opened {
            guard leaves.indices.contains(index), leaf.salt.count == Commitment.saltLength,
                Commitment.commit(to: leaf.content, salt: leaf.salt) == leaves[index]
            else { throw refuse("leaf \(index) is not what was committed to") }
        }
        self.shared = shared
        self.leaves = leaves
        self.opened = opened
        let parts = [shared] + opened.sorted { $0.key < $1.key }.map(\.value.content)
        var definition = try DefinitionParts.join(parts.map { $0.object ?? [:] })
        definition.treeDigest = digest
        self.definition = definition
    }

    /// What was signed, from what everybody may see.
    static func digest(_ shared: JSONValue, _ leaves: [ContentHash]) -> ContentHash {
        let root = MerkleTree(leafHashes: leaves.map { MerkleTree.leafHash($0.bytes) }).root
        return ContentHash(
            of: ["format": .string(DefinitionTree.format), "leaves": root.json, "shared": shared] as JSONValue
        )
    }

    /// The file form.
    public var json: JSONValue {
        let open = opened.sorted { $0.key < $1.key }.map { index, leaf -> JSONValue in
            ["leaf": .integer(Int64(index)), "content": leaf.content, "salt": .string(Base64.encode(leaf.salt))]
        }
        return [
            "format": .string(Self.format), "shared": shared,
            "leaves": .array(leaves.map { .string($0.description) }), "open": .array(open),
        ]
    }

    /// Reads the file form.
    /// - Parameter digest: what the parties signed
    /// - Throws: where it has another form, or is not what has this digest
    public init(json: JSONValue, digest: ContentHash) throws {
        var opened: [Int: Leaf] = [:]
        guard json["format"]?.string == Self.format, json.object?.count == 4, let shared = json["shared"],
            let texts = json["leaves"]?.array, let open = json["open"]?.array
        else { throw ParleyFailure(.invalidInput, "This is no definition of the form \(Self.format).") }
        for entry in open {
            guard entry.object?.count == 3, let index = entry["leaf"]?.integer, let content = entry["content"],
                let salt = entry["salt"]?.string.flatMap(Base64.decode),
                opened.updateValue(Leaf(content: content, salt: salt), forKey: Int(index)) == nil
            else { throw ParleyFailure(.invalidInput, "A leaf of the definition lacks its place, content or salt.") }
        }
        let leaves = texts.compactMap { $0.string.flatMap { ContentHash($0) } }
        try self.init(shared: shared, leaves: leaves, opened: opened, digest: digest)
    }

    /// The leaves that are open, ascending.
    public var openLeaves: [Int] { opened.keys.sorted() }

    /// Proves that an open leaf belongs to what was signed (RFC 6962, section 2.1.1) to somebody who is shown no other;
    /// nil where the leaf is not open.
    public func proof(of index: Int) -> [ContentHash]? {
        guard opened[index] != nil else { return nil }
        return MerkleTree(leafHashes: leaves.map { MerkleTree.leafHash($0.bytes) }).inclusionProof(of: index)
    }
}
