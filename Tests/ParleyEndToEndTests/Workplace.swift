// A folder with a small round: arithmetic, so that the simulated provider knows the truth.

import Foundation
import ParleyModel
import ParleyPostgres

/// A folder that goes with the test.
final class Workplace {
    let folder: String
    var state: String { folder + "/state" }
    var round: String { folder + "/round.yaml" }

    init(samples: Int = 40, latency: String = "0ms", errorRate: Double = 0, more: String = "") throws {
        folder = "/tmp/parley-e2e-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let rows = (0..<samples).map { #"{"id":"s\#($0)","input":"What is \#($0) + 7?","target":"\#($0 + 7)"}"# }
        try write("sums.jsonl", rows.joined(separator: "\n"))
        let behaviour = "{ accuracy: 0.7, refusal_rate: 0.05, error_rate: \(errorRate), latency: \(latency) }"
        try write(
            "round.yaml",
            """
            round: sums
            tier: bilateral
            title: Sums
            parties:
              - { name: a, role: lab }
              - { name: b, role: lab }
            models:
              - { name: ma, party: a, provider: openai, model: ma, concurrency: 4, simulate: \(behaviour) }
              - { name: mb, party: b, provider: anthropic, model: mb, concurrency: 4, simulate: \(behaviour) }
            suites:
              - name: sums
                party: a
                areas: [scalable oversight]
                dataset: sums.jsonl
                scorer: numeric
                epochs: 2
            runs: all
            \(more)
            """
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }

    /// A run of this folder's round on simulated models.
    func start(_ arguments: [String] = []) throws -> ParleyProcess {
        try ParleyProcess(["run", round, "--simulated", "--state", state] + arguments)
    }

    /// The private server. Started here, it saves commands the time of starting it.
    var server: EmbeddedCluster {
        var options = EmbeddedCluster.Options()
        options.roles = ["parley_coordinator_login", "parley_worker_login"]
        return EmbeddedCluster(folder: state, options: options)
    }

    /// Rows of the private database, as its coordinator sees them. Empty while there is no server.
    func rows<Row>(_ query: String, state: String? = nil, _ read: (PostgresRow) throws -> Row) async -> [Row] {
        let configuration = PostgresConfiguration(keywords: [
            "host": (state ?? self.state) + "/socket", "port": "5432", "dbname": "parley",
            "user": "parley_coordinator_login",
        ])
        guard let connection = try? await PostgresConnection.connect(configuration) else { return [] }
        let rows = try? await connection.query(query)
        await connection.close()
        return rows?.compactMap { try? read($0) } ?? []
    }

    /// Every outcome, with the time of its commit: what must not change once it stands.
    func outcomes(state: String? = nil) async -> [Int64: Int64] {
        let pairs = await rows("select job_id, completed_at from parley.outcomes", state: state) {
            (try $0.int64(0), try $0.timestamptz(1))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Waits until so many outcomes stand, and gives them; nil where the run ended before.
    func outcomes(atLeast count: Int, of run: ParleyProcess, state: String? = nil) async -> [Int64: Int64]? {
        while run.isRunning {
            let found = await outcomes(state: state)
            if found.count >= count { return found }
            await Task.yield()
        }
        return nil
    }
}
