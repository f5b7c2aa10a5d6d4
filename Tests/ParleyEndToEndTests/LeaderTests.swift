// Two coordinators as real processes over one database: one leads, the other takes over when it is killed or stopped,
// and the one that was stopped does nothing of its old term when it goes on. Both answer over HTTP throughout.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Leaders") struct LeaderTests {
    private struct Coordinator {
        let process: ParleyProcess
        var identifier: Int32 { process.identifier }

        init(_ url: String) throws {
            process = try ParleyProcess([
                "coordinator", "--database", url, "--http", "127.0.0.1:0", "--log-level", "notice",
            ])
        }

        /// Where it listens; waits until it does.
        func address() async throws -> String {
            while process.isRunning {
                let line = process.errorsSoFar.split(separator: "\n").first { $0.hasPrefix("Listening on ") }
                if let line { return String(line.dropFirst("Listening on ".count)) }
                await Task.yield()
            }
            Issue.record("it ended: \(process.end().errors)")
            return ""
        }
    }

    private func leader(_ owner: PostgresConnection) async throws -> (term: Int64, process: Int32?) {
        let row = try await owner.query(
            "select term, holder from parley.leadership where expires_at > parley.now()"
        ).first
        guard let row else { return (0, nil) }
        let parts = try row.text("holder").split(separator: "/")
        return (try row.int64("term"), parts.count == 3 ? Int32(parts[1]) : nil)
    }

    /// Waits until this process leads; the test's time limit ends a wait that has no end.
    private func wait(for process: Int32, _ owner: PostgresConnection) async throws -> Int64 {
        while true {
            let (term, leads) = try await leader(owner)
            if leads == process { return term }
            await Task.yield()
        }
    }

    @Test(
        "Killed, a leader is replaced; stopped, it is replaced and does nothing late; both answer",
        .timeLimit(.minutes(2))
    )
    func takeover() async throws {
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let login = "parley_daemon_coordinator"
        if try await owner.query("select 1 from pg_roles where rolname = $1", [.text(login)]).isEmpty {
            try await owner.execute(script: "create role \(login) login")
        }
        try await owner.execute(script: "grant parley_coordinator to \(login)")
        let url = try database.url(role: login)
        let made = try ParleyProcess.run([
            "token", "new", "olga", "--scope", "control", "--because", "a test", "--database", url,
        ])
        let token = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(token.hasPrefix("parley_") && token.count == 71, "\(made.errors)")

        let first = try Coordinator(url)
        let one = try await wait(for: first.identifier, owner)
        let second = try Coordinator(url)
        for coordinator in [first, second] {
            let seen = try await Self.get("\(coordinator.address())/v1/leadership", token)
            #expect(seen["term"]?.integer == one && seen["leads"] == true)
        }

        // Killed: the other takes over when the lease is out.
        first.process.signal(SIGKILL)
        _ = first.process.end()
        let two = try await wait(for: second.identifier, owner)
        #expect(two == one + 1)

        // Stopped: a third takes over; when the second goes on it learns that its term is over, and stands by.
        let third = try Coordinator(url)
        _ = try await third.address()
        second.process.signal(SIGSTOP)
        let three = try await wait(for: third.identifier, owner)
        #expect(three == two + 1)
        second.process.signal(SIGCONT)
        while second.process.isRunning, !second.process.errorsSoFar.contains("another coordinator leads") {
            await Task.yield()
        }
        #expect(try await leader(owner).process == third.identifier)
        let seen = try await Self.get("\(second.address())/v1/leadership", token)
        #expect(seen["term"]?.integer == three, "one that stands by answers")

        // Asked to end, a leader resigns, and the other need not wait.
        third.process.signal(SIGTERM)
        #expect(third.process.end().code == 0)
        #expect(try await wait(for: second.identifier, owner) == three + 1)
        second.process.signal(SIGTERM)
        #expect(second.process.end().code == 0)
        await owner.close()
    }

    private static func get(_ url: String, _ token: String) async throws -> JSONValue {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        return try JSONValue(parsing: Array(buffer: try await response.body.collect(upTo: 1 << 16)))
    }
}
