import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("A definition that a lab can leave")
struct DefinitionTreeTests {
    private static func tree() throws -> DefinitionTree {
        try DefinitionTree(of: MediatedRound.definition(), secrets: MediatedRound.secrets)
    }

    @Test("All secrets together give the definition back")
    func wholeDefinition() throws {
        let tree = try Self.tree()
        let open = try tree.opened(with: MediatedRound.secrets.reversed())
        #expect(try open.definition.json() == MediatedRound.definition().json())
        // Three labs and three pairs.
        #expect(open.openLeaves.count == 6)
    }

    @Test("Without a lab's secret it is a round that never had the lab", arguments: MediatedRound.labs)
    func neverThere(lab: PartyName) throws {
        let tree = try Self.tree()
        let open = try tree.opened(with: MediatedRound.secrets(without: lab))
        let never = MediatedRound.definition(of: MediatedRound.labs.filter { $0 != lab })
        #expect(try open.definition.json() == never.json())
        // What the parties signed stays.
        #expect(open.leaves == tree.leaves)
        #expect(try OpenDefinition(json: open.json, digest: tree.digest) == open)
    }

    @Test("Where all comparisons went, nothing shows that there were any")
    func onlyOneLeft() throws {
        let open = try Self.tree().opened(with: [MediatedRound.secrets[0]])
        #expect(open.definition.primary == nil)
        #expect(open.definition.signatures == 2)
        #expect(open.openLeaves.count == 1)
    }

    @Test("Neither the sealed tree nor the open definition of the others holds a text of the lab that left")
    func noTrace() throws {
        let tree = try Self.tree()
        let open = try tree.opened(with: MediatedRound.secrets(without: "west"))
        #expect(!open.json.canonical.contains("west") && !tree.shared.canonical.contains("west"))
        // Long enough that no blob of random bytes holds it by chance.
        let text = Data("models.west.example".utf8)
        for bytes in [open.json.canonicalBytes] + tree.sealed {
            for form in [text, Data(text.base64EncodedString().prefix(24).utf8)] {
                #expect(Data(bytes).range(of: form) == nil)
            }
        }
        // With the secret it is found, so that the search is one.
        let whole = try tree.opened(with: MediatedRound.secrets)
        #expect(Data(whole.json.canonicalBytes).range(of: text) != nil)
    }

    @Test("However many labs there are, the leaves are as many, ordered by hash, and their blobs of one length")
    func padding() throws {
        for count in 1...3 {
            let labs = Array(MediatedRound.labs.prefix(count))
            let tree = try DefinitionTree(of: MediatedRound.definition(of: labs), secrets: MediatedRound.secrets)
            #expect(tree.leaves.count == 64)
            #expect(tree.leaves == tree.leaves.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
            #expect(Set(tree.leaves).count == 64)
            #expect(Set(tree.sealed.map(\.count)) == [12 + 4096 + 16])
        }
    }

    @Test("A leaf cannot be confirmed by guessing: the same content has another one each time")
    func unguessable() throws {
        let first = try Self.tree()
        let second = try Self.tree()
        #expect(Set(first.leaves).isDisjoint(with: second.leaves))
        let contents = try first.opened(with: MediatedRound.secrets).opened.values.map(\.content)
        for content in contents {
            #expect(!first.leaves.contains(ContentHash(of: content)))
            let unsalted = Commitment.commit(to: content, salt: [UInt8](repeating: 0, count: 32))
            #expect(!first.leaves.contains(unsalted))
        }
        // Another secret of the same party, or the others' secrets, open none of its leaves.
        let stranger = try first.opened(with: [PartySecret(party: "west")])
        #expect(stranger.openLeaves.isEmpty)
        #expect(try stranger.definition.json() == MediatedRound.definition(of: []).normalized.json())
    }

    @Test("The path of each open leaf leads to the root, and to no other place")
    func proofs() throws {
        let open = try Self.tree().opened(with: MediatedRound.secrets)
        let root = MerkleTree(leafHashes: open.leaves.map { MerkleTree.leafHash($0.bytes) }).root
        for index in open.openLeaves {
            let path = try #require(open.proof(of: index))
            let leaf = MerkleTree.leafHash(open.leaves[index].bytes)
            #expect(path.count == 6)
            #expect(root.includes(leaf: leaf, at: index, path: path))
            #expect(!root.includes(leaf: leaf, at: (index + 1) % 64, path: path))
        }
        let closed = try #require((0..<64).first { !open.openLeaves.contains($0) })
        #expect(open.proof(of: closed) == nil)
    }
}

extension RoundDefinition {
    /// As it is read back: no comparisons are no list of comparisons.
    fileprivate var normalized: RoundDefinition {
        var copy = self
        if copy.primary == [] { copy.primary = nil }
        if copy.comparability == [] { copy.comparability = nil }
        return copy
    }
}
