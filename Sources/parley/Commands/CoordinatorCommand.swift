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
            Runs until it is stopped. Several may run on one database: one leads, the others stand by and take over \
            within seconds when it dies. With --http each of them, leading or not, answers operators and parties: API \
            under /v1 (described at /v1/openapi.json), pages under /dashboard; `parley token new` makes tokens.

            With a key it signs the head of each round's ledger at each change of state, and hourly while the round \
            runs; the key stays out of the database, and the envelopes are kept in a folder as well. \
            Coordinators of one database share that folder: the salts of a round's packages lie there.

            Examples:
              parley coordinator --database postgresql://parley_coordinator_login@host/parley
              parley coordinator --key mediator.key --witnesses /srv/witnesses
              parley coordinator --http 0.0.0.0:8443 --tls-certificate chain.pem --tls-key key.pem
            """
    )

    @OptionGroup var signer: SignerOptions
    @Option(help: ArgumentHelp("Where witnesses of the ledgers are kept.", valueName: "folder"))
    var witnesses = "witnesses"
    @OptionGroup var service: ServiceOptions
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
            var queue = CoordinatorQueue(pool: pool, logger: logger)
            queue.secrets = session.secrets
            var services: [any Service] =
                seen + [
                    QueueSampler(metrics, queue: queue, logger: logger),
                    CoordinatorService(queue: queue, witness: witness, metrics: counts, logger: logger),
                ]
            if let http = try service.service(session, log: log, logger: logger) { services.append(http) }
            var configuration = ServiceGroupConfiguration(
                services: services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: logger
            )
            configuration.maximumGracefulShutdownDuration = .seconds(15)
            let group = ServiceGroup(configuration: configuration)
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
