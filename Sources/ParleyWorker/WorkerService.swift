// A worker daemon: claims jobs, runs each as a task, commits, and drains when it is told to stop. It holds nothing that
// a restart would miss: what it had in flight comes back by its leases.
//
// States: running → draining (no more claims; what is in flight goes on) → given back (what is left near the end of the
// time for a stop) → ended. Cancelled, it gives all back at once.

public import Logging
import ParleyDispatch
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
        let files = raiseOpenFileLimit()
        guard configuration.concurrency <= configuration.jobs(within: files) else {
            throw ParleyFailure(
                .invalidInput,
                "\(configuration.concurrency) jobs in flight need more than \(files) open files.",
                remedy: "Raise the hard limit (LimitNOFILE= of a unit, --ulimit nofile of a container, `ulimit -Hn`), "
                    + "or give --concurrency \(configuration.jobs(within: files)) at most."
            )
        }
        let pool = PostgresPool(database, maximum: 6, logger: logger, observer: metrics.poolObserver)
        metrics.watch(pool)
        let clients = ModelClients()
        let programs = ExternalPrograms(folder: configuration.programFolder)
        do {
            try await work(pool, clients, programs, files: files)
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

    private func work(
        _ pool: PostgresPool,
        _ clients: ModelClients,
        _ programs: ExternalPrograms,
        files: Int
    ) async throws {
        let queue = try await WorkerQueue.register(
            WorkerQueue.Registration(
                name: configuration.name,
                host: configuration.host,
                process: configuration.process,
                version: configuration.version,
                tags: configuration.offeredTags,
                pool: configuration.pool
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
            partySecrets: configuration.partySecrets,
            logger: logger
        )
        let inFlight = InFlight()
        let doorbell = Doorbell()
        let lag = LoopLag(metrics.loopLag)
        let loop = ClaimLoop(
            configuration: configuration,
            queue: queue,
            inFlight: inFlight,
            runner: runner ?? JobRunner(queue: queue, rounds: rounds, logger: logger),
            doorbell: doorbell,
            metrics: metrics,
            logger: logger
        )
        let heartbeat = Heartbeat(
            queue: queue,
            inFlight: inFlight,
            vitals: VitalSigns(metrics, lag, span: queue.lease) { loop.mostInFlight },
            metrics: metrics,
            logger: logger
        )
        let orders = OrderWatch(
            queue: queue,
            loop: loop,
            concurrency: configuration.concurrency,
            most: configuration.jobs(within: files),
            logger: logger
        )
        // What its pool was told before it came holds from its first claim on.
        await orders.look()
        metrics.watch(inFlight, loop)
        await heartbeat.start()
        let listener = Task {
            await doorbell.listen(
                database,
                logger: logger,
                announced: { await queue.expectWork() },
                ordered: { await orders.look() },
                recalled: { heartbeat.beatNow() }
            )
        }
        let keys = Task { await rounds.watchKeys() }
        let watch = Task { await orders.run() }
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await loop.run()
            } onCancel: {
                loop.stop(atOnce: true)
            }
        } onGracefulShutdown: {
            loop.stop()
        }
        watch.cancel()
        keys.cancel()
        listener.cancel()
        lag.stop()
        await heartbeat.stop()
        // A task of its own: this one may be cancelled, and what holds connections would refuse it.
        try await Task { try await queue.retire() }.value
        if let obstacle = loop.obstacle { throw obstacle }
    }
}
