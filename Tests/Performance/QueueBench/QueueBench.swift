// The parts of `scripts/bench queue` that are Parley's own: a durable server, submitting, feeding, and worker processes
// that run the shipped worker with a probe that does nothing. `Tests/Performance/bench_queue.py` puts them together.

import ArgumentParser
import Dispatch
import Foundation
import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import ParleyWorker
import ServiceLifecycle
import UnixSignals

@main
struct QueueBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue-bench",
        abstract: "Parts of the queue's benchmark; run scripts/bench queue.",
        subcommands: [
            Serve.self, Prepare.self, Submit.self, Feed.self, Work.self, Latency.self, Fill.self, Seal.self,
            Findings.self,
        ]
    )

    static let coordinatorLogin = "parley"
    static let workerLogin = "parley_test"

    /// The database named on the command line, as another role.
    static func database(_ url: String, as role: String) throws -> PostgresConfiguration {
        try PostgresConfiguration(url).with(user: role)
    }
}

/// Starts a durable server and keeps it until standard input ends.
struct Serve: AsyncParsableCommand {
    @Argument(help: "A folder that does not exist yet; it is removed at the end.")
    var folder: String

    func run() async throws {
        var options = EmbeddedCluster.Options()
        options.roles = TestCluster.defaultRoles
        options.removesFolder = true
        options.settings = [
            ("shared_buffers", "1GB"), ("max_wal_size", "16GB"), ("checkpoint_timeout", "15min"),
            ("wal_buffers", "64MB"), ("max_connections", "200"), ("autovacuum_naptime", "10s"),
        ]
        let cluster = EmbeddedCluster(folder: folder, options: options)
        try await cluster.start()
        let server = cluster.configuration
        print("postgresql:///postgres?host=\(server.host ?? "")&port=\(server.port ?? 5432)&user=postgres")
        fflush(nil)
        while readLine() != nil {}
        await cluster.stop()
    }
}

/// Makes a database with Parley's schema and its roles.
struct Prepare: AsyncParsableCommand {
    @Option(help: "The server, as its superuser.") var database: String
    @Argument(help: "The new database's name.") var name: String

    func run() async throws {
        let server = try PostgresConfiguration(database)
        let outer = try await PostgresConnection.connect(server)
        try await outer.execute(script: "create database \(name)")
        await outer.close()
        let inner = try await PostgresConnection.connect(server.with(database: name))
        _ = try await MigrationRunner(QueueSchema.migrations).run(on: inner)
        for (login, group) in [
            (QueueBench.coordinatorLogin, QueueSchema.coordinatorRole),
            (QueueBench.workerLogin, QueueSchema.workerRole),
        ] {
            try await inner.execute(
                script: """
                    do $$ begin create role \(login) login; exception when duplicate_object then null; end $$;
                    grant \(group) to \(login)
                    """
            )
        }
        await inner.close()
    }
}

/// The shape of a round: each suite on each model is a cell and a stream.
struct Shape: ParsableArguments {
    @Option(help: "Jobs of a round, a multiple of suites × models × samples, or fewer than that.")
    var jobs = 1_000_000
    @Option(help: "The number of suites.") var suites = 10
    @Option(help: "The number of models.") var models = 10
    @Option(help: "The most samples of a suite.") var samples = 1000

    func definition(_ name: String) -> RoundDefinition {
        let perCell = jobs / (suites * models)
        let epochs = max(1, perCell / samples)
        let models = (0..<models).map { ModelName("model-\($0)") }
        let suites = (0..<suites).map { number in
            Suite(
                name: SuiteName("suite-\(number)"),
                title: "Suite",
                party: "lab",
                areas: [.aiControl],
                dataset: FrozenDataset(
                    source: "bench",
                    count: perCell / epochs,
                    digest: ContentHash(of: Array("bench".utf8))
                ),
                solver: Solver(),
                scorer: Scorer(kind: .exact),
                epochs: epochs
            )
        }
        return RoundDefinition(
            name: RoundName(name),
            title: "Bench",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [Party(name: "lab", title: "Lab", role: .lab)],
            models: models.map {
                ModelDefinition(
                    name: $0,
                    party: "lab",
                    provider: .openai,
                    baseURL: "http://localhost",
                    modelID: $0.text,
                    account: "account-\($0)",
                    concurrency: 100_000
                )
            },
            configurations: models.map { Configuration(name: ConfigurationName($0.text), model: $0) },
            suites: suites,
            cells: suites.flatMap { suite in
                models.map { Cell(suite: suite.name, configuration: ConfigurationName($0.text)) }
            },
            budgets: [Budget(tokens: 1 << 50, money: Money(billionths: 1 << 60))]
                + models.map { Budget(model: $0, tokens: 1 << 50) }
        )
    }

    nonisolated(nonsending) func submit(_ name: String, to queue: CoordinatorQueue) async throws -> RoundID {
        let definition = definition(name)
        let content: [UInt8] = Array("sample".utf8)
        let hash = ContentHash(of: content)
        var numbers = [Int](repeating: 0, count: definition.suites.count)
        let reservations = definition.cells.map { _ in [Reservation(tokens: 1000, cost: Money(billionths: 20_000))] }
        return try await queue.submit(definition, reservations: reservations) { suite in
            if numbers[suite] == definition.suites[suite].dataset.count { return nil }
            numbers[suite] += 1
            return SealedSample(id: "\(numbers[suite])", contentHash: hash, content: content)
        }.round
    }
}

/// Submits one round and prints how long that took.
struct Submit: AsyncParsableCommand {
    @Option var database: String
    @Option var name = "bench"
    @OptionGroup var shape: Shape

    func run() async throws {
        let pool = PostgresPool(try QueueBench.database(database, as: QueueBench.coordinatorLogin))
        let start = ContinuousClock.now
        _ = try await shape.submit(name, to: CoordinatorQueue(pool: pool))
        print(Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000)
        await pool.close()
    }
}

/// Keeps the number of unfinished jobs near a depth by submitting rounds, until it is ended.
struct Feed: AsyncParsableCommand {
    @Option var database: String
    @Option(help: "Jobs to keep unfinished.") var depth = 1_000_000

    func run() async throws {
        let pool = PostgresPool(try QueueBench.database(database, as: QueueBench.coordinatorLogin))
        let queue = CoordinatorQueue(pool: pool)
        let shape = try Shape.parse(["--jobs", "\(depth / 5)"])
        var open: [RoundID] = []
        var number = 0
        while true {
            var finished: Set<RoundID> = []
            var unfinished = 0
            for round in open {
                switch try await queue.finishIfDone(round) {
                case .unfinished(let jobs): unfinished += jobs
                case .finished: finished.insert(round)
                }
            }
            open.removeAll { finished.contains($0) }
            while unfinished < depth {
                number += 1
                open.append(try await shape.submit("feed-\(number)", to: queue))
                unfinished += shape.jobs
            }
            print(unfinished)
            fflush(nil)
            try await Task.sleep(for: .milliseconds(500))
        }
    }
}

/// One worker process until SIGTERM: all that the daemon is, but for the probe. Also the worker of scripts/chaos.
struct Work: AsyncParsableCommand {
    @Option var database: String
    @Option(help: "Most jobs in flight.") var concurrency = 6000
    @Option(help: "Seconds that a silent worker keeps its jobs.") var lease = 60
    @Option(help: "The longest that a job takes, in milliseconds; 0 for no wait at all.") var pause = 0
    @Option(help: "A job that kills the worker.") var poison: Int64?
    @Option(help: "How many of a thousand attempts fail.") var failures = 0

    func run() async throws {
        var logger = Logger(label: "queue-bench")
        logger.logLevel = .warning
        let worker = WorkerService(
            WorkerConfiguration(
                name: "bench",
                host: "local",
                process: ProcessInfo.processInfo.processIdentifier,
                version: "0",
                concurrency: concurrency,
                lease: .seconds(lease)
            ),
            database: try QueueBench.database(database, as: QueueBench.workerLogin),
            logger: logger,
            runner: NoProbe(pause: pause, poison: poison, failures: failures)
        )
        try await ServiceGroup(
            services: [worker],
            gracefulShutdownSignals: [.sigterm],
            logger: logger
        ).run()
    }
}

/// A probe that does nothing and is scored; for chaos it takes its time, and fails or dies as told.
private struct NoProbe: JobRunning {
    let pause: Int
    let poison: Int64?
    let failures: Int

    func prepare(_ jobs: [ClaimedJob]) async {}

    func run(_ job: ClaimedJob) async -> JobResult? {
        if pause > 0 {
            try? await Task.sleep(for: .microseconds(Int.random(in: 0...pause * 1000)))
            if job.id.rawValue == poison { kill(getpid(), SIGKILL) }
            if Int.random(in: 0..<1000) < failures {
                return .fail(
                    FailedAttempt(key: job.key, failureClass: .serverError, message: "500", usage: Usage(), cost: .zero)
                )
            }
        }
        return .commit(
            Commit(
                key: job.key,
                kind: .scored,
                score: .one,
                usage: Usage(input: 812, output: 64),
                cost: Money(billionths: 12_345),
                latencyMicros: 777,
                modelReturned: "model-2026-11-01"
            )
        )
    }
}

/// Submits small rounds to idle workers; prints the time from each submit's end to its first claim, in ms.
struct Latency: AsyncParsableCommand {
    @Option var database: String
    @Option var rounds = 100

    func run() async throws {
        let pool = PostgresPool(try QueueBench.database(database, as: QueueBench.coordinatorLogin))
        let queue = CoordinatorQueue(pool: pool)
        let shape = try Shape.parse(["--jobs", "100"])
        for number in 0..<rounds {
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...300)))
            let round = try await shape.submit("latency-\(number)", to: queue)
            let submitted = Date.now.timeIntervalSince1970
            while case .unfinished = try await queue.finishIfDone(round) {
                try await Task.sleep(for: .milliseconds(20))
            }
            let claimed = try await pool.query(
                "select extract(epoch from min(first_claimed_at))::float8 as at from parley.outcomes where round_id = $1",
                [.int64(round.rawValue)]
            ).only().float64("at")
            print(max(0, claimed - submitted) * 1000)
        }
        await pool.close()
    }
}
