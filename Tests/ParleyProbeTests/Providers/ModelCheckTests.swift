// What `parley doctor` learns of a model.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Checks of models")
struct ModelCheckTests {
    private func check(_ model: ModelDefinition, environment: [String: String] = ["KEY": Wire.key]) async -> ModelCheck
    {
        let clients = ModelClients(secrets: SecretStore(environment: environment))
        let check = await clients.check(model, timeout: .milliseconds(300))
        await clients.shutdown()
        return check
    }

    @Test(
        "The answer to the list of models tells what is wrong",
        arguments: [
            (.respond(status: 200, body: #"{"data":[{"id":"m-1"}]}"#), .reachable, 0),
            (.respond(status: 200, body: #"{"data":[{"id":"other"}]}"#), .reachable, 1),
            (.respond(status: 404, body: "not here"), .reachable, 1),
            (.respond(status: 401, body: #"{"error":{"message":"no such key"}}"#), .keyRefused, 0),
            (.respond(status: 403, body: ""), .keyRefused, 0),
            (.respond(status: 502, body: ""), .notReachable, 0),
            (.respond(status: 301, headers: ["location": "/x"], body: ""), .notReachable, 0),
            (.hang, .notReachable, 0),
            (.cut(body: ""), .notReachable, 0),
        ] as [(ScriptedAnswer, ModelCheck.Verdict, Int)]
    )
    func verdicts(answer: ScriptedAnswer, verdict: ModelCheck.Verdict, warnings: Int) async throws {
        try await ScriptedServer.run([answer]) { server in
            let check = await check(Wire.model(at: server.url))
            #expect(check.verdict == verdict)
            #expect(check.warnings.count == warnings)
            #expect((check.remedy == nil) == (verdict == .reachable))
            #expect(server.requests.first?.method == "GET")
            #expect(server.requests.first?.uri == "/v1/models")
        }
    }

    @Test("Anthropic is asked with its own headers")
    func anthropic() async throws {
        try await ScriptedServer.run([.respond(status: 200, body: #"{"data":[{"id":"m-1"}]}"#)]) { server in
            #expect(await check(Wire.model(.anthropic, at: server.url)).isReachable)
            #expect(server.requests.first?.uri == "/v1/models")
            #expect(server.requests.first?.headers["x-api-key"] == Wire.key)
        }
    }

    @Test("A missing key and a wrong definition are told apart from an endpoint that is down")
    func local() async {
        #expect(await check(Wire.model(), environment: [:]).verdict == .keyMissing)
        var model = Wire.model()
        model.baseURL = "nowhere"
        #expect(await check(model).verdict == .misconfigured)
    }
}
