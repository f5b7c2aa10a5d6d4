// From a plan to jobs: the datasets are read a second time, checked against the digests under which they were frozen,
// and streamed sealed into the database.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue
public import ParleyRounds

extension CoordinatorQueue {
    /// Submits a planned round, or continues the one of the same name and hash. Samples of held-out suites are encrypted
    /// under keys that are made here and kept for the recipients alone.
    /// - Parameters:
    ///   - recipients: who may open the held-out suites
    ///   - secrets: of tested parties, to which the keys of their transcripts are bound
    ///   - seed: the sealed seed, where the definition's order follows from one
    ///   - state: how far it goes: `draft`, `frozen` or `running`
    /// - Throws: `ParleyFailure` where a round of this name has another definition, and `incomplete` where it is to run
    ///   and lacks signatures: then it is frozen, and can be signed; `InvalidInput` where a dataset changed since it was
    ///   planned
    public func submit(
        _ plan: Plan,
        sealedFor recipients: [Recipient] = [],
        boundTo secrets: [PartySecret] = [],
        seed: SealedSeed? = nil,
        upTo state: RoundState = .running,
        by authority: Authority = Authority(actor: "")
    ) async throws -> Submission {
        let agreed = try await agreed(
            plan.definition,
            secrets: secrets,
            kept: recipients.map(\.holder) + [authority.actor, authority.reason]
        )
        let hash = try agreed.definition.hash
        let seals = try RoundSeals(
            sealing: agreed.definition,
            hash: hash,
            for: recipients,
            boundTo: agreed.secrets
        )
        var feed = SampleFeed(plan: plan, hash: hash, seals: seals, seed: seed)
        let reservations = plan.cells.map { $0.reservations.map { Reservation(tokens: $0.tokens, cost: $0.money) } }
        let submission = try await submit(
            agreed.definition,
            upTo: state,
            by: authority,
            reservations: reservations,
            keys: try seals.wrapped(for: recipients).map { WrappedKey($0, $1, $2) },
            tree: agreed.tree
        ) { suite in try feed.next(suite) }
        if state == .running, let round = try await round(named: plan.definition.name), round.state == .frozen {
            _ = try await start(round, by: authority)
        }
        return submission
    }

    /// What the database holds of a definition: itself, or, where a lab may leave, its veil and its tree. A tree that is
    /// there already is kept where it is of the same definition.
    /// - Parameter kept: texts that the database is to hold as well
    private func agreed(
        _ definition: RoundDefinition,
        secrets: [PartySecret],
        kept: [String]
    ) async throws -> (definition: RoundDefinition, tree: String?, secrets: [PartySecret]) {
        guard definition.allowsSilentExit else { return (definition, nil, secrets) }
        try DefinitionTree.requireSilence(of: kept, in: definition)
        let labs = Set(definition.parties.filter { $0.role == .lab }.map(\.name))
        let secrets = secrets.filter { labs.contains($0.party) }
        if let record = try await round(named: definition.name) {
            let (stored, tree) = try await storedDefinition(of: record.id)
            let open = try OpenRound(stored: stored, tree: tree, secrets: secrets)
            if let tree, open.isWhole, try open.definition.json() == definition.json() {
                return (stored, tree, open.veil?.secrets ?? [])
            }
        }
        let tree = try DefinitionTree(of: definition, secrets: secrets)
        let veil = tree.veil(secrets)
        var veiled = try veil.veiled(definition)
        veiled.treeDigest = tree.digest
        return (veiled, tree.json.canonical, veil.secrets)
    }
}

/// Reads the samples of one suite after the other.
private struct SampleFeed {
    let plan: Plan
    let hash: ContentHash
    let seals: RoundSeals
    let seed: SealedSeed?
    /// With the place of each sample of the suite; nil where they run as they come.
    private var reader: (suite: Int, reader: DatasetReader, number: Int, places: [Int]?)?

    init(plan: Plan, hash: ContentHash, seals: RoundSeals, seed: SealedSeed?) {
        self.plan = plan
        self.hash = hash
        self.seals = seals
        self.seed = seed
    }

    mutating func next(_ suite: Int) throws -> SealedSample? {
        if reader?.suite != suite {
            let name = plan.definition.suites[suite].name
            guard let source = plan.datasets[name] else {
                throw ParleyFailure(.failure, "The plan has no dataset for suite '\(name)'.")
            }
            let draw = try OrderDraw(plan.definition, hash: hash, openedBy: seed)
            let places = draw?.places(of: name, count: plan.definition.suites[suite].dataset.count)
            reader = (suite, try source.makeReader(), 0, places)
        }
        guard let number = reader?.number, let sample = try reader?.reader.next() else { return nil }
        reader?.number += 1
        // A dataset that grew since has more samples than places; the queue refuses it by their count.
        let places = reader?.places
        let place = places.map { $0.indices.contains(number) ? $0[number] : number }
        let frozen = plan.definition.suites[suite]
        if let canary = frozen.canary, !sample.json.canonical.contains(canary) {
            throw ParleyFailure(
                .invalidInput,
                "Sample '\(sample.id)' of suite '\(frozen.name)' lacks the suite's canary.",
                remedy: "Put the canary into each sample; its metadata will do, which no model is sent."
            )
        }
        return SealedSample(
            // A held-out sample is named by its place in the dataset: its own id may tell of it.
            id: frozen.isHeldOut ? "\(number + 1)" : sample.id,
            contentHash: try seals.name(of: sample, suite: suite, number: place ?? number),
            content: try seals.samples(suite: suite).store(sample, at: .sample(place ?? number)),
            place: place
        )
    }
}
