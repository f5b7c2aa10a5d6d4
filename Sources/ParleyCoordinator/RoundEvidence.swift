// From the database to an evidence package: everything that the package's findings are computed from, read once, with
// the ledger, what the parties signed, and who witnessed it.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// Reads a finished round into a builder, with the signatures and keys that the database holds.
    /// - Parameter labels: the path of a file with people's labels; nil for those of the audit
    /// - Throws: `incomplete` where the round still runs; `InvalidInput` for mistakes in the file of labels
    public func packageBuilder(
        round: RoundRecord,
        recipient: PartyName?,
        salts: SaltSecret,
        labels: String?,
        parleyVersion: String
    ) async throws -> PackageBuilder {
        guard !round.state.isOpen else {
            throw ParleyFailure(
                .incomplete,
                "Round '\(round.name)' is \(round.state.rawValue): there is evidence only of a round that has ended.",
                remedy: "Let it end; `parley status \(round.name)` says what is missing."
            )
        }
        let open = try await open(round.id)
        try open.requireWhole(to: "make a package of it")
        let definition = open.definition
        var builder = try PackageBuilder(
            definition: definition,
            state: round.state.rawValue,
            parleyVersion: parleyVersion,
            recipient: recipient,
            salts: salts
        )
        builder.openDefinition = open.opened
        builder.labels = try await peoplesLabels(labels, round: round.id, definition)
        builder.outcomes = try await packagedOutcomes(round: round.id, open)
        builder.exclusions = try await deadJobs(round: round.id, limit: .max)
            .filter { $0.ruling == .exclude && $0.stage == .probe }
            .map { PackagedOutcome.Position(cell: $0.cell, sample: $0.sample, epoch: $0.epoch) }
        builder.samples = try await packagedSamples(round: round.id, definition)
        builder.ledger = try await ledger(of: round)
        builder.witnesses = try await witnesses(of: round.id)
        if let agreement = try await agreement(of: round.id, open), !agreement.signed.isEmpty {
            builder.agreement = agreement.envelope
        }
        for stored in try await amendments(of: round.id) {
            let agreement = try await agreement(of: round, stored.number, open)
            let envelope = agreement.flatMap { $0.signed.isEmpty ? nil : $0.envelope }
            builder.amendments.append(SignedAmendment(try stored.amendment, agreement: envelope))
        }
        builder.keys = try definition.publicKeys
        return builder
    }

    /// Makes the package on a queue of its own, since it reduces.
    public func build(_ builder: PackageBuilder, signers: [any Signer]) async throws -> PackageFiles {
        try await onReductionQueue { try builder.build(signers: signers) }
    }

    func packagedOutcomes(
        round: RoundID,
        _ open: OpenRound
    ) async throws -> [PackagedOutcome] {
        var grades: [PackagedOutcome.Position: [Grade]] = [:]
        if open.definition.suites.contains(where: { $0.scorer.grader != nil }) {
            try await self.grades(round: round) { page in
                for grade in page {
                    let position = PackagedOutcome.Position(cell: grade.cell, sample: grade.sample, epoch: grade.epoch)
                    grades[position, default: []].append(
                        Grade(judge: grade.judge, kind: grade.kind, score: grade.score)
                    )
                }
            }
        }
        var outcomes: [PackagedOutcome] = []
        try await observations(round: round) { page in
            let jobs = page.map(\.job.rawValue)
            guard let first = jobs.min(), let last = jobs.max() else { return }
            let starts = try await self.starts(round: round, jobs: first..<last + 1)
            for observation in page {
                var outcome = PackagedOutcome(observation, grades: grades)
                outcome.modelReturned = open.text(outcome.modelReturned)
                outcome.startedAtMicros = starts[observation.job]
                outcomes.append(outcome)
            }
        }
        return outcomes
    }

    private func packagedSamples(round: RoundID, _ definition: RoundDefinition) async throws -> [PackagedSample] {
        let hashes = try await sampleHashes(round: round)
        var samples: [PackagedSample] = []
        for (number, suite) in definition.suites.enumerated() where hashes.indices.contains(number) {
            let numbers = try await sampleNumbers(round: round, suite: number)
            let places = definition.order == nil ? [] : try await datasetNumbers(round: round, suite: number)
            for (id, sample) in numbers where hashes[number].indices.contains(sample) {
                samples.append(
                    PackagedSample(
                        suite: suite.name,
                        sample: sample,
                        id: id,
                        contentHash: hashes[number][sample],
                        number: places.indices.contains(sample) ? places[sample] : nil
                    )
                )
            }
        }
        return samples
    }
}

extension PackagedOutcome {
    fileprivate init(_ observation: Observation, grades: [Position: [Grade]]) {
        let position = Position(cell: observation.cell, sample: observation.sample, epoch: observation.epoch)
        self.init(
            position: position,
            kind: observation.kind,
            score: observation.score,
            usage: observation.usage,
            cost: observation.cost,
            judgeCost: observation.judgeCost,
            latencyMicros: observation.latencyMicros,
            completedAtMicros: observation.completedAtMicros,
            modelReturned: observation.modelReturned,
            grades: grades[position, default: []].sorted { $0.judge < $1.judge }
        )
    }
}
