// parley worker: a daemon that claims and runs jobs; and what is said to one while it runs.

import ArgumentParser
import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyWorker
import ServiceLifecycle

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Claim jobs and run them, until stopped; or tell a worker that runs something.",
        discussion: """
            `parley worker` alone is `parley worker run`; `parley worker run --help` lists its options. The others name \
            a worker by its number in `parley workers`, as `parley pool` does whole pools.
            """,
        subcommands: [
            WorkerRunCommand.self, SetWorkerCommand.self, PauseWorkerCommand.self, ResumeWorkerCommand.self,
            DrainCommand.self, RetireWorkerCommand.self,
        ],
        defaultSubcommand: WorkerRunCommand.self
    )
}

struct WorkerRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Claim jobs and run them, until stopped.",
        discussion: """
            Any number of workers may run on any number of hosts. SIGTERM and Ctrl-C stop within --stop-within: no new \
            job is taken, what is in flight is finished or given back; a second signal gives it back at once. Connect \
            as a member of the role parley_worker, which can claim and commit and read no table. With \
            OTEL_EXPORTER_OTLP_ENDPOINT set, spans of jobs go there as OTLP/JSON.

            A worker is given only jobs whose tags it has: those that the round file `requires`; held-out suites go to \
            workers with --seal-key that were admitted to them, programs to workers with --allow-external, and \
            definitions of a newer form to workers that understand them. `parley status` says what no worker can run.

            Examples:
              parley worker --database postgresql://parley_worker_login@host/parley --concurrency 200
              parley worker --pool north-net --tag sandbox --tag key:north --stop-within 10m
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
    @Option(help: "The pool that it belongs to, by which it can be told things together with others.")
    var pool = QueueSchema.defaultPool
    @Option(help: "A tag that this worker offers; may be given several times.")
    var tag: [String] = []
    @Option(help: ArgumentHelp("Where simulated rounds find `parley simulate`.", valueName: "url"))
    var simulator: String?

    func validate() throws {
        if let fault = tag.lazy.compactMap(WorkerTag.fault).first { throw ValidationError("--tag: \(fault)") }
    }

    func run() async throws {
        guard let configuration = try database.shared() else {
            throw ParleyFailure(
                .invalidInput,
                "A worker needs a shared database.",
                remedy: "Give --database URL or PARLEY_DATABASE_URL; `parley run` works without one."
            )
        }
        let logger = log.logger("parley.worker")
        var settings = worker.configuration(name: name, tags: tag, pool: pool, simulatorURL: simulator)
        settings.sealKey = try seal.key
        settings.partySecrets = try database.secrets
        settings.programFolder = external.folder(worker.programs, default: ".")
        log.announce("Worker '\(settings.name)' on \(configuration). Ctrl-C or SIGTERM drains.", logger)
        let (metrics, seen) = telemetry.start("worker", asksProviders: traceProviders, logger: logger)
        let service = WorkerService(settings, database: configuration, logger: logger, metrics: metrics)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: seen.map { .init(service: $0) } + [
                    .init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                logger: logger
            )
        )
        try await Stopping.run(group, within: settings.stopWithin) { [log] in log.announce($0, logger) }
        log.announce("Drained.", logger)
    }
}
