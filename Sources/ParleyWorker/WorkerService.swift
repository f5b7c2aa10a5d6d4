// A worker daemon: claims jobs, runs each as a task, commits, and drains when it is told to stop. It holds nothing that
// a restart would miss: what it had in flight comes back by its leases.
//
// States: running → draining (no more claims; what is in flight goes on) → given back (what is left after the deadline)
// → ended.

public import Logging
import ParleyModel
public import ParleyPostgres
import ParleyProbe
import ParleyQueue
public import ParleyTelemetry
public import ServiceLifecycle

/// A worker daemon.
public struct WorkerService: Service {
    private let configuration: WorkerConfiguration
    private let database: PostgresConfiguration
    private let logger: Logger
    private let metrics: WorkerMetrics
    private let runner: (any JobRunning)?

    /// A worker for rounds.
    /// - Parameter metrics: where it counts; nil for nowhere that anybody sees
    public init(
        _ configuration: WorkerConfiguration,
        database: PostgresConfiguration,
        logger: Logger,
        metrics: MetricRegistry? = nil
    ) {
        self.init(configuration, database: database, logger: logger, metrics: metrics, runner: nil)
    }

    /// A worker that does something else with its jobs.
    package init(
        _ configuration: WorkerConfiguration,
        database: PostgresConfiguration,
        logger: Logger,
        metrics: MetricRegistry? = nil,
        runner: (any JobRunning)?
    ) {
        self.configuration = configuration
        self.database = database
        self.logger = logger
        self.metrics = WorkerMetrics(
            metrics ?? MetricRegistry(program: "worker", version: configuration.version)
        )
        self.runner = runner
    }

    /// Works until graceful shutdown or cancellation.
    public func run() async throws {
        let pool = PostgresPool(database, maximum: 6, logger: logger, observer: metrics.poolObserver)
        metrics.watch(pool)
        let clients = ModelClients()
        let programs = ExternalPrograms(folder: configuration.programFolder)
        do {
            try await work(pool, clients, programs)
        } catch {
            await programs.shutdown()
            await clients.shutdown()
            await pool.close()
            throw error
        }
        await programs.shutdown()
        await clients.shutdown()
        await pool.close()
    }

    /// The logger with this worker's number on each line.
    private func named(_ worker: WorkerID) -> Logger {
        var logger = logger
        logger[metadataKey: "worker"] = "\(worker)"
        return logger
    }

    private func work(_ pool: PostgresPool, _ clients: ModelClients, _ programs: ExternalPrograms) async throws {
        let queue = try await WorkerQueue.register(
            WorkerQueue.Registration(
                name: configuration.name,
                host: configuration.host,
                process: configuration.process,
                version: configuration.version,
                tags: configuration.offeredTags
            ),
            pool: pool,
            lease: configuration.lease,
            logger: self.logger
        )
        let logger = named(queue.worker)
        let rounds = RoundCache(
            queue: queue,
            clients: clients,
            programs: programs,
            simulatorURL: configuration.simulatorURL,
            sealKey: configuration.sealKey,
            logger: logger
        )
        let inFlight = InFlight()
        let doorbell = Doorbell()
        metrics.watch(inFlight, limit: configuration.concurrency)
        let lag = LoopLag(metrics.loopLag)
        let heartbeat = Heartbeat(queue: queue, inFlight: inFlight, metrics: metrics, logger: logger)
        let loop = ClaimLoop(
            configuration: configuration,
            queue: queue,
            inFlight: inFlight,
            runner: runner ?? JobRunner(queue: queue, rounds: rounds, logger: logger),
            doorbell: doorbell,
            metrics: metrics,
            logger: logger
        )
        await heartbeat.start()
        let listener = Task {
            await doorbell.listen(
                database,
                logger: logger,
                announced: { await queue.expectWork() },
                recalled: { heartbeat.beatNow() }
            )
        }
        let keys = Task { await rounds.watchKeys() }
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await loop.run()
            } onCancel: {
                loop.stop()
                doorbell.ring()
            }
        } onGracefulShutdown: {
            loop.stop()
            doorbell.ring()
        }
        keys.cancel()
        listener.cancel()
        lag.stop()
        await heartbeat.stop()
        try await queue.retire()
    }
}
