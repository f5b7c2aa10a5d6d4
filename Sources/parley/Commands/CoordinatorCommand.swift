// parley coordinator: the daemon that watches over rounds.

import ArgumentParser
import ParleyCoordinator
import ServiceLifecycle
import UnixSignals

struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Watch over rounds: take back what dead workers held, close what is done.",
        discussion: """
            Runs until it is stopped. Several may run on one database; each of them suffices.

            Example:
              parley coordinator --database postgresql://parley_coordinator_login@host/parley
            """
    )

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let logger = log.logger("parley.coordinator")
        try await database.own(logger: logger).use { session in
            Console.error("Coordinating on \(session.coordinator). Ctrl-C stops.")
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: CoordinatorService(queue: session.queue, logger: logger))],
                    gracefulShutdownSignals: [.sigint, .sigterm],
                    logger: logger
                )
            )
            try await group.run()
        }
        Console.error("Stopped.")
    }
}
