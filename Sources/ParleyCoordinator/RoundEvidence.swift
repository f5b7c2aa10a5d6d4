// From the database to an evidence package: everything that the package's findings are computed from, read once. The
// ledger is made from the recorded events, always in the same way, so that what was witnessed of it can be found again.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// The most events that are read; a ledger that lacks some would be no ledger.
    private static let eventLimit = 1_000_000

    /// Reads a finished round into a builder, without signatures and keys.
    /// - Parameter labels: the path of a file with people's labels
    /// - Throws: `incomplete` where the round still runs; `InvalidInput` for mistakes in the file of labels
    public func packageBuilder(
        round: RoundRecord,
        recipient: PartyName?,
        salts: SaltSecret,
        labels: String?,
        parleyVersion: String
    ) async throws -> PackageBuilder {
        guard ![.draft, .frozen, .running, .grading].contains(round.state) else {
            throw ParleyFailure(
                .incomplete,
                "Round '\(round.name)' is \(round.state.rawValue): there is evidence only of a round that has ended.",
                remedy: "Let it end; `parley status \(round.name)` says what is missing."
            )
        }
        let definition = try await definition(of: round.id)
        var builder = try PackageBuilder(
            definition: definition,
            state: round.state.rawValue,
            parleyVersion: parleyVersion,
            recipient: recipient,
            salts: salts
        )
        if let labels { builder.labels = try await readLabels(labels, round: round.id, definition) }
        builder.outcomes = try await packagedOutcomes(round: round.id, definition)
        builder.samples = try await packagedSamples(round: round.id, definition)
        builder.ledger = try await ledger(of: round)
        return builder
    }

    /// Makes the package on a queue of its own, since it reduces.
    public func build(_ builder: PackageBuilder, signers: [any Signer]) async throws -> PackageFiles {
        try await onReductionQueue { try builder.build(signers: signers) }
    }

    private func packagedOutcomes(
        round: RoundID,
        _ definition: RoundDefinition
    ) async throws -> [PackagedOutcome] {
        var grades: [PackagedOutcome.Position: [Grade]] = [:]
        if definition.suites.contains(where: { $0.scorer.grader != nil }) {
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
            for observation in page { outcomes.append(PackagedOutcome(observation, grades: grades)) }
        }
        return outcomes
    }

    private func packagedSamples(round: RoundID, _ definition: RoundDefinition) async throws -> [PackagedSample] {
        let hashes = try await sampleHashes(round: round)
        var samples: [PackagedSample] = []
        for (number, suite) in definition.suites.enumerated() where hashes.indices.contains(number) {
            let numbers = try await sampleNumbers(round: round, suite: number)
            for (id, sample) in numbers where hashes[number].indices.contains(sample) {
                samples.append(
                    PackagedSample(suite: suite.name, sample: sample, id: id, contentHash: hashes[number][sample])
                )
            }
        }
        return samples
    }

    /// The submission and then the round's events in the order in which they were recorded.
    public func ledger(of round: RoundRecord) async throws -> Ledger {
        let events = try await events(round: round.id, limit: Self.eventLimit).filter { $0.round == round.id }
        var ledger = Ledger(round: round.name)
        ledger.append(
            atMicros: round.createdAtMicros,
            who: "coordinator",
            what: "submitted",
            subject: round.definitionHash.description
        )
        for event in events.sorted(by: { $0.number < $1.number }) {
            ledger.append(
                atMicros: event.atMicros,
                who: event.actor.isEmpty ? event.role : event.actor,
                what: event.action,
                subject: "\(event.subject) (\(event.changed))",
                why: event.reason
            )
        }
        return ledger
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
