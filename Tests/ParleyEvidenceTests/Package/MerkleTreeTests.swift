// Merkle trees against the published vectors of Certificate Transparency and against the recursive definition.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("A Merkle tree") struct MerkleTreeTests {
    /// The leaves of the test vectors of the Certificate Transparency project.
    private static let leaves: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57], (0x60...0x6f).map { $0 },
    ]
    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    private func tree(_ leaves: some Sequence<[UInt8]>) -> MerkleTree {
        MerkleTree(leafHashes: leaves.map(MerkleTree.leafHash))
    }

    /// MTH of RFC 6962, section 2.1, as it stands there.
    private func naive(_ leaves: ArraySlice<ContentHash>) -> ContentHash {
        guard let first = leaves.first else { return ContentHash(of: []) }
        if leaves.count == 1 { return first }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let left = naive(leaves.prefix(split))
        return ContentHash(of: [0x01] + left.bytes + naive(leaves.dropFirst(split)).bytes)
    }

    @Test("has the roots of the published vectors", arguments: 1...8)
    func vectors(count: Int) {
        #expect(tree(Self.leaves.prefix(count)).root.root.hex == Self.roots[count - 1])
    }

    @Test("of nothing is the hash of nothing")
    func empty() {
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(tree([]).root == MerkleRoot(count: 0, root: ContentHash(of: [])))
        #expect(tree([]).root.root.hex == expected && tree([]).inclusionProof(of: 0) == nil)
    }

    @Test("is that of the recursive definition, and each leaf is proved at its place alone")
    func proofs() throws {
        for count in 1...40 {
            let hashes = (0..<count).map { MerkleTree.leafHash([UInt8($0)]) }
            let tree = MerkleTree(leafHashes: hashes)
            #expect(tree.root.root == naive(hashes[...]), "\(count) leaves")
            for index in 0..<count {
                let path = try #require(tree.inclusionProof(of: index))
                for place in 0..<count {
                    let holds = tree.root.includes(leaf: hashes[index], at: place, path: path)
                    #expect(holds == (place == index), "leaf \(index) of \(count) at \(place)")
                }
                #expect(!tree.root.includes(leaf: hashes[index], at: index, path: path + [hashes[0]]))
                if !path.isEmpty {
                    #expect(!tree.root.includes(leaf: hashes[index], at: index, path: path.dropLast()))
                    var other = path
                    other[0] = ContentHash(of: [9])
                    #expect(!tree.root.includes(leaf: hashes[index], at: index, path: other))
                }
            }
            #expect(!tree.root.includes(leaf: hashes[0], at: -1, path: []))
            #expect(!tree.root.includes(leaf: hashes[0], at: count, path: []))
        }
    }

    @Test("cannot be fooled by a node that poses as a leaf")
    func secondPreimage() {
        let two = tree([[1], [2]])
        let node = MerkleTree.leafHash([1]).bytes + MerkleTree.leafHash([2]).bytes
        #expect(tree([node]).root.root != two.root.root)
    }

    @Test("is the same whether a record is open or hidden; another salt is another commitment")
    func commitments() {
        let salt = [UInt8](repeating: 1, count: 32)
        let record = SealedRecord(position: ["cell": 0], content: ["score": 1], salt: salt)
        #expect(record.hidden.leafHash == record.leafHash && record.hidden.content == nil)
        #expect(SealedRecord(json: record.json) == record && SealedRecord(json: record.hidden.json) == record.hidden)
        #expect([record, record.hidden].root == [record.hidden, record].root)
        let other = SealedRecord(position: ["cell": 0], content: ["score": 1], salt: [UInt8](repeating: 2, count: 32))
        #expect(other.commitment != record.commitment)
        let salts = MadeUpRound.salts
        #expect(salts.salt(cell: 1, sample: 2, epoch: 3) != salts.salt(cell: 1, sample: 3, epoch: 2))
        #expect(salts.salt(cell: 1, sample: 2, epoch: 3).count == Commitment.saltLength)
    }
}
