// A queue of a test's own: a fresh database, its coordinator and workers, each connected under its real role, and a
// superuser's connection for looking at tables and for moving the clock.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

struct QueueFixture {
    let database: TestDatabase
    let admin: PostgresConnection
    let coordinator: CoordinatorQueue

    /// Logins of the test server, made members of the groups that Parley's schema knows.
    static let coordinatorLogin = "parley"
    static let workerLogin = "parley_test"
    static let strangerLogin = "parley_reader"

    /// - Parameter slowStart: whether limits are found by trying, as they are outside of tests
    init(slowStart: Bool = false) async throws {
        database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        admin = try await database.connect()
        try await Logins.shared.make(database)
        let pool = PostgresPool(database.configuration(role: Self.coordinatorLogin), maximum: 2)
        coordinator = CoordinatorQueue(pool: pool)
        try await setClock(seconds: 0)
        if !slowStart {
            try await admin.execute(script: "alter table parley.limits alter column allowed set default 1000000")
        }
    }

    /// A worker with a pool of its own.
    func worker(
        _ name: String = "w",
        tags: [String] = [],
        login: String = workerLogin,
        lease: Duration = .seconds(60)
    ) async throws -> WorkerQueue {
        // Tests change things between two claims: each claim asks anew.
        var pace = WorkerQueue.Pace()
        pace.renewal = .zero
        pace.pause = .zero
        return try await WorkerQueue.register(
            WorkerQueue.Registration(name: name, host: "test", process: 1, version: "0", tags: tags),
            pool: PostgresPool(database.configuration(role: login), maximum: 2),
            lease: lease,
            pace: pace
        )
    }

    /// Submits a round whose samples are `0`, `1`, … of each suite.
    @discardableResult
    func submit(
        _ definition: RoundDefinition,
        admitting: [String] = [QueueSchema.workerRole],
        tags: [ModelName: [String]] = [:],
        reservations: [[Reservation]] = []
    ) async throws -> CoordinatorQueue.Submission {
        var numbers = [Int](repeating: 0, count: definition.suites.count)
        return try await coordinator.submit(definition, admitting: admitting, tags: tags, reservations: reservations) {
            suite in
            if numbers[suite] == definition.suites[suite].dataset.count { return nil }
            defer { numbers[suite] += 1 }
            return Self.sample(suite, numbers[suite])
        }
    }

    static func sample(_ suite: Int, _ number: Int) -> SealedSample {
        let content = Array("sample \(suite)/\(number)".utf8)
        return SealedSample(id: "s\(number)", contentHash: ContentHash(of: content), content: content)
    }

    /// Sets the database's clock, which stands still in these tests, to so many seconds after the test's beginning.
    func setClock(seconds: Int) async throws {
        try await admin.execute(
            script: """
                create or replace function parley.now() returns timestamptz language sql volatile parallel safe
                as $$ select timestamptz '2030-01-01 00:00:00+00' + interval '\(seconds) seconds' $$
                """
        )
    }

    /// One number from the superuser's view.
    func count(_ sql: String) async throws -> Int {
        Int(try await admin.query("select (\(sql))::bigint as n").only().int64("n"))
    }

    /// All observations of a round.
    func observations(_ round: RoundID, pageSize: Int = 3) async throws -> [Observation] {
        var all: [Observation] = []
        try await coordinator.observations(round: round, pageSize: pageSize) { all += $0 }
        return all
    }
}

/// Makes the logins once a process; roles belong to the server, not to a database.
private actor Logins {
    static let shared = Logins()
    private var made: Task<Void, any Error>?

    func make(_ database: TestDatabase) async throws {
        if let made { return try await made.value }
        let task = Task {
            let admin = try await database.connect()
            for (login, group) in [
                (QueueFixture.coordinatorLogin, QueueSchema.coordinatorRole),
                (QueueFixture.workerLogin, QueueSchema.workerRole),
            ] {
                try await admin.execute(script: "create role \(login) login; grant \(group) to \(login)")
            }
            // May call the functions, but is admitted to no round: not a member of the group, given its rights.
            try await admin.execute(script: "create role \(QueueFixture.strangerLogin) login")
            await admin.close()
        }
        made = task
        try await task.value
    }
}

/// The SQLSTATE with which some work fails; nil when it does not.
func sqlState(_ body: () async throws -> Void) async throws -> String? {
    do {
        try await body()
        return nil
    } catch let error as PostgresError {
        return error.sqlState
    }
}

extension [ClaimedJob] {
    var keys: [LeaseKey] { map(\.key) }
}

extension WorkerQueue {
    /// Commits jobs as scored with 1.
    @discardableResult
    func commitScored(_ jobs: [ClaimedJob]) async throws -> [CommitAnswer] {
        try await commit(jobs.map { Commit(key: $0.key, kind: .scored, score: .one) })
    }
}
