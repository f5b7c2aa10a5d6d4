// Merkle trees as in RFC 6962, section 2.1: a leaf is hashed after a byte 0, an inner node after a byte 1, so that no
// leaf can pass for a node; a tree of n leaves splits at the largest power of two below n. One root then stands for all
// outcomes in their order, and one outcome is proved by about log₂ n hashes.

public import ParleyModel

/// The root of a tree and how many leaves it has.
public struct MerkleRoot: Hashable, Sendable {
    public let count: Int
    public let root: ContentHash

    public init(count: Int, root: ContentHash) {
        self.count = count
        self.root = root
    }

    init?(json: JSONValue) {
        guard let count = json["count"]?.integer, count >= 0,
            let root = json["root"]?.string.flatMap({ ContentHash($0) })
        else { return nil }
        self.init(count: Int(count), root: root)
    }

    var json: JSONValue { ["count": .integer(Int64(count)), "root": .string(root.description)] }
}

/// A tree over leaves in a fixed order.
public struct MerkleTree: Sendable {
    /// By level from the leaves up: the hashes of the complete subtrees, and at the end of a level the odd rest.
    private let levels: [[ContentHash]]

    /// MTH({d(0)}) = SHA-256(0x00 || d(0)).
    public static func leafHash(_ data: [UInt8]) -> ContentHash { ContentHash(of: [0x00] + data) }

    static func nodeHash(_ left: ContentHash, _ right: ContentHash) -> ContentHash {
        ContentHash(of: [0x01] + left.bytes + right.bytes)
    }

    public init(leafHashes: [ContentHash]) {
        var levels = [leafHashes]
        while let level = levels.last, level.count > 1 {
            // Pairing from the left, the odd one moving up, gives the splits of RFC 6962.
            levels.append(
                stride(from: 0, to: level.count, by: 2).map { index in
                    index + 1 < level.count ? Self.nodeHash(level[index], level[index + 1]) : level[index]
                }
            )
        }
        self.levels = levels
    }

    public var count: Int { levels[0].count }

    /// The root; of no leaves the hash of nothing.
    public var root: MerkleRoot {
        MerkleRoot(count: count, root: levels.last?.first ?? ContentHash(of: []))
    }

    /// The audit path of a leaf, from the leaf's sibling up (RFC 6962, section 2.1.1); nil beyond the leaves.
    public func inclusionProof(of index: Int) -> [ContentHash]? {
        guard levels[0].indices.contains(index) else { return nil }
        var path: [ContentHash] = []
        var position = index
        for level in levels.dropLast() {
            let sibling = position ^ 1
            if sibling < level.count { path.append(level[sibling]) }
            position >>= 1
        }
        return path
    }
}

extension MerkleRoot {
    /// Whether a path proves that the leaf stands at an index of this tree (RFC 9162, section 2.1.3.2).
    public func includes(leaf: ContentHash, at index: Int, path: [ContentHash]) -> Bool {
        guard index >= 0, index < count else { return false }
        var position = index
        var last = count - 1
        var hash = leaf
        for sibling in path {
            guard last > 0 else { return false }
            if position & 1 == 1 || position == last {
                hash = MerkleTree.nodeHash(sibling, hash)
                while position & 1 == 0, position > 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleTree.nodeHash(hash, sibling)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }
}
