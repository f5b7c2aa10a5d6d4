// Sends spans that have ended, as OTLP/JSON over HTTP, in batches.
//
// Invariant: whoever ends a span never waits for the network. At most `bufferLimit` spans wait; what ends while the
// buffer is full, and what the receiver does not take, is dropped and counted.

import AsyncHTTPClient
public import Logging
import NIOCore
import NIOHTTP1
public import ServiceLifecycle
import Synchronization

/// Exports spans until the graceful shutdown, and what is left then.
public final class SpanExporter: Service {
    static let bufferLimit = 8192
    private static let batchLimit = 512
    private static let interval = Duration.seconds(1)
    private static let timeout = TimeAmount.seconds(5)
    /// While a receiver is away, it is said once in so many batches.
    private static let complaintInterval = 60

    private let settings: TraceSettings
    private let document: OTLPDocument
    private let logger: Logger
    private let buffer = Mutex<[FinishedSpan]>([])
    private let exported: Counter
    private let dropped: Counter
    private let failures = Atomic<Int>(0)

    public init(_ settings: TraceSettings, version: String, metrics: MetricRegistry, logger: Logger) {
        self.settings = settings
        let own = ["service.name": settings.service, "service.version": version]
        document = OTLPDocument(
            resource: settings.attributes.merging(own) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            version: version
        )
        self.logger = logger
        exported = metrics.counter("parley_trace_spans_exported_total", "Spans that the receiver took.").of()
        dropped = metrics.counter("parley_trace_spans_dropped_total", "Spans that were not sent or not taken.").of()
    }

    /// Takes a span that has ended.
    func take(_ span: FinishedSpan) {
        let isTaken = buffer.withLock { buffer in
            guard buffer.count < Self.bufferLimit else { return false }
            buffer.append(span)
            return true
        }
        if !isTaken { dropped.add() }
    }

    public func run() async throws {
        var configuration = HTTPClient.Configuration()
        // Its own calls are not traced, which would never end.
        configuration.tracing.tracer = nil
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                await self.flush(client)
            }
        }
        await flush(client)
        try? await client.shutdown()
    }

    private func flush(_ client: HTTPClient) async {
        while true {
            let batch = buffer.withLock { buffer in
                let batch = Array(buffer.prefix(Self.batchLimit))
                buffer.removeFirst(batch.count)
                return batch
            }
            if batch.isEmpty { return }
            // A task of its own: the last batch is sent though this one is cancelled.
            let trouble = await Task { await self.send(batch, client) }.value
            guard let trouble else {
                exported.add(batch.count)
                failures.store(0, ordering: .relaxed)
                continue
            }
            dropped.add(batch.count)
            let failed = failures.wrappingAdd(1, ordering: .relaxed).oldValue
            if failed % Self.complaintInterval == 0 {
                logger.warning(
                    "spans were dropped: the receiver does not take them",
                    metadata: ["url": "\(settings.url)", "spans": "\(batch.count)", "error": "\(trouble)"]
                )
            }
        }
    }

    /// Sends a batch; what went wrong, or nil.
    private func send(_ spans: [FinishedSpan], _ client: HTTPClient) async -> String? {
        var request = HTTPClientRequest(url: settings.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        for (name, value) in settings.headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: document.json(spans)))
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            _ = try await response.body.collect(upTo: 1 << 16)
            return (200..<300).contains(Int(response.status.code)) ? nil : "HTTP \(response.status.code)"
        } catch {
            return "\(error)"
        }
    }
}
