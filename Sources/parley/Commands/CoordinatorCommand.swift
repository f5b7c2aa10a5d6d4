// parley coordinator: the daemon that watches over rounds.

import ArgumentParser
import Foundation
import Logging
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTelemetry
import ServiceLifecycle
import UnixSignals

struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Watch over rounds: take back what dead workers held, close what is done.",
        discussion: """
            Runs until it is stopped. Several may run on one database; each of them suffices.

            With a key it signs the head of each round's ledger at each change of state, and hourly while the round \
            runs; the key stays out of the database, and the envelopes are kept in a folder as well.

            Examples:
              parley coordinator --database postgresql://parley_coordinator_login@host/parley
              parley coordinator --key mediator.key --witnesses /srv/witnesses
            """
    )

    @OptionGroup var signer: SignerOptions
    @Option(help: ArgumentHelp("Where witnesses of the ledgers are kept.", valueName: "folder"))
    var witnesses = "witnesses"
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var telemetry: TelemetryOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let logger = log.logger("parley.coordinator")
        let witness = try witness(logger)
        try await database.own(logger: logger).use { session in
            log.announce("Coordinating on \(session.coordinator). Ctrl-C stops.", logger)
            let (metrics, seen) = telemetry.start("coordinator", logger: logger)
            let counts = CoordinatorMetrics(metrics)
            let pool = counts.pool(session.coordinator, logger: logger)
            let queue = CoordinatorQueue(pool: pool, logger: logger)
            let services: [any Service] =
                seen + [
                    QueueSampler(metrics, queue: queue, logger: logger),
                    CoordinatorService(
                        queue: queue,
                        witness: witness,
                        metrics: counts,
                        logger: logger
                    ),
                ]
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
                    gracefulShutdownSignals: [.sigint, .sigterm],
                    logger: logger
                )
            )
            try await group.run()
            await pool.close()
        }
        log.announce("Stopped.", logger)
    }

    private func witness(_ logger: Logger) throws -> LedgerWitness? {
        guard let signer = try signer.signers().first else { return nil }
        do {
            try FileManager.default.createDirectory(atPath: witnesses, withIntermediateDirectories: true)
        } catch { throw ParleyFailure(.failure, "\(witnesses) cannot be made: \(error.localizedDescription)") }
        return LedgerWitness(signer: signer, folder: witnesses, logger: logger)
    }
}
