// The gauges that monitoring sees of the queue, against a queue in known states.

import Logging
import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import ParleyTelemetry
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Gauges of the queue")
struct GaugeTests {
    @Test("depth, age, limits, budgets and workers are shown as they are, and go with the round")
    func shown() async throws {
        let fixture = try await QueueFixture()
        var definition = testRound(samples: 100)
        definition.budgets = [Budget(tokens: 5000, money: Money(billionths: 2_000_000_000))]
        let round = try await fixture.submit(
            definition,
            reservations: [[Reservation(tokens: 10, cost: Money(billionths: 1_000_000))]]
        ).round
        let registry = MetricRegistry(program: "coordinator", version: "0")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let sampler = QueueSampler(registry, queue: fixture.coordinator, logger: logger)
        func lines() async throws -> Set<Substring> {
            try await sampler.sample()
            let text = await registry.text()
            if let complaints = try Promtool.complaints(about: text) { #expect(complaints == "") }
            return Set(text.split(separator: "\n"))
        }
        func probes(_ state: String, _ count: Int) -> Substring {
            "parley_queue_jobs{round=\"round\",stage=\"probe\",state=\"\(state)\"} \(count)"
        }

        try await fixture.setClock(seconds: 50)
        var seen = try await lines()
        #expect(seen.isSuperset(of: [probes("ready", 100), probes("leased", 0), "parley_rounds{state=\"running\"} 1"]))
        #expect(seen.contains(#"parley_queue_oldest_age_seconds{round="round",stage="probe"} 50"#), "since it was made")
        #expect(seen.contains(#"parley_workers{state="active"} 0"#))
        #expect(seen.contains("parley_coordinator_term 0"), "nobody ever led")

        let worker = try await fixture.worker(lease: .seconds(1000))
        let jobs = try await worker.claim(limit: 20)
        _ = try await worker.fail([
            FailedAttempt(key: jobs[0].key, failureClass: .serverError, message: "500", usage: Usage(input: 7))
        ])
        try await fixture.setClock(seconds: 350)
        _ = try await fixture.coordinator.lead("a", renewing: nil, lease: .seconds(6))
        seen = try await lines()
        #expect(seen.isSuperset(of: [probes("ready", 80), probes("leased", 19), probes("waiting", 1)]))
        #expect(seen.contains(#"parley_queue_oldest_age_seconds{round="round",stage="probe"} 300"#), "since the claim")
        #expect(seen.contains(#"parley_workers{state="active"} 1"#))
        #expect(seen.contains("parley_coordinator_term 1"))
        #expect(seen.contains(#"parley_limit_jobs{account="lab",model="m",part="ceiling"} 1000"#))
        #expect(seen.contains(#"parley_budget_tokens{round="round",budget="1",part="cap"} 5000"#))
        #expect(seen.contains(#"parley_budget_tokens{round="round",budget="1",part="used"} 7"#))
        #expect(seen.contains(#"parley_budget_money{round="round",budget="1",part="cap"} 2"#))
        let reserved = seen.first { $0.hasPrefix(#"parley_budget_tokens{round="round",budget="1",part="reserved"}"#) }
        #expect(try #require(reserved?.split(separator: " ").last.flatMap { Int($0) }) >= 190, "19 jobs are in flight")

        _ = try await fixture.coordinator.control(.pause, round, by: .init(actor: "olga", reason: "test"))
        seen = try await lines()
        #expect(seen.contains(#"parley_streams_paused{round="round",stage="probe"} 1"#))
        #expect(
            seen.contains(#"parley_queue_oldest_age_seconds{round="round",stage="probe"} 0"#),
            "nobody waits for it"
        )

        // Past the rule that a round with jobs does not end.
        try await fixture.admin.execute(
            script: """
                set session_replication_role = replica;
                update parley.rounds set state = 'exchange';
                set session_replication_role = origin
                """
        )
        seen = try await lines()
        #expect(!seen.contains { $0.contains("round=\"round\"") })
    }
}
