// The run itself: a durable server, a coordinator, workers, rounds that are submitted until both enough jobs and enough
// faults have been, and the reckoning.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport

/// One seeded run of faults.
final class Storm {
    struct Report: Encodable {
        let seed: UInt64
        let seconds: Double
        let jobs: Int
        let outcomes: Int
        let dead: Int
        let attempts: Int
        /// All attempts, those that became outcomes included, over jobs.
        let attemptsPerJob: Double
        let faults: [String: Int]
        /// Faults that this machine cannot inject, and why.
        let skipped: [String: String]
        /// Answers of the server that were cut off on their way to a worker.
        let swallowedAnswers: Int
        /// What must not be; empty.
        let violations: [String]
    }

    enum Fault: String, CaseIterable {
        case workerKilled, workerStopped, clockOff, connectionsCut, answerSwallowed, serverRestarted, serverCrashed
        case diskFull, coordinatorKilled
    }

    private static let jobsPerRound = 20_000
    private static let lease = 3
    /// A job of the first round that kills its workers.
    private static let poison = (1 << 36) + 7

    private let seed: UInt64
    private var random: SeededGenerator
    private let faultCount: Int
    private let jobCount: Int
    private let folder: String
    private let cluster: EmbeddedCluster
    private let proxy: Proxy
    private let log: FileHandle
    private let tools: String
    private var disk: String?
    private var workers: [Child] = []
    private var coordinator: Child?
    private var admin: PostgresConnection?
    private var faults: [Fault: Int] = [:]
    private var skipped: [String: String] = [:]
    private var rounds: [RoundID] = []

    init(seed: UInt64, faults: Int, jobs: Int) async throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        faultCount = faults
        jobCount = jobs
        folder = "/tmp/parley-chaos-\(ProcessInfo.processInfo.processIdentifier)"
        tools =
            URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: folder + "/log", contents: nil)
        log = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/log"))
        var options = EmbeddedCluster.Options()
        options.roles = TestCluster.defaultRoles
        options.minimumFreeBytes = 0
        options.settings = [
            ("max_connections", "100"), ("shared_buffers", "128MB"), ("restart_after_crash", "on"),
            ("max_wal_size", "256MB"),
        ]
        let disk = folder + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        if mount("tmpfs", disk, "tmpfs", 0, "size=4096m") == 0 {
            self.disk = disk
        } else {
            skipped[Fault.diskFull.rawValue] = "needs the right to mount a file system"
        }
        if !FileManager.default.fileExists(atPath: Self.fakeClock) {
            skipped[Fault.clockOff.rawValue] = "needs the Debian package faketime"
        }
        cluster = EmbeddedCluster(folder: disk + "/state", options: options)
        try await cluster.start()
        let server = cluster.configuration
        proxy = try Proxy(
            folder: folder + "/proxy",
            upstream: (server.host ?? "") + "/.s.PGSQL.\(server.port ?? 5432)"
        )
        try tool("queue-bench", ["prepare", "--database", url(direct: true, "postgres"), "chaos"])
        // Backoffs of seconds, so that a run of minutes sees many of them; a job ends where it failed eight times.
        let setup = try await PostgresConnection.connect(server.with(database: "chaos"))
        try await setup.execute(
            script: "update parley.settings set first_delay = '100 ms', longest_delay = '2 s', longest_pause = '2 s'"
        )
        await setup.close()
    }

    private static let fakeClock = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"

    /// Workers connect through the proxy, everybody else directly.
    private func url(direct: Bool, _ database: String, user: String = "postgres") -> String {
        let host = direct ? cluster.configuration.host ?? "" : folder + "/proxy"
        return "postgresql:///\(database)?host=\(host)&port=5432&user=\(user)"
    }

    private func tool(_ name: String, _ arguments: [String]) throws {
        let child = try Child(tools + "/" + name, arguments, log: log)
        child.process.waitUntilExit()
        if child.process.terminationStatus != 0 { throw ParleyFailure(.failure, "\(name) \(arguments[0]) failed") }
    }

    private func startWorker(clock: String? = nil) throws {
        var environment: [String: String] = [:]
        if let clock {
            environment = ["LD_PRELOAD": Self.fakeClock, "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"]
        }
        workers.append(
            try Child(
                tools + "/queue-bench",
                [
                    "work", "--database", url(direct: false, "chaos"), "--concurrency", "300", "--lease",
                    "\(Self.lease)", "--pause", "60", "--poison", "\(Self.poison)", "--failures", "5",
                ],
                environment: environment,
                log: log
            )
        )
    }

    private func startCoordinator() throws {
        coordinator = try Child(
            tools + "/parley",
            ["coordinator", "--database", url(direct: true, "chaos", user: "parley")],
            log: log
        )
    }

    // MARK: - The run

    func run() async throws -> Report {
        let start = ContinuousClock.now
        try startCoordinator()
        for _ in 0..<4 { try startWorker() }
        var injected = 0
        while injected < faultCount || rounds.count * Self.jobsPerRound < jobCount {
            try await submitIfNeeded()
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...700, using: &random)))
            if injected < faultCount, try await inject() { injected += 1 }
            try mendWorkers()
        }
        say("all faults injected; waiting for \(rounds.count * Self.jobsPerRound) jobs to end")
        try await settle()
        return try await reckon(seconds: Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000)
    }

    /// Keeps two rounds unfinished, and begins no more than are needed.
    private func submitIfNeeded() async throws {
        guard let running = try await number("select count(*) from parley.rounds where state = 'running'") else {
            return
        }
        guard running < 2 else { return }
        do {
            try tool(
                "queue-bench",
                [
                    "submit", "--database", url(direct: true, "chaos"), "--name", "storm-\(rounds.count)", "--jobs",
                    "\(Self.jobsPerRound)",
                ]
            )
            rounds.append(RoundID(Int64(rounds.count + 1)))
        } catch {
            // The server is just away; the name is taken up again.
            say("a submission failed and is tried again")
        }
    }

    /// One fault; false where this machine cannot inject the one drawn.
    private func inject() async throws -> Bool {
        let fault = Fault.allCases.randomElement(using: &random) ?? .workerKilled
        if skipped[fault.rawValue] != nil { return false }
        say("\(faults.values.reduce(0, +) + 1). \(fault.rawValue)")
        let victim = Int.random(in: 0..<workers.count, using: &random)
        switch fault {
        case .workerKilled:
            workers[victim].end(SIGKILL)
        case .workerStopped:
            workers[victim].signal(SIGSTOP)
            try await Task.sleep(for: .milliseconds(Self.lease * 1000 + Int.random(in: 500...1500, using: &random)))
            workers[victim].signal(SIGCONT)
        case .clockOff:
            workers[victim].end(SIGTERM)
            try startWorker(clock: Bool.random(using: &random) ? "+1h" : "-1h")
        case .connectionsCut:
            _ = try? await connected()?.query(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1",
                [.text("parley_test")]
            )
        case .answerSwallowed:
            for _ in 0..<Int.random(in: 1...5, using: &random) { proxy.swallowNextAnswer() }
        case .serverRestarted:
            await cluster.stop()
            try await cluster.start()
        case .serverCrashed:
            await cluster.crash()
            try await cluster.start()
        case .diskFull:
            try await fillDisk()
        case .coordinatorKilled:
            coordinator?.end(SIGKILL)
            try startCoordinator()
        }
        faults[fault, default: 0] += 1
        return true
    }

    /// Fills the server's disk for a moment. A server that cannot write its log gives up, as it should.
    private func fillDisk() async throws {
        guard let disk else { return }
        let filler = disk + "/filler"
        _ = FileManager.default.createFile(atPath: filler, contents: nil)
        if let handle = FileHandle(forWritingAtPath: filler) {
            let block = Data(repeating: 1, count: 1 << 20)
            while (try? handle.write(contentsOf: block)) != nil {}
            let small = Data(repeating: 1, count: 4096)
            while (try? handle.write(contentsOf: small)) != nil {}
            try? handle.close()
        }
        try await Task.sleep(for: .milliseconds(Int.random(in: 500...2500, using: &random)))
        unlink(filler)
        try await Task.sleep(for: .milliseconds(500))
        if await connected() == nil { try await cluster.start() }
    }

    /// Starts what has died; a worker that died of the poison job is one of them.
    private func mendWorkers() throws {
        workers.removeAll { !$0.isRunning }
        while workers.count < 4 { try startWorker() }
        if coordinator?.isRunning != true { try startCoordinator() }
    }

    /// Lets everything end: no more faults, but the poison job still kills.
    private func settle() async throws {
        let deadline = ContinuousClock.now + .seconds(600)
        while ContinuousClock.now < deadline {
            try mendWorkers()
            if try await number("select count(*) from parley.rounds where state = 'running'") == 0 { return }
            try await Task.sleep(for: .milliseconds(500))
        }
        say("jobs remain after ten minutes without faults")
    }

    /// What must be, and what is.
    private func reckon(seconds: Double) async throws -> Report {
        for worker in workers { worker.end(SIGTERM) }
        let jobs = rounds.count * Self.jobsPerRound
        let outcomes = try await number("select count(*) from parley.outcomes") ?? -1
        let dead = try await number("select count(*) from parley.dead_jobs") ?? -1
        let attempts = try await number("select count(*) from parley.attempts") ?? -1
        let mustBeZero = [
            "outcomes of jobs that are in no plan": """
            select count(*) from parley.outcomes o where not exists (
                select from parley.streams s where s.round_id = o.round_id and o.job_id >= s.base
                    and o.job_id < s.base + s.samples::bigint * s.epochs)
            """,
            "jobs with more than one outcome":
                "select count(*) - count(distinct job_id) from parley.outcomes",
            "jobs that are both done and dead":
                "select count(*) from parley.outcomes o join parley.dead_jobs d on d.job_id = o.job_id",
            "jobs that are still held or waiting": """
            select (select count(*) from parley.jobs)
                + (select coalesce(sum(bit_count(open::bit(64))), 0) from parley.blocks)
            """,
            "jobs that were never claimed": """
            select coalesce(sum(s.base + s.samples::bigint * s.epochs
                - parley.stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)), 0) from parley.streams s
            """,
            "jobs that were run again after they were done": """
            select count(*) from parley.outcomes o join parley.attempts a
                on a.round_id = o.round_id and a.job_id = o.job_id and a.started_at > o.completed_at
            """,
            "rounds that did not end": "select count(*) from parley.rounds where state = 'running'",
            "jobs that died of anything but the poison":
                "select count(*) from parley.dead_jobs where class <> 'worker_lost' or job_id <> \(Self.poison)",
            "tokens that were not charged": """
            select count(*) from (
                select o.round_id, sum(o.input_tokens + o.output_tokens) as used from parley.outcomes o group by 1
            ) x where used > (
                select sum(s.tokens) from parley.streams t
                    join parley.spent((select array_agg(id) from parley.streams)) s on s.stream_id = t.id
                where t.round_id = x.round_id)
            """,
        ]
        var violations: [String] = []
        for (what, sql) in mustBeZero.sorted(by: { $0.key < $1.key }) {
            let count = try await number(sql)
            if count != 0 { violations.append("\(what): \(count.map { "\($0)" } ?? "unknown")") }
        }
        if outcomes + dead != jobs { violations.append("\(jobs) jobs, but \(outcomes) outcomes and \(dead) dead") }
        return Report(
            seed: seed,
            seconds: seconds,
            jobs: jobs,
            outcomes: outcomes,
            dead: dead,
            attempts: attempts,
            attemptsPerJob: Double(outcomes + attempts) / Double(max(jobs, 1)),
            faults: Dictionary(uniqueKeysWithValues: faults.map { ($0.key.rawValue, $0.value) }),
            skipped: skipped,
            swallowedAnswers: proxy.swallowed,
            violations: violations
        )
    }

    func end() async {
        for worker in workers { worker.end(SIGKILL) }
        coordinator?.end(SIGKILL)
        await admin?.close()
        await cluster.stop()
        if let disk { umount(disk) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: - The database

    /// A superuser's session; nil while the server is away.
    private func connected() async -> PostgresConnection? {
        if let admin, await admin.isUsable { return admin }
        admin = try? await PostgresConnection.connect(cluster.configuration.with(database: "chaos"))
        return admin
    }

    /// One number; nil while the server is away.
    private func number(_ sql: String) async throws -> Int? {
        for _ in 0..<20 {
            if let row = try? await connected()?.query("select (\(sql))::bigint as n").first {
                return Int(try row.int64("n"))
            }
            try await Task.sleep(for: .milliseconds(250))
            if await connected() == nil { try? await cluster.start() }
        }
        return nil
    }

    private func say(_ text: String) { FileHandle.standardError.write(Data("chaos: \(text)\n".utf8)) }
}
