import Hummingbird
import HummingbirdTesting
import ParleyService
import ParleyTelemetry
import Testing

@Suite("Health of the HTTP service")
struct HealthTests {
    @Test("the process answers without a database")
    func healthz() async throws {
        let application = Application(router: serviceRouter())
        try await application.test(.router) { client in
            try await client.execute(uri: "/healthz", method: .get) { response in
                #expect(response.status == .ok)
                #expect(String(buffer: response.body) == "ok\n")
            }
        }
    }

    @Test("metrics are served where there are any, and the route is not there where there are none")
    func metrics() async throws {
        let registry = MetricRegistry(program: "coordinator", version: "1")
        let text = await registry.text()
        try await Application(router: serviceRouter(metrics: registry)).test(.router) { client in
            try await client.execute(uri: "/metrics", method: .get) { response in
                #expect(response.headers[.contentType] == MetricRegistry.contentType)
                #expect(String(buffer: response.body) == text)
            }
        }
        try await Application(router: serviceRouter()).test(.router) { client in
            try await client.execute(uri: "/metrics", method: .get) { #expect($0.status == .notFound) }
        }
    }
}
