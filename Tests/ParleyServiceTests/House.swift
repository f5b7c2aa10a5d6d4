// A database of a test's own with a round of four samples and a worker, for tests of the service. What the service does
// goes through `served`, under the coordinator's rights alone.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport

struct House {
    let round: RoundID
    let queue: CoordinatorQueue
    let worker: WorkerQueue
    /// The queue as a coordinator's login sees it.
    let served: CoordinatorQueue
    let database: TestDatabase
    private let pool: PostgresPool

    init() async throws {
        database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        try await ServiceLogins.shared.make(database)
        served = CoordinatorQueue(
            pool: PostgresPool(database.configuration(role: ServiceLogins.coordinator), maximum: 2)
        )
        pool = PostgresPool(database.superuser, maximum: 2)
        queue = CoordinatorQueue(pool: pool)
        var number = 0
        round = try await queue.submit(Self.definition, admitting: [QueueSchema.workerRole]) { _ in
            if number == 4 { return nil }
            defer { number += 1 }
            let content = Array("sample \(number)".utf8)
            return SealedSample(id: "s\(number)", contentHash: ContentHash(of: content), content: content)
        }.round
        worker = try await WorkerQueue.register(
            WorkerQueue.Registration(name: "w1", host: "test", process: 1, version: "0", tags: []),
            pool: pool,
            lease: .seconds(60)
        )
    }

    private static var definition: RoundDefinition {
        RoundDefinition(
            name: "round",
            title: "Round",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [Party(name: "lab", title: "Lab", role: .lab)],
            models: [
                ModelDefinition(
                    name: "m",
                    party: "lab",
                    provider: .openai,
                    baseURL: "http://localhost",
                    modelID: "m",
                    account: "lab",
                    concurrency: 8
                )
            ],
            configurations: [Configuration(name: "m", model: "m")],
            suites: [
                Suite(
                    name: "suite",
                    title: "Suite",
                    party: "lab",
                    areas: [],
                    dataset: FrozenDataset(source: "test", count: 4, digest: ContentHash(of: Array("digest".utf8))),
                    solver: Solver(),
                    scorer: Scorer(kind: .exact, grader: nil),
                    epochs: 1
                )
            ],
            cells: [Cell(suite: "suite", configuration: "m")],
            budgets: [Budget(tokens: 1_000_000)]
        )
    }

    /// Runs a statement as superuser.
    func execute(_ sql: String) async throws { _ = try await pool.query(sql) }
}

/// Logins of the test server, made members of the groups that Parley's schema knows.
actor ServiceLogins {
    static let shared = ServiceLogins()
    static let coordinator = "parley"
    static let party = "parley_north"
    private var made: Task<Void, any Error>?

    func make(_ database: TestDatabase) async throws {
        if let made { return try await made.value }
        let task = Task {
            let admin = try await database.connect()
            for (login, group) in [
                (Self.coordinator, QueueSchema.coordinatorRole), (Self.party, QueueSchema.partyRole),
            ] {
                if try await admin.query("select 1 from pg_roles where rolname = $1", [.text(login)]).isEmpty {
                    try await admin.execute(script: "create role \(login) login")
                }
                try await admin.execute(script: "grant \(group) to \(login)")
            }
            await admin.close()
        }
        made = task
        try await task.value
    }
}

extension House {
    /// Commits the first job as scored.
    func commitOne() async throws {
        let jobs = try await worker.claim(limit: 1)
        _ = try await worker.commit(jobs.map { Commit(key: $0.key, kind: .scored, score: .one) })
    }

    /// Makes the first job a dead one, of a hostile message.
    func killOne() async throws {
        let jobs = try await worker.claim(limit: 1)
        _ = try await worker.fail(
            jobs.map { FailedAttempt(key: $0.key, failureClass: .timeout, message: "slow", fingerprint: "f") }
        )
        _ = try await pool.query(
            """
            with gone as (delete from parley.jobs returning *)
            insert into parley.dead_jobs (round_id, job_id, stream_id, cell_no, sample_no, epoch, attempt, fence,
                class, message, fingerprint, first_claimed_at, died_at)
            select id >> 36, id, stream_id, cell_no, sample_no, epoch, attempt, fence, 'invalid_request',
                '<script>alert(1)</script>', 'f', parley.now(), parley.now()
            from gone returning job_id
            """
        )
    }
}
