import Hummingbird
import HummingbirdTesting
import ParleyService
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
}
