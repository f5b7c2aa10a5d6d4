// Spans: their identity, what is sent of them to a real receiver, and what happens where nobody takes them.

import Instrumentation
import Logging
import ParleyModel
import ParleyTestSupport
import ServiceLifecycle
import Testing
import Tracing

@testable import ParleyTelemetry

@Suite("Traces")
struct TraceTests {
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func run(_ settings: TraceSettings, _ body: (RecordingTracer) async throws -> Void) async throws -> String {
        let registry = MetricRegistry(program: "test", version: "1")
        let exporter = SpanExporter(settings, version: "1.2", metrics: registry, logger: Self.silent)
        let group = ServiceGroup(configuration: .init(services: [.init(service: exporter)], logger: Self.silent))
        let running = Task { try await group.run() }
        try await body(RecordingTracer(ratio: settings.ratio) { exporter.take($0) })
        await group.triggerGracefulShutdown()
        try await running.value
        return await registry.text()
    }

    private func settings(port: Int) -> TraceSettings {
        var settings = TraceSettings(url: "http://127.0.0.1:\(port)/v1/traces", service: "parley-test")
        settings.headers = ["x-tenant": "t"]
        return settings
    }

    @Test("a receiver gets OTLP/JSON of the right shape, the last spans included")
    func exported() async throws {
        let receiver = try await HTTPReceiver.start()
        let text = try await run(settings(port: receiver.port)) { tracer in
            let outer = tracer.startSpan("job", context: .topLevel)
            outer.attributes["parley.job"] = SpanAttribute.int64(12)
            let inner = tracer.startSpan("provider call", context: outer.context, ofKind: .client)
            inner.attributes["gen_ai.request.model"] = "m\"\n"
            inner.recordError(CancellationError())
            inner.setStatus(SpanStatus(code: .error, message: "timeout"))
            inner.end()
            inner.attributes["late"] = true
            outer.end()
            outer.end()
        }
        await receiver.stop()
        #expect(text.contains("parley_trace_spans_exported_total 2\n"))
        let request = try #require(receiver.received.first)
        #expect(request.path == "/v1/traces" && request.headers["content-type"] == "application/json")
        #expect(request.headers["x-tenant"] == "t" && request.headers["traceparent"] == nil)
        let group = try JSONValue(parsing: request.body)["resourceSpans"]?.array?.first
        let resource = try #require(group?["resource"]?["attributes"]?.array)
        #expect(resource.contains(["key": "service.name", "value": ["stringValue": "parley-test"]]))
        let spans = try #require(group?["scopeSpans"]?.array?.first?["spans"]?.array)
        #expect(spans.map { $0["name"]?.string } == ["provider call", "job"])
        let (inner, outer) = (spans[0], spans[1])
        for span in spans {
            #expect(span["traceId"]?.string?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
            #expect(span["spanId"]?.string?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
            let start = try #require(span["startTimeUnixNano"]?.string.flatMap(UInt64.init))
            let end = try #require(span["endTimeUnixNano"]?.string.flatMap(UInt64.init))
            #expect(start <= end && start > 1_600_000_000_000_000_000)
        }
        #expect(inner["traceId"] == outer["traceId"] && inner["parentSpanId"] == outer["spanId"])
        #expect(outer["parentSpanId"] == nil && outer["kind"] == 1 && inner["kind"] == 3)
        #expect(outer["attributes"] == [["key": "parley.job", "value": ["intValue": "12"]]])
        #expect(
            inner["attributes"] == [["key": "gen_ai.request.model", "value": ["stringValue": "m\"\n"]]],
            "what is said after the end is dropped"
        )
        #expect(inner["status"] == ["code": 2, "message": "timeout"])
        #expect(inner["events"]?.array?.first?["name"] == "exception")
    }

    @Test(
        "a receiver that refuses or is away costs spans, which are counted, and nobody's time",
        arguments: [503, nil]
    )
    func dropped(_ status: Int?) async throws {
        let receiver = try await HTTPReceiver.start(status: status ?? 200)
        if status == nil { await receiver.stop() }
        let text = try await run(settings(port: receiver.port)) { tracer in
            for _ in 0..<700 { tracer.startSpan("job", context: .topLevel).end() }
        }
        await receiver.stop()
        #expect(text.contains("parley_trace_spans_dropped_total 700\n"))
        #expect(text.contains("parley_trace_spans_exported_total 0\n"))
    }

    @Test("the buffer is bounded")
    func bounded() async {
        let registry = MetricRegistry(program: "test", version: "1")
        let exporter = SpanExporter(settings(port: 1), version: "1", metrics: registry, logger: Self.silent)
        let tracer = RecordingTracer(ratio: 1) { exporter.take($0) }
        for _ in 0..<SpanExporter.bufferLimit + 10 { tracer.startSpan("job", context: .topLevel).end() }
        #expect(await registry.text().contains("parley_trace_spans_dropped_total 10\n"))
    }

    @Test("a share of the traces is recorded, whole or not at all")
    func sampled() async throws {
        let receiver = try await HTTPReceiver.start()
        var settings = settings(port: receiver.port)
        settings.ratio = 0.25
        let text = try await run(settings) { tracer in
            for _ in 0..<2000 {
                let outer = tracer.startSpan("job", context: .topLevel)
                let inner = tracer.startSpan("probe", context: outer.context)
                #expect(inner.isRecording == outer.isRecording)
                inner.end()
                outer.end()
            }
        }
        await receiver.stop()
        let line = try #require(
            text.split(separator: "\n").first { $0.hasPrefix("parley_trace_spans_exported_total ") }
        )
        let count = try #require(line.split(separator: " ").last.flatMap { Int($0) })
        // Of 2000 traces 500 are expected, with a standard deviation of 19; two spans each.
        #expect(count % 2 == 0 && (800...1200).contains(count))
    }

    @Test("without an exporter nothing is made")
    func off() async throws {
        #expect(!Trace.isEnabled && Trace.begin(.job) == nil && Trace.providerHeader == nil)
        let context = await Trace.span(.probe, attributes: Self.unwanted()) { InstrumentationContext.current }
        #expect(context == nil)
    }

    private static func unwanted() -> SpanAttributes {
        Issue.record("attributes are worked out for nobody")
        return [:]
    }

    @Test("traceparent is read and written as W3C says")
    func traceParent() throws {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let parent = try #require(TraceParent(text))
        #expect(parent.text == text && parent.isSampled)
        for wrong in [
            "", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", text + "-00", "ff" + text.dropFirst(2),
            text.uppercased(), "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        ] {
            #expect(TraceParent(wrong) == nil, "\(wrong)")
        }
    }

    @Test("the environment says where spans go")
    func environment() throws {
        #expect(TraceSettings(environment: [:], service: "s") == nil)
        let base = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/"]
        let settings = try #require(
            TraceSettings(
                environment: base.merging([
                    "OTEL_SERVICE_NAME": "mine", "OTEL_EXPORTER_OTLP_HEADERS": "a=b=c, d = e",
                    "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=lab", "OTEL_TRACES_SAMPLER": "traceidratio",
                    "OTEL_TRACES_SAMPLER_ARG": "0.1",
                ]) { $1 },
                service: "s"
            )
        )
        #expect(settings.url == "http://collector:4318/v1/traces" && settings.service == "mine")
        #expect(settings.headers == ["a": "b=c", "d": "e"] && settings.ratio == 0.1)
        #expect(settings.attributes == ["deployment.environment": "lab"])
        #expect(TraceSettings(environment: base, service: "s")?.service == "s")
        #expect(TraceSettings(environment: base.merging(["OTEL_SDK_DISABLED": "true"]) { $1 }, service: "s") == nil)
        let own = base.merging(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://other/x"]) { $1 }
        #expect(TraceSettings(environment: own, service: "s")?.url == "http://other/x")
    }
}
