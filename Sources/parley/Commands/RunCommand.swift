// parley run: plan, submit, work, reduce, in one process and with a private PostgreSQL unless told otherwise.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyReport
import ParleyRounds
import ParleySimulator
import ParleyWorker
import ServiceLifecycle
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a round to its end; run it again to continue.",
        discussion: """
            Starts a private PostgreSQL in the state folder, queues what is not done yet, works on it and prints the \
            findings. Ctrl-C drains: what is done is kept, and the same command goes on from there.

            Examples:
              parley run examples/demo.yaml
              parley run examples/demo.yaml --simulated
              parley run examples/demo.yaml --simulated --http 127.0.0.1:8080
              parley run round.yaml --database postgresql://host/parley --concurrency 200
            """
    )

    @Argument(help: "The round file.")
    var file: String
    @Flag(help: "Let the built-in simulated provider play every model.")
    var simulated = false
    @Flag(help: "Print the findings as JSON.")
    var json = false
    @OptionGroup var sealFor: SealForOption
    @OptionGroup var sealKey: SealKeyOption
    @OptionGroup var sealed: SeedOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var worker: WorkerOptions
    @OptionGroup var external: ExternalOptions
    @OptionGroup var service: ServiceOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let plan = try external.plan(file, isSimulated: simulated)
        for warning in plan.warnings { Console.error("\(warning)") }
        try external.admit(plan)
        try await database.own(logger: log.logger("parley")).use { try await run(plan, $0) }
    }

    private func run(_ plan: Plan, _ session: Session) async throws {
        let key = try sealKey.key
        let recipients = try sealFor.recipients + (key.map { [$0.recipient] } ?? [])
        let submission = try await session.queue.submit(
            plan,
            sealedFor: recipients,
            boundTo: session.secrets,
            seed: try sealed.seed,
            by: .init(actor: Session.person)
        )
        let record = try await session.round(plan.definition.name.text)
        Console.error(
            submission.existed
                ? "Round '\(record.name)' goes on: \(submission.enqueued) jobs queued anew."
                : "Round '\(record.name)': \(submission.enqueued) jobs queued."
        )
        if submission.existed {
            try await session.queue.control(.resume, record.id, by: .init(actor: Session.person, reason: "run again"))
        }
        let provider = simulated ? try SimulatedRound.provider(for: plan) : nil
        let address = try await provider?.start()
        let progress = ProgressLine(isInteractive: Console.isInteractive, isSimulated: simulated)
        try await serve(record.id, session, progress, simulatorURL: address?.description)
        try await provider?.stop()
        try await conclude(record, session, progress)
    }

    private func serve(
        _ round: RoundID,
        _ session: Session,
        _ progress: ProgressLine,
        simulatorURL: String?
    ) async throws {
        let logger = log.logger("parley.run")
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        var settings = worker.configuration(simulatorURL: simulatorURL)
        settings.sealKey = try sealKey.key
        settings.partySecrets = session.secrets
        settings.programFolder = external.folder(worker.programs, default: folder)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: CoordinatorService(queue: session.queue, logger: logger)),
                .init(
                    service: WorkerService(
                        settings,
                        database: session.worker,
                        logger: logger
                    )
                ),
                .init(
                    service: RunMonitor(queue: session.queue, round: round, progress: progress),
                    successTerminationBehavior: .gracefullyShutdownGroup
                ),
            ],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: log.logger("parley.services")
        )
        if let http = try service.service(session, log: log, logger: logger) {
            configuration.services.append(.init(service: http))
        }
        configuration.maximumGracefulShutdownDuration = worker.stopWithin.duration + .seconds(15)
        try await ServiceGroup(configuration: configuration).run()
    }

    private func conclude(_ record: RoundRecord, _ session: Session, _ progress: ProgressLine) async throws {
        let status = try await session.queue.status(round: record.id)
        progress.show(status)
        progress.end()
        _ = try await session.queue.finishIfDone(record.id)
        let findings = try await session.queue.findings(round: record.id)
        if json {
            try Console.json(findings)
        } else {
            Console.print(findingsTable(findings, styled: Console.isStyled, width: Console.width))
        }
        try RunRemainder(record, status).check(budgets: try await session.queue.budgets(round: record.id))
    }
}
