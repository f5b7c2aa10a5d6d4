// A definition that a lab can leave: what is shared in the clear, and a Merkle tree of salted commitments to the parts
// about labs, whose contents lie beside it encrypted. Signatures cover the root. Invariant: there are always 64 leaves in
// the order of their hashes, and 64 blobs of one length; without a lab's secret its leaves cannot be told from the leaves
// that are noise from the start, and no guess at their content can be confirmed.

public import ParleyModel

/// A definition with its parts about labs sealed.
public struct DefinitionTree: Hashable, Sendable {
    public static let format = "parley.definition-tree/1"
    /// The leaves of every tree: enough for ten labs with items about each pair of them.
    public static let leafCount = 64

    public let shared: JSONValue
    /// The commitments, ascending by their bytes.
    public let leaves: [ContentHash]
    /// Random bytes that the leaves' keys depend on as well.
    let draw: [UInt8]
    /// What each leaf holds, encrypted.
    let sealed: [[UInt8]]

    /// Takes a definition apart and seals it.
    /// - Throws: where a lab has no secret, a text names a lab where others would still read it, or the parts are more
    ///   than the leaves
    public init(of definition: RoundDefinition, secrets: [PartySecret]) throws {
        let parts = try DefinitionParts(of: definition)
        let byParty = Dictionary(secrets.map { ($0.party, $0) }, uniquingKeysWith: { first, _ in first })
        if let lab = definition.parties.first(where: { $0.role == .lab && byParty[$0.name] == nil }) {
            throw ParleyFailure(.invalidInput, "There is no secret of lab '\(lab.name)' to seal its part under.")
        }
        guard parts.byLabs.count <= Self.leafCount else {
            throw ParleyFailure(
                .invalidInput,
                "The definition of round '\(definition.name)' has \(parts.byLabs.count) parts about labs; a tree has "
                    + "\(Self.leafCount) leaves.",
                remedy: "Name fewer comparisons between labs."
            )
        }
        let draw = Self.random(32)
        var made: [(leaf: ContentHash, key: LeafKey?, plain: [UInt8])] = parts.byLabs.map { labs, part in
            let key = LeafKey(labs.compactMap { byParty[$0] }, draw: draw)
            let content = JSONValue.object(part)
            return (Commitment.commit(to: content, salt: key.salt), key, content.canonicalBytes)
        }
        while made.count < Self.leafCount {
            made.append((ContentHash(of: Self.random(32)), nil, []))
        }
        made.sort { $0.leaf.bytes.lexicographicallyPrecedes($1.leaf.bytes) }
        let length = Self.length(for: made.map(\.plain.count).max() ?? 0)
        shared = .object(parts.shared)
        self.draw = draw
        leaves = made.map(\.leaf)
        sealed = try made.map { leaf throws(ParleyFailure) in
            let padded = leaf.plain + Array(repeating: 0x20, count: length - leaf.plain.count)
            return try leaf.key?.seal(padded) ?? Self.random(12 + length + 16)
        }
    }

    /// Throws the first of these texts that tells of a lab.
    public static func requireSilence(of texts: [String], in definition: RoundDefinition) throws(ParleyFailure) {
        let marks = LabMarks(of: definition)
        for text in texts {
            guard let (mark, lab, _) = marks.found(in: .string(text), besides: []) else { continue }
            throw ParleyFailure(
                .invalidInput,
                "'\(text.prefix(120))' names '\(mark)' of lab '\(lab)', and would stand in the database.",
                remedy: "Say it without the lab, which may leave the round silently."
            )
        }
    }

    /// What the parties sign.
    public var digest: ContentHash { OpenDefinition.digest(shared, leaves) }

    /// The parts that these secrets open; those about anybody else stay closed.
    /// - Throws: where a leaf was changed
    public func opened(with secrets: [PartySecret]) throws -> OpenDefinition {
        let byNonce = Dictionary(sealed.indices.map { (Array(sealed[$0].prefix(12)), $0) }) { first, _ in first }
        var opened: [Int: OpenDefinition.Leaf] = [:]
        for labs in Self.subsets(secrets.sorted { $0.party < $1.party }) {
            let key = LeafKey(labs, draw: draw)
            guard let index = byNonce[key.nonce] else { continue }
            opened[index] = OpenDefinition.Leaf(
                content: try JSONValue(parsing: key.open(sealed[index])),
                salt: key.salt
            )
        }
        return try OpenDefinition(shared: shared, leaves: leaves, opened: opened, digest: digest)
    }

    /// What the names of these parties become in the database.
    public func veil(_ secrets: [PartySecret]) -> Veil { Veil(secrets, draw: draw) }

    /// What a stored definition is the veil of, and the veil.
    /// - Returns: nothing opened where the secret of a lab in it is missing. A secret of a lab that is not in it, of one that
    ///   has left, opens nothing.
    /// - Throws: where the stored one is not the veil of what was signed
    public func read(
        as stored: RoundDefinition,
        with secrets: [PartySecret]
    ) throws -> (opened: OpenDefinition?, veil: Veil) {
        let all = veil(secrets)
        let present = Set(stored.parties.map(\.name))
        let known = secrets.filter { present.contains(all.handle(of: $0.party)) }
        let veil = veil(known)
        let opened = try opened(with: known)
        guard opened.definition.parties.count == stored.parties.count else { return (nil, veil) }
        guard try veil.veiled(opened.definition).json() == stored.json() else {
            throw ParleyFailure(
                .verification,
                "The stored definition of round '\(stored.name)' is not the one that was signed: it was changed.",
                remedy: "Restore the database from a backup; findings from this round cannot be trusted."
            )
        }
        return (opened, veil)
    }

    /// The file form. It tells nothing of a lab to whoever lacks its secret.
    public var json: JSONValue {
        [
            "format": .string(Self.format), "shared": shared, "draw": .string(Base64.encode(draw)),
            "leaves": .array(leaves.map { .string($0.description) }),
            "sealed": .array(sealed.map { .string(Base64.encode($0)) }),
        ]
    }

    /// Reads the file form. Throws where it has another, or is not what has this digest.
    public init(json: JSONValue, digest: ContentHash) throws(ParleyFailure) {
        guard json["format"]?.string == Self.format, let shared = json["shared"],
            let draw = json["draw"]?.string.flatMap(Base64.decode),
            let leaves = json["leaves"]?.array?.compactMap({ $0.string.flatMap { ContentHash($0) } }),
            let sealed = json["sealed"]?.array?.compactMap({ $0.string.flatMap(Base64.decode) }),
            leaves.count == Self.leafCount, sealed.count == Self.leafCount
        else { throw ParleyFailure(.invalidInput, "This is no definition of the form \(Self.format).") }
        self.shared = shared
        self.draw = draw
        self.leaves = leaves
        self.sealed = sealed
        guard self.digest == digest else {
            throw ParleyFailure(
                .verification,
                "The stored tree of the definition does not have the digest that was signed: it was changed.",
                remedy: "Restore the database from a backup; findings from this round cannot be trusted."
            )
        }
    }

    /// A power of two, so that it tells little of the longest part.
    private static func length(for count: Int) -> Int {
        var length = 4096
        while length < count { length *= 2 }
        return length
    }

    static func random(_ count: Int) -> [UInt8] {
        var source = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &source) }
    }

    /// All sets of one to three of them.
    private static func subsets(_ secrets: [PartySecret]) -> [[PartySecret]] {
        var all: [[PartySecret]] = []
        var longest: [[PartySecret]] = [[]]
        for _ in 0..<DefinitionParts.labLimit {
            longest = longest.flatMap { set in
                secrets.filter { next in set.last.map { $0.party < next.party } ?? true }.map { set + [$0] }
            }
            all += longest
        }
        return all
    }
}
