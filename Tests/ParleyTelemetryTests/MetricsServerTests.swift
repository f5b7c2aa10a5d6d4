// The listener over real HTTP.

import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import ParleyTelemetry

@Suite("Metrics server")
struct MetricsServerTests {
    @Test("serves metrics and health, refuses the rest, and ends when told")
    func serves() async throws {
        let registry = MetricRegistry(program: "test", version: "1")
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = MetricsServer(registry, at: ListenAddress(host: "127.0.0.1", port: 0), logger: logger) {
            port.yield($0)
        }
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        let running = Task { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        let base = "http://127.0.0.1:\(try #require(await iterator.next()))"

        func ask(_ path: String, _ method: HTTPMethod = .GET) async throws -> (
            status: UInt, type: String?, text: String
        ) {
            var request = HTTPClientRequest(url: base + path)
            request.method = method
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 1 << 20)
            return (response.status.code, response.headers.first(name: "content-type"), String(buffer: body))
        }
        let metrics = try await ask("/metrics")
        #expect(metrics.status == 200 && metrics.type == "text/plain; version=0.0.4; charset=utf-8")
        let text = await registry.text()
        #expect(metrics.text == text)
        #expect(try await ask("/healthz").text == "ok\n")
        #expect(try await ask("/etc/passwd").status == 404)
        #expect(try await ask("/metrics", .POST).status == 405)
        await group.triggerGracefulShutdown()
        try await running.value
    }

    @Test(
        "addresses to listen at",
        arguments: [
            ("127.0.0.1:9100", "127.0.0.1", 9100), ("[::1]:9100", "::1", 9100), ("9100", "127.0.0.1", 9100),
            ("metrics.internal:1", "metrics.internal", 1),
        ]
    )
    func addresses(_ text: String, _ host: String, _ port: Int) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
    }

    @Test("what is no address", arguments: ["", "host", "host:", "host:70000", "::1:9100", "a:b:1"])
    func noAddress(_ text: String) { #expect(ListenAddress(text) == nil) }
}
