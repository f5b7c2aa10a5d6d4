// What operators see of daemons at work: metrics that add up to the outcomes and please promtool, log lines of which
// each is one JSON object, spans of whole jobs, and nowhere a key.

import AsyncHTTPClient
import Foundation
import NIOCore
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Telemetry of daemons") struct TelemetryTests {
    private static let key = "sk-never-to-be-seen-81723"

    @Test("metrics, logs and spans of a round agree with its outcomes, and hold no key")
    func round() async throws {
        let place = try Workplace(samples: 20, errorRate: 0.2)
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (url, workerURL) = try await database.daemonLogins(owner)
        let simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        let address = simulator.simulatorAddress()
        // Real models as far as the worker knows, so that it sends a key.
        try place.write(
            "round.yaml",
            try String(contentsOfFile: place.round, encoding: .utf8)
                .replacing("model: ma,", with: "model: ma, base_url: \"\(address)/v1\", api_key: env:PARLEY_TEST_KEY,")
                .replacing("model: mb,", with: "model: mb, base_url: \"\(address)\", api_key: env:PARLEY_TEST_KEY,")
        )
        let submitted = try ParleyProcess.run(["submit", place.round, "--database", url, "--json"])
        try #require(submitted.code == 0, "\(submitted.errors)")
        #expect(try JSONValue(parsing: submitted.output)["enqueued"]?.integer == 80, "\(submitted.errors)")

        let receiver = try await HTTPReceiver.start()
        let environment = [
            "PARLEY_TEST_KEY": Self.key, "PARLEY_LOG_FORMAT": "json",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(receiver.port)",
        ]
        let coordinator = try ParleyProcess(
            ["coordinator", "--database", url, "--metrics", "0", "--log-level", "debug"],
            environment: environment
        )
        let worker = try ParleyProcess(
            [
                "worker", "--database", workerURL, "--metrics", "0",
                "--log-level", "debug", "--concurrency", "8",
            ],
            environment: environment
        )
        while try await owner.query("select count(*) from parley.outcomes").only().int64(0) < 80, worker.isRunning {
            // What waits to be tried again is due now.
            try await owner.execute(script: "update parley.jobs set run_after = now() where run_after > now()")
        }
        let seen = try await Self.metrics(of: worker)
        let watched = try await Self.metrics(of: coordinator)
        for process in [worker, coordinator, simulator] { process.signal(SIGTERM) }
        let ended = [worker.end(), coordinator.end()]
        _ = simulator.end()
        await receiver.stop()
        #expect(ended.map(\.code) == [0, 0], "\(ended.map(\.errors))")

        #expect(Self.sum("parley_jobs_committed_total", in: seen) == 80)
        let failed = try await owner.query("select count(*) from parley.attempts").only().int64(0)
        #expect(failed > 0 && Self.sum("parley_attempts_failed_total", in: seen) == Double(failed))
        #expect(Self.sum("parley_probe_seconds_count", in: seen) == Double(80 + failed))
        #expect(Self.sum("parley_jobs_in_flight", in: seen) == 0)
        #expect(Self.sum("parley_database_connections", in: seen, where: "state=\"maximum\"") == 6)
        #expect(Self.sum("parley_build_info", in: watched) == 1)
        #expect(watched.contains("parley_coordinator_duty_seconds_count "))
        #expect(watched.contains("\nparley_coordinator_leads 1\n"))
        for text in [seen, watched] {
            if let complaints = try Promtool.complaints(about: text) { #expect(complaints == "") }
        }
        try Self.check(logs: ended.map(\.errors), failed: Int(failed))
        try Self.check(spans: receiver.received.map(\.body))
        let everything = ended.flatMap { [$0.errors, $0.output] } + receiver.received.map(\.body) + [seen, watched]
        #expect(!everything.contains { $0.contains(Self.key) }, "a key was logged")
        await owner.close()
    }

    private static func check(logs: [String], failed: Int) throws {
        let lines = try logs.flatMap { try $0.split(separator: "\n").map { try JSONValue(parsing: String($0)) } }
        #expect(lines.allSatisfy { $0["time"]?.string != nil && $0["level"]?.string != nil })
        let failures = lines.filter { $0["message"] == "an attempt failed" }
        #expect(failures.count == failed)
        for line in failures {
            #expect(line["job"] != nil && line["round"] != nil && line["worker"] != nil && line["class"] != nil)
        }
        #expect(failures.contains { $0["request_id"] != "none" })
    }

    private static func check(spans bodies: [String]) throws {
        let spans = try bodies.flatMap { body in
            try JSONValue(parsing: body)["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?["spans"]?.array
                ?? []
        }
        let names = Dictionary(grouping: spans) { $0["name"]?.string ?? "" }.mapValues(\.count)
        #expect(names["score"] == 80 && names["job"] == names["commit"] && names["job"] == names["claim"])
        #expect(names["probe"] == names["job"] && names["provider call"] == names["job"], "\(names)")
        // Of one job: all within its trace, the call beneath the probe.
        let job = try #require(spans.first { $0["name"] == "job" })
        let own = spans.filter { $0["traceId"] == job["traceId"] }
        let probe = own.first { $0["name"] == "probe" }
        #expect(probe?["parentSpanId"] == job["spanId"])
        #expect(own.first { $0["name"] == "provider call" }?["parentSpanId"] == probe?["spanId"])
        #expect(own.first { $0["name"] == "commit" }?["parentSpanId"] == job["spanId"])
    }

    /// The metrics of a daemon, which says at level debug where they are.
    private static func metrics(of process: ParleyProcess) async throws -> String {
        var port: String?
        while process.isRunning, port == nil {
            port =
                process.errorsSoFar.split(separator: "\n").lazy
                .compactMap { try? JSONValue(parsing: String($0)) }
                .first { $0["message"] == "metrics are served" }?["port"]?.string
        }
        let answer = try await HTTPClient.shared.get(url: "http://127.0.0.1:\(port ?? "1")/metrics").get()
        return answer.body.map { String(buffer: $0) } ?? ""
    }

    private static func sum(_ name: String, in text: String, where label: String = "") -> Double {
        text.split(separator: "\n").filter { line in
            (line.hasPrefix(name + "{") || line.hasPrefix(name + " ")) && (label.isEmpty || line.contains(label))
        }.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }
}
