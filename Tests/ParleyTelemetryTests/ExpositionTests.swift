// The text format: exact text, hostile labels, the bound on series, and what promtool says.

import ParleyTestSupport
import Testing

@testable import ParleyTelemetry

@Suite("Exposition")
struct ExpositionTests {
    private func registry() -> MetricRegistry { MetricRegistry(program: "test", version: "1.2") }

    private static let info = """
        # HELP parley_build_info The program that is running; always 1.
        # TYPE parley_build_info gauge
        parley_build_info{program="test",version="1.2"} 1

        """

    @Test("counters, gauges and histograms are written as the format says")
    func text() async {
        let registry = registry()
        let jobs = registry.counter("parley_jobs_total", "Jobs.", labels: ["kind"])
        jobs.of("scored").add(3)
        jobs.of("refused").add()
        let time = registry.counter("parley_busy_seconds_total", "Time.", unit: .seconds).of()
        time.add(.milliseconds(1500))
        time.add(.seconds(-4))
        registry.gauge("parley_level", "Level.").of().set(0.25)
        let times = registry.histogram("parley_wait_seconds", "Wait.", bounds: [.milliseconds(10), .seconds(1)]).of()
        for wait in [Duration.milliseconds(10), .milliseconds(11), .seconds(5)] { times.observe(wait) }
        #expect(
            await registry.text() == Self.info + """
                # HELP parley_jobs_total Jobs.
                # TYPE parley_jobs_total counter
                parley_jobs_total{kind="refused"} 1
                parley_jobs_total{kind="scored"} 3
                # HELP parley_busy_seconds_total Time.
                # TYPE parley_busy_seconds_total counter
                parley_busy_seconds_total 1.5
                # HELP parley_level Level.
                # TYPE parley_level gauge
                parley_level 0.25
                # HELP parley_wait_seconds Wait.
                # TYPE parley_wait_seconds histogram
                parley_wait_seconds_bucket{le="0.01"} 1
                parley_wait_seconds_bucket{le="1"} 2
                parley_wait_seconds_bucket{le="+Inf"} 3
                parley_wait_seconds_sum 5.021
                parley_wait_seconds_count 3

                """
        )
    }

    @Test("a label's text stays within its line and its quotes")
    func hostileLabels() async throws {
        let registry = registry()
        registry.gauge("parley_level", "Help\nwith \\ line.", labels: ["round"])
            .of("a\"} 1\nparley_level{round=\"b\\\r\n").set(1)
        let text = await registry.text()
        #expect(text.split(separator: "\n").count == 6)
        #expect(text.contains(#"{round="a\"} 1\nparley_level{round=\"b\\"#))
        if let complaints = try Promtool.complaints(about: text) { #expect(complaints == "") }
    }

    @Test("what is beyond the most series of a metric counts as other")
    func bounded() async {
        let registry = registry()
        let family = registry.counter("parley_jobs_total", "Jobs.", labels: ["model"])
        for model in 0..<2000 { family.of("m\(model)").add() }
        let lines = await registry.text().split(separator: "\n").filter { $0.hasPrefix("parley_jobs_total{") }
        #expect(lines.count == 513)
        #expect(lines.contains("parley_jobs_total{model=\"other\"} 1488"))
    }

    @Test("gauges that are read anew forget what is gone")
    func replaced() async {
        let registry = registry()
        let family = registry.gauge("parley_level", "Level.", labels: ["round"])
        family.replaceAll([(["a"], { $0.set(1) }), (["b"], { $0.set(2) })])
        family.replaceAll([(["b"], { $0.set(3) })])
        let text = await registry.text()
        #expect(text.contains("parley_level{round=\"b\"} 3\n") && !text.contains("\"a\""))
        family.replaceAll([])
        #expect(await registry.text() == Self.info)
    }

    @Test("additions of many tasks are all counted")
    func concurrent() async {
        let registry = registry()
        let counter = registry.counter("parley_jobs_total", "Jobs.").of()
        let times = registry.histogram("parley_wait_seconds", "Wait.", bounds: .shortTimes).of()
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counter.add()
                        times.observe(.milliseconds(task * 7))
                    }
                }
            }
        }
        #expect(counter.value == 80_000 && times.count == 80_000)
    }
}
