// TLS with a private authority, proxies, shared clients.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Transport")
struct TransportTests {
    @Test(
        "A private certificate is refused with a clear message, and taken once it is named",
        .enabled(if: TestCertificate.canBeMade)
    )
    func tls() async throws {
        let certificate = try TestCertificate()
        defer { try? certificate.remove() }
        let answer = ScriptedAnswer.respond(status: 200, body: Wire.answer)
        try await ScriptedServer.run([answer], tls: certificate.serverContext()) { server in
            let url = "https://127.0.0.1:\(server.port)"
            let failure = try #require(try await Wire.call(Wire.model(at: url)).failure)
            #expect(failure.failureClass == .connection)
            #expect(failure.fingerprint == "openai - tls")
            #expect(failure.message.contains("certificate_file"))
            #expect(failure.usage == Usage())
            let trusted = Wire.model(at: url, certificateFile: certificate.certificate)
            #expect(try await Wire.call(trusted).get().text == "4")
        }
    }

    @Test("Calls go through the proxy, which is asked to connect to the origin")
    func proxy() async throws {
        try await ScriptedServer.run([.respond(status: 200, body: Wire.answer)], isProxy: true) { server in
            let model = Wire.model(at: "http://models.invalid:8080", proxy: server.url)
            let reply = try await Wire.call(model).get()
            #expect(reply.text == "4")
            #expect(server.requests.map(\.method) == ["CONNECT", "POST"])
            #expect(server.requests.first?.uri == "models.invalid:8080")
            #expect(server.requests.last?.headers["host"] == "models.invalid:8080")
        }
    }

    @Test("An unusable definition is an error that says what to do", arguments: 0..<5)
    func misconfigured(index: Int) async throws {
        var model = Wire.model()
        switch index {
        case 0: model.baseURL = "ftp://api.example.com"
        case 1: model.baseURL = "not a url"
        case 2: model.proxy = "proxy-without-scheme:8080"
        case 3: model.certificateFile = "/nonexistent.pem"
        default: model.apiKey = .environment("UNSET")
        }
        let clients = ModelClients(secrets: SecretStore(environment: ["KEY": Wire.key]))
        do {
            _ = try clients.client(for: model)
            Issue.record("the client was made")
        } catch {
            #expect(error.category == .invalidInput)
            #expect(error.remedy != nil)
        }
        await clients.shutdown()
    }

    @Test("Many calls are in flight on one client at once")
    func concurrency() async throws {
        // 64 calls that all wait for each other: with the library's default of eight connections none would end.
        try await ScriptedServer.run([.hang]) { server in
            let clients = ModelClients(secrets: SecretStore(environment: ["KEY": Wire.key]))
            let client = try clients.client(for: Wire.model(at: server.url, timeoutMilliseconds: 600_000))
            let calls = (0..<64).map { _ in Task { try await client.generate(Wire.request()) } }
            for _ in calls { await server.nextArrival() }
            #expect(server.requests.count == 64)
            for call in calls { call.cancel() }
            for call in calls { _ = await call.result }
            await clients.shutdown()
        }
    }
}
