// The ledger of a round from its table, each entry's hash computed again, and held against what was witnessed of it.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// The ledger of a round.
    /// - Throws: `verification` where the stored chain is none: an entry was changed, removed or added by hand
    public func ledger(of round: RoundRecord) async throws -> Ledger {
        var ledger = Ledger(round: round.name)
        for entry in try await ledgerEntries(of: round.id) {
            ledger.append(
                atMicros: entry.atMicros,
                who: entry.who,
                what: entry.what,
                subject: entry.subject,
                why: entry.why
            )
            guard ledger.entries.count == entry.sequence, ledger.head == entry.hash else {
                throw ParleyFailure(
                    .verification,
                    "The ledger of round '\(round.name)' is no chain from entry \(ledger.entries.count) on: its hash is "
                        + "not that of its content and of the entry before it.",
                    remedy: "Somebody changed the table past Parley; restore the database from a backup."
                )
            }
        }
        return ledger
    }

    /// The witnesses of a round's ledger that the database holds, oldest first.
    public func witnesses(of round: RoundID) async throws -> [DSSEEnvelope] {
        try await signatures(.witness, of: round).map { try DSSEEnvelope(parsing: Array($0.envelope.utf8)) }
    }

    /// The root over all outcomes of a round, as its packages have it.
    public func outcomesRoot(of round: RoundRecord, salts: SaltSecret) async throws -> MerkleRoot {
        let open = try await open(round.id)
        try open.requireWhole(to: "sign the root of its outcomes")
        let outcomes = try await packagedOutcomes(round: round.id, open)
        return try await onReductionQueue { outcomes.root(salts) }
    }

    /// Signs the head of a ledger, and keeps the envelope.
    /// - Parameter salts: of the round, to sign the root of its outcomes as well; nil for the head alone,
    ///     which is all that is signed where the secret of a lab that may leave is missing
    public func witness(
        _ round: RoundRecord,
        _ ledger: Ledger,
        salts: SaltSecret?,
        at time: String,
        by signer: any Signer
    ) async throws -> DSSEEnvelope {
        let open = try await open(round.id)
        if open.veil != nil, open.stored.party(signer.publicKey.party) == nil {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(round.name)' is witnessed by its evaluators and observers: '\(signer.publicKey.party)' would be "
                    + "named in the database, and a lab may leave the round silently.",
                remedy: "Let one of them sign the head."
            )
        }
        var root: MerkleRoot?
        if let salts, open.isWhole { root = try await outcomesRoot(of: round, salts: salts) }
        let witness = Witness(
            round: round.name,
            sequence: ledger.entries.count,
            head: ledger.head,
            outcomes: root,
            at: time
        )
        let unsigned = witness.statement.envelope
        // A signer may be a command that takes its time.
        let envelope = try await onReductionQueue {
            var envelope = unsigned
            try envelope.sign(by: signer)
            return envelope
        }
        try await keep(envelope, of: witness, by: signer.publicKey, round: round.id)
        return envelope
    }

    /// Proves that the outcome of a probe job is among the outcomes of its round.
    /// - Throws: where the round has no outcome of this job
    public func proof(of job: JobID, in round: RoundRecord, salts: SaltSecret) async throws -> OutcomeProof {
        guard let position = try await position(of: job, in: round.id) else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(round.name)' has no outcome of a probe job \(job).",
                remedy: "`parley export` lists the numbers of jobs."
            )
        }
        let open = try await open(round.id)
        try open.requireWhole(to: "prove an outcome of it")
        let outcomes = try await packagedOutcomes(round: round.id, open)
        let witnesses = try await witnesses(of: round.id)
        return try await onReductionQueue {
            try OutcomeProof(of: position, in: outcomes, round: round.name, salts: salts, witnesses: witnesses)
        }
    }

    private func position(of job: JobID, in round: RoundID) async throws -> PackagedOutcome.Position? {
        guard let place = try await probePlace(of: job, in: round) else { return nil }
        return PackagedOutcome.Position(cell: place.cell, sample: place.sample, epoch: place.epoch)
    }

    private func keep(_ envelope: DSSEEnvelope, of witness: Witness, by key: PublicKey, round: RoundID) async throws {
        _ = try await add(
            .witness,
            of: witness.head,
            key: key.id,
            party: key.party,
            sequence: witness.sequence,
            envelope: envelope.json.canonical,
            to: round
        )
    }
}

extension [PackagedOutcome] {
    /// The root over them in their order, whatever order they are in.
    func root(_ salts: SaltSecret) -> MerkleRoot {
        sorted { $0.position < $1.position }.map { $0.record(salts) }.root
    }
}
