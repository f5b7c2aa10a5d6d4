// The proof of one outcome: it holds for what was committed to and for nothing else, and says who signed the root.

import ParleyModel
import ParleyTestSupport
import Testing

@testable import ParleyEvidence

@Suite("The proof of one outcome") struct OutcomeProofTests {
    private let south: SigningKey
    private let root: MerkleRoot

    init() throws {
        south = try MadeUpRound.key("south")
        root = MadeUpRound.outcomes().sorted { $0.position < $1.position }.map { $0.record(MadeUpRound.salts) }.root
    }

    private func witness(_ root: MerkleRoot) throws -> DSSEEnvelope {
        let ledger = try MadeUpRound.ledger()
        let witness = Witness(round: "spring", sequence: 6, head: ledger.head, outcomes: root, at: "then")
        var envelope = witness.statement.envelope
        try envelope.sign(by: south)
        return envelope
    }

    private func proof(of outcome: PackagedOutcome, witnesses: [DSSEEnvelope]) throws -> OutcomeProof {
        try OutcomeProof(
            of: outcome.position,
            in: MadeUpRound.outcomes().reversed(),
            round: "spring",
            salts: MadeUpRound.salts,
            witnesses: witnesses
        )
    }

    @Test("holds for each outcome of the round, after being written and read, and fits the package's root")
    func each() throws {
        let manifest = try PackageManifest(in: MadeUpRound.package())
        #expect(root == MerkleRoot(count: manifest.outcomes.count, root: manifest.outcomes.root))
        let witnesses = [try witness(MerkleRoot(count: 1, root: root.root)), try witness(root)]
        for outcome in MadeUpRound.outcomes() {
            let made = try proof(of: outcome, witnesses: witnesses)
            let read = try OutcomeProof(parsing: made.json.canonicalBytes)
            #expect(read == made)
            let checks = try read.checks(trusted: [south.publicKey])
            #expect(checks.map(\.status) == [.passed, .passed])
            #expect(read.record.content == outcome.content)
        }
        let nowhere = PackagedOutcome.Position(cell: 1, sample: 5, epoch: 1)
        #expect(throws: ParleyFailure.self) {
            try OutcomeProof(
                of: nowhere,
                in: MadeUpRound.outcomes(),
                round: "spring",
                salts: MadeUpRound.salts,
                witnesses: []
            )
        }
    }

    @Test("Seeded single changes are found", arguments: 1...3 as ClosedRange<UInt64>)
    func changes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let made = try proof(of: MadeUpRound.outcomes()[7], witnesses: [witness(root)])
        let bytes = made.json.canonicalBytes
        for _ in 0..<150 {
            var changed = bytes
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            changed[place] ^= UInt8.random(in: 1...255, using: &generator)
            do {
                let read = try OutcomeProof(parsing: changed)
                let checks = try read.checks(trusted: [south.publicKey])
                if checks.contains(where: { $0.status != .passed }) { continue }
                // JSON that says the same; that a signature names its key is a hint, and not signed.
                let same = read.record == made.record && read.root == made.root && read.path == made.path
                #expect(same && read.round == made.round, "seed \(seed), byte \(place)")
            } catch {}
        }
    }

    @Test("Nobody's signature, a stranger's and another root's are not taken for a witness's")
    func witnesses() throws {
        let outcome = MadeUpRound.outcomes()[0]
        let bare = try proof(of: outcome, witnesses: [])
        #expect(try bare.checks(trusted: [south.publicKey]).map(\.status) == [.passed, .notCovered])
        let signed = try proof(of: outcome, witnesses: [witness(root)])
        #expect(try signed.checks(trusted: []).map(\.status) == [.passed, .notCovered])
        let stranger = try MadeUpRound.key("south", 9).publicKey
        #expect(try signed.checks(trusted: [stranger]).map(\.status) == [.passed, .notCovered])
    }
}
