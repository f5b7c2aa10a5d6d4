// The seals of a round: which store a sample or a transcript passes through. Invariant: what belongs to a held-out suite
// passes through its data key or not at all; a missing key is an error that names who holds it, and never the identity.

public import ParleyModel

/// The stores of a round's samples and transcripts, as far as keys are at hand.
public struct RoundSeals: Sendable {
    private let definition: RoundDefinition
    private let keys: [KeySlot: DataKey]
    private let holders: [KeySlot: Set<String>]?
    /// By suite and by cell; nil where nothing is held out.
    private let packs: [KeySlot?]
    private let results: [KeySlot?]

    /// - Parameters:
    ///   - hash: of the definition
    ///   - keys: those that could be opened
    ///   - holders: for whom each key is wrapped, for messages; nil where that is not known
    public init(
        _ definition: RoundDefinition,
        hash: ContentHash,
        keys: [DataKey] = [],
        holders: [KeySlot: Set<String>]? = nil
    ) {
        self.definition = definition
        self.holders = holders
        self.keys = Dictionary(keys.map { ($0.slot, $0) }, uniquingKeysWith: { first, _ in first })
        packs = definition.suites.indices.map {
            definition.suites[$0].isHeldOut ? KeySlot(round: hash, suite: $0, party: nil) : nil
        }
        results = definition.cells.map { cell in
            guard let suite = definition.suites.firstIndex(where: { $0.name == cell.suite }),
                definition.suites[suite].isHeldOut
            else { return nil }
            // An unknown party has no key, and so nothing is stored or read.
            let model = definition.configuration(cell.configuration).flatMap { definition.model($0.model) }
            return KeySlot(round: hash, suite: suite, party: model?.party ?? "?")
        }
    }

    /// New keys for a round that is being submitted.
    /// - Parameter secrets: of tested parties, to which the keys of their transcripts are bound
    /// - Throws: where a suite is held out and nobody would have its keys, or a secret would bind nothing
    public init(
        sealing definition: RoundDefinition,
        hash: ContentHash,
        for recipients: [Recipient],
        boundTo secrets: [PartySecret] = []
    ) throws(ParleyFailure) {
        let slots = RoundSeals(definition, hash: hash).slots
        if recipients.isEmpty, let slot = slots.first {
            throw ParleyFailure(
                .invalidInput,
                "Suite '\(definition.suites[slot.suite].name)' is held out, and nobody is named who may open it.",
                remedy:
                    "Name its owner's and the workers' public keys by --seal-for; `parley key seal NAME` makes them."
            )
        }
        if let idle = secrets.first(where: { secret in !slots.contains { $0.party == secret.party } }) {
            throw ParleyFailure(
                .invalidInput,
                "No key would be bound to the secret of '\(idle.party)': none of its models runs a held-out suite.",
                remedy: "Hold the suites out by held_out: true, or leave the secret away (--party-secret, "
                    + "PARLEY_PARTY_SECRETS)."
            )
        }
        let byParty = Dictionary(secrets.map { ($0.party, $0) }, uniquingKeysWith: { first, _ in first })
        let keys = slots.map { slot in DataKey(slot: slot, boundTo: slot.party.flatMap { byParty[$0] }) }
        self.init(definition, hash: hash, keys: keys)
    }

    /// Each key that is at hand, wrapped for each recipient.
    public func wrapped(for recipients: [Recipient]) throws(ParleyFailure) -> [(KeySlot, Recipient, [UInt8])] {
        var all: [(KeySlot, Recipient, [UInt8])] = []
        for slot in slots {
            guard let key = keys[slot] else { continue }
            for recipient in recipients { all.append((slot, recipient, try key.wrapped(for: recipient))) }
        }
        return all
    }

    /// All slots of the round that need a key, in the order of its suites and cells, each once.
    public var slots: [KeySlot] {
        var seen: Set<KeySlot> = []
        return (packs + results).compactMap(\.self).filter { seen.insert($0).inserted }
    }

    /// Whether each key of a suite is at hand.
    public func canOpen(suite: Int) -> Bool { slots.allSatisfy { $0.suite != suite || keys[$0] != nil } }

    /// What the samples of a suite pass through. Throws where its key is not at hand.
    public func samples(suite: Int) throws(ParleyFailure) -> BlobStore { try store(packs[suite]) }

    /// What transcripts and checkpoints of a cell pass through, its judges' included. Throws where its key is not at hand.
    public func transcripts(cell: Int) throws(ParleyFailure) -> BlobStore { try store(results[cell]) }

    /// What names a sample outside: its content hash, or, where it is held out, a commitment that nobody without the key
    /// can confirm by guessing.
    public func name(of sample: Sample, suite: Int, number: Int) throws(ParleyFailure) -> ContentHash {
        guard let slot = packs[suite] else { return sample.contentHash }
        guard let key = keys[slot] else { throw sealed(slot) }
        return Commitment.commit(to: sample.json, salt: key.salt("sample \(number)"))
    }

    private func store(_ slot: KeySlot?) throws(ParleyFailure) -> BlobStore {
        guard let slot else { return BlobStore() }
        if let key = keys[slot] { return BlobStore(seal: DataKeySeal(key)) }
        throw sealed(slot)
    }

    private func sealed(_ slot: KeySlot) -> ParleyFailure {
        let suite = definition.suites[slot.suite].name
        guard let holders else {
            return ParleyFailure(.failure, "Suite '\(suite)' is held out, and its key is not here.")
        }
        guard let names = holders[slot]?.sorted().joined(separator: ", ") else {
            return ParleyFailure(.failure, "Suite '\(suite)' is held out, and nobody holds the key of this any more.")
        }
        return ParleyFailure(
            .failure,
            "Suite '\(suite)' is held out and sealed for \(names).",
            remedy: "Give the seal key of one of them by --seal-key, and the party's secret by --party-secret where "
                + "keys are bound to one; a holder admits others by `parley pack admit`."
        )
    }
}
