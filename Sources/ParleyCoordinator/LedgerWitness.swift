// The coordinator's own witness: with a key that is not in the database it signs the head of each round's ledger at each
// change of state, and hourly while the round runs, and writes the envelope to a folder outside the database as well.
// From `exchange` on the root of the outcomes is signed too. What lies between two witnesses is covered by neither.

private import Foundation
public import Logging
public import ParleyEvidence
import ParleyModel
import ParleyQueue

/// Signs heads of ledgers as rounds go on.
public struct LedgerWitness: Sendable {
    /// The longest time between two witnesses of a round that runs.
    private static let interval = Duration.seconds(3600)

    private let signer: any Signer
    private let folder: String
    private let logger: Logger

    /// - Parameter folder: where envelopes are kept, and `ROUND.salts`, with which `parley evidence` makes the same root
    public init(signer: any Signer, folder: String, logger: Logger) {
        self.signer = signer
        self.folder = folder
        self.logger = logger
    }

    /// Signs the heads that are due.
    /// - Throws: once all rounds were attended, a failure of category `verification` where a ledger does not go on from
    ///   what was signed of it before
    func attend(_ rounds: [RoundRecord], _ queue: CoordinatorQueue) async throws {
        let standings = try await queue.witnessStandings(key: signer.publicKey.id)
        var refused: ParleyFailure?
        for round in rounds {
            guard let standing = standings[round.id], Self.isDue(standing, isRunning: round.state == .running) else {
                continue
            }
            do {
                try await sign(round, queue)
            } catch let failure as ParleyFailure where failure.category == .verification {
                refused = refused ?? failure
            }
        }
        if let refused { throw refused }
    }

    private func sign(_ round: RoundRecord, _ queue: CoordinatorQueue) async throws {
        let ledger = try await queue.ledger(of: round)
        try requireContinuation(ledger, round)
        let salts = round.state.isOpen ? nil : try SaltSecret(file: "\(folder)/\(round.name).salts")
        let envelope = try await queue.witness(
            round,
            ledger,
            salts: salts,
            at: LedgerEntry.time(micros: Int64(Date().timeIntervalSince1970 * 1_000_000)),
            by: signer
        )
        let file = "\(folder)/\(round.name)-\(ledger.entries.count).witness.json"
        do {
            try Data(envelope.json.canonicalBytes).write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch { throw ParleyFailure(.failure, "\(file) cannot be written: \(error.localizedDescription)") }
        logger.info("ledger witnessed", metadata: ["round": "\(round.name)", "entry": "\(ledger.entries.count)"])
    }

    /// Holds a ledger against the witnesses in the folder: to sign another head of an entry that was signed before would
    /// excuse whoever rebuilt it.
    private func requireContinuation(_ ledger: Ledger, _ round: RoundRecord) throws {
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder).filter { file in
            guard file.hasPrefix("\(round.name)-"), file.hasSuffix(".witness.json") else { return false }
            return Int(file.dropFirst("\(round.name)-".count).dropLast(".witness.json".count)) != nil
        }
        let check = try LedgerCheck(
            ledger,
            kept: kept.map { try DSSEEnvelope(file: "\(folder)/\($0)") },
            stored: [],
            trusted: [signer.publicKey]
        )
        guard let failed = check.checks.first(where: { $0.status == .failed }) else { return }
        throw ParleyFailure(
            .verification,
            "Round '\(round.name)' is not witnessed, its ledger is not the one that was witnessed as "
                + "\(failed.subject ?? "of before"). \(failed.reason)",
            remedy: "After a restore, keep the witnesses that are newer than it, but not in \(folder) "
                + "(deploy/runbook.md). Where nothing was restored, somebody changed the database."
        )
    }

    /// Whether the state changed since the last witness, or an hour of running brought new entries.
    static func isDue(_ standing: WitnessStanding, isRunning: Bool) -> Bool {
        guard let witnessed = standing.witnessed, let age = standing.age else { return true }
        return witnessed < standing.moved || isRunning && witnessed < standing.sequence && age >= interval
    }
}
