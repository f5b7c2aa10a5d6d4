// The keys of a round's held-out suites: read as far as somebody's own key opens them, and handed on to others. What was
// sealed for others stays closed, and reading it is an error that names them.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// What a round's samples and transcripts pass through for the holder of a key, or of none.
    public func seals(of round: RoundID, with key: SealKey? = nil) async throws -> RoundSeals {
        let open = try await open(round)
        let definition = open.stored
        let hash = try definition.hash
        let wrapped = definition.suites.contains(where: \.isHeldOut) ? try await keys(round: round) : []
        let holders = Dictionary(grouping: wrapped) { KeySlot(round: hash, suite: $0.suite, party: $0.party) }
            .mapValues { Set($0.map(\.holder)) }
        guard var key else { return RoundSeals(definition, hash: hash, holders: holders) }
        key.partySecrets = open.veil?.secrets ?? secrets
        let id = key.recipient.id
        let own = wrapped.filter { [id, open.veil?.recipient(id, ofHandle: $0.party)].contains($0.recipient) }
        let opened = try own.compactMap {
            try DataKey.opened(
                slot: KeySlot(round: hash, suite: $0.suite, party: $0.party),
                wrapped: $0.wrapped,
                with: key
            )
        }
        return RoundSeals(definition, hash: hash, keys: opened, holders: holders)
    }

    /// Hands the keys of held-out suites on, as far as one's own key opens them.
    /// - Parameters:
    ///   - suite: one of them; nil for all
    ///   - party: only what this tested party's models answered, without the samples; nil for all
    /// - Returns: how many keys were wrapped that were not before
    public func admit(
        _ recipient: Recipient,
        to round: RoundID,
        suite: SuiteName? = nil,
        party: PartyName? = nil,
        with key: SealKey,
        by actor: String
    ) async throws -> Int {
        let open = try await open(round)
        try open.requireSilence(of: [recipient.holder, actor])
        let seals = try await seals(of: round, with: key)
        let definition = open.stored
        let party = party.map { open.handle(of: $0) }
        let keys = try seals.wrapped(for: [recipient]).filter { slot, _, _ in
            (suite == nil || definition.suites[slot.suite].name == suite) && (party == nil || slot.party == party)
        }
        guard !keys.isEmpty else {
            throw ParleyFailure(
                .invalidInput,
                "The key of '\(key.recipient.holder)' opens nothing of what was asked for in round '\(definition.name)'.",
                remedy: "`parley pack list \(definition.name)` says who holds which keys."
            )
        }
        // What a party is given of its own models is for a key of its own, by which it would be known.
        let veil = party == nil ? nil : open.veil
        let wrapped = keys.map { slot, recipient, key in
            WrappedKey(slot, recipient, key, as: veil?.recipient(recipient.id, ofHandle: slot.party))
        }
        let count = try await add(wrapped, to: round, by: actor)
        if count > 0 {
            // A key may be a lab's own.
            let subject = open.veil == nil ? "\(count) to \(recipient.id)" : "\(count)"
            try await append(to: round, "keys handed on", subject: subject, by: Authority(actor: actor))
        }
        return count
    }
}

extension WrappedKey {
    /// - Parameter id: what the recipient's key goes by; nil for its own id
    init(_ slot: KeySlot, _ recipient: Recipient, _ wrapped: [UInt8], as id: ContentHash? = nil) {
        self.init(
            suite: slot.suite,
            party: slot.party,
            recipient: id ?? recipient.id,
            holder: recipient.holder,
            wrapped: wrapped
        )
    }
}
