// parley worker: a daemon that claims and runs jobs.

import ArgumentParser
import Foundation
import ParleyModel
import ParleyPostgres
import ParleyWorker
import ServiceLifecycle
import UnixSignals

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Claim jobs and run them, until stopped.",
        discussion: """
            Any number of workers may run on any number of hosts. SIGTERM and Ctrl-C drain: no new job is taken, what \
            is in flight is finished or given back. Connect as a member of the role parley_worker, which can claim and \
            commit and read no table. With OTEL_EXPORTER_OTLP_ENDPOINT set, spans of jobs go there as OTLP/JSON. Held-out suites go to workers with --seal-key that were admitted to them.

            Example:
              parley worker --database postgresql://parley_worker_login@host/parley --concurrency 200
            """
    )

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var worker: WorkerOptions
    @OptionGroup var external: ExternalOptions
    @OptionGroup var seal: SealKeyOption
    @OptionGroup var telemetry: TelemetryOptions
    @Flag(
        help: "Send the spans' traceparent along with calls of models: a provider can then tell which belong together."
    )
    var traceProviders = false
    @OptionGroup var log: LogOptions
    @Option(help: "How status and logs name this worker. Default: host and process id.")
    var name: String?
    @Option(help: "A tag that this worker offers; may be given several times.")
    var tag: [String] = []
    @Option(help: ArgumentHelp("Where simulated rounds find `parley simulate`.", valueName: "url"))
    var simulator: String?

    func run() async throws {
        guard let configuration = try database.shared() else {
            throw ParleyFailure(
                .invalidInput,
                "A worker needs a shared database.",
                remedy: "Give --database URL or PARLEY_DATABASE_URL; `parley run` works without one."
            )
        }
        let logger = log.logger("parley.worker")
        var settings = worker.configuration(name: name, tags: tag, simulatorURL: simulator)
        settings.sealKey = try seal.key
        settings.programFolder = external.folder(worker.programs, default: ".")
        log.announce("Worker '\(settings.name)' on \(configuration). Ctrl-C or SIGTERM drains.", logger)
        let (metrics, seen) = telemetry.start("worker", asksProviders: traceProviders, logger: logger)
        let service = WorkerService(settings, database: configuration, logger: logger, metrics: metrics)
        var group = ServiceGroupConfiguration(
            services: (seen + [service]).map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = .seconds(worker.drain + 15)
        try await ServiceGroup(configuration: group).run()
        log.announce("Drained.", logger)
    }
}
