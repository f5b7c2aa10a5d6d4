// A database of a test's own with a round of four samples and a worker, for tests of the service.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport

struct House {
    let round: RoundID
    let queue: CoordinatorQueue
    let worker: WorkerQueue
    private let pool: PostgresPool

    init() async throws {
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
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
            budgets: []
        )
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
