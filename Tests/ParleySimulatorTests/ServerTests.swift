// The server: routes, limits, statistics, many connections, its end.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import ParleyModel
import Testing

@testable import ParleySimulator

@Suite("Simulated provider's server")
struct ServerTests {
    @Test(
        "requests go where they should",
        arguments: [
            (HTTPMethod.GET, "/health", 200), (.GET, "/stats", 200), (.GET, "/v1/models", 200),
            (.GET, "/m/careful/v1/models?limit=3", 200), (.GET, "/v1/chat/completions", 405),
            (.GET, "/v1/messages", 405),
            (.DELETE, "/stats", 405), (.GET, "/", 404), (.POST, "/v1/complete", 404),
            (.POST, "/v1/messages/batches", 404),
        ]
    )
    func routes(method: HTTPMethod, path: String, status: Int) async throws {
        try await Simulated.run { simulated in
            let seen = try await simulated.send(method, path)
            #expect(seen.status == status)
            if path.hasPrefix("/v1/messages") { #expect(try seen.json()["type"] == "error") }
        }
    }

    @Test("a target names its model by its path, percent-encoded, or stands in absolute form")
    func targets() {
        #expect(Route(.POST, "/m/org%2Fname%201/v1/messages") == .call(.anthropic, model: "org/name 1"))
        #expect(Route(.POST, "http://host:1/v1/chat/completions?a=b") == .call(.openai, model: nil))
        let address = SimulatorAddress(host: "::1", port: 8)
        #expect(address.openAIBase(model: "org/name 1") == "http://[::1]:8/m/org%2Fname%201/v1")
        #expect(address.anthropicBase() == "http://[::1]:8")
    }

    @Test("one server plays several models, by path before name")
    func models() async throws {
        let configuration = SimulatorConfiguration(
            models: ["good": ModelBehaviour(accuracy: 1), "bad": ModelBehaviour(accuracy: 0)],
            servesUnknownModels: false
        )
        try await Simulated.run(configuration) { simulated in
            let ask = { (model: String, prefix: String) in
                try await simulated.ask(.openai, "What is 1 + 1?", ["model": .string(model)], at: prefix)
            }
            let good = try Simulated.text(.openai, await ask("good", ""))
            #expect(good == "2")
            let bad = try Simulated.text(.openai, await ask("bad", ""))
            #expect(bad == "3")
            let byPath = try await ask("unheard-of", "/m/good")
            #expect(try Simulated.text(.openai, byPath) == "2")
            #expect(try byPath.json()["model"] == "unheard-of")
            let unknown = try await ask("unheard-of", "")
            #expect(unknown.status == 404)
            #expect(try unknown.json()["error"]?["code"] == "model_not_found")
            let list = try await simulated.send(.GET, "/v1/models").json()
            #expect(list["data"]?.array?.compactMap { $0["id"]?.string } == ["bad", "good"])
            let counts = try await simulated.send(.GET, "/stats").json()
            #expect(counts["requests"] == 3)
            #expect(counts["answers"] == 3)
            #expect(counts["rejected"] == 1)
            #expect(counts["in_flight"] == 0)
            #expect(counts["distinct_prompts"] == 2)
            #expect(counts["by_model"]?["good"]?["requests"] == 2)
        }
    }

    @Test("it counts the tokens of whole answers, as they say them, and the most calls in flight")
    func bill() async throws {
        let configuration = SimulatorConfiguration(standard: ModelBehaviour(latencyMilliseconds: 20))
        try await Simulated.run(configuration) { simulated in
            var input: Int64 = 0
            var output: Int64 = 0
            for format in ProviderKind.allCases {
                let usage = try await simulated.ask(format, "What is 20 + 22?").json()["usage"]
                input += try #require((usage?["prompt_tokens"] ?? usage?["input_tokens"])?.integer)
                output += try #require((usage?["completion_tokens"] ?? usage?["output_tokens"])?.integer)
            }
            simulated.provider.setFaults([.malformedJSON: 1])
            _ = try await simulated.ask(.openai, "What is 20 + 22?")
            simulated.provider.setFaults([:])
            let counts = try await simulated.send(.GET, "/stats").json()
            #expect(input > 0 && counts["input_tokens"]?.integer == input && counts["output_tokens"]?.integer == output)
            #expect(counts["most_in_flight"] == 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<3 {
                    group.addTask { _ = try await simulated.ask(.openai, "What is 1 + \(number)?") }
                }
                try await group.waitForAll()
            }
            let most = try #require(try await simulated.send(.GET, "/stats").json()["most_in_flight"]?.integer)
            #expect((1...3).contains(most))
            _ = try await simulated.control(["mark": true])
            #expect(try await simulated.send(.GET, "/stats").json()["most_in_flight"] == 0)
        }
    }

    @Test("keys are asked for where one is set")
    func keys() async throws {
        try await Simulated.run(SimulatorConfiguration(apiKey: "secret")) { simulated in
            let withoutKey = try await simulated.ask(.openai, "x").status
            #expect(withoutKey == 401)
            let anthropic = try await simulated.ask(.anthropic, "x")
            #expect(anthropic.status == 401)
            #expect(try anthropic.json()["error"]?["type"] == "authentication_error")
            let body = Simulated.body(.anthropic, "x").canonical
            let headers: HTTPHeaders = ["authorization": "Bearer secret", "x-api-key": "secret"]
            for path in ["/v1/chat/completions", "/v1/messages"] {
                let withKey = try await simulated.send(.POST, path, body, headers: headers).status
                #expect(withKey == 200)
            }
        }
    }

    @Test("a body beyond the limit gets 413", arguments: ProviderKind.allCases)
    func tooLarge(format: ProviderKind) async throws {
        try await Simulated.run(SimulatorConfiguration(maxBodyBytes: 100_000)) { simulated in
            let seen = try await simulated.ask(format, String(repeating: "x", count: 300_000))
            #expect(seen.status == 413)
            let belowLimit = try await simulated.ask(format, String(repeating: "x", count: 90_000)).status
            #expect(belowLimit == 200)
        }
    }

    @Test("200 connections at a time each get their own answer")
    func manyConnections() async throws {
        let behaviour = ModelBehaviour(accuracy: 1, latencyMilliseconds: 20)
        let configuration = SimulatorConfiguration(standard: behaviour, threads: 2)
        try await Simulated.run(configuration) { simulated in
            let right = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<200 {
                    group.addTask {
                        let format: ProviderKind = worker % 2 == 0 ? .openai : .anthropic
                        var right = 0
                        for index in stride(from: worker, to: 1000, by: 200) {
                            let seen = try await simulated.ask(format, "What is \(index) × 2?")
                            right += try Simulated.text(format, seen) == String(index * 2) ? 1 : 0
                        }
                        return right
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(right == 1000)
            #expect(simulated.provider.statistics.inFlight == 0)
            #expect(simulated.provider.statistics.total.answers == 1000)
        }
    }

    @Test("stopping ends what is outstanding, and the port is free again")
    func stop() async throws {
        let provider = SimulatedProvider(
            configuration: SimulatorConfiguration(standard: ModelBehaviour(faults: [.hang: 1]))
        )
        let address = try await provider.start()
        let client = HTTPClient()
        let call = Task {
            var request = HTTPClientRequest(url: address.openAIBase() + "/chat/completions")
            request.method = .POST
            request.body = .bytes(ByteBuffer(string: Simulated.body(.openai, "x").canonical))
            return try await client.execute(request, timeout: .seconds(60)).status
        }
        while provider.statistics.inFlight == 0 { await Task.yield() }
        await #expect(throws: SimulatedProvider.StartFailure.alreadyRunning) { try await provider.start() }
        try await provider.stop()
        await #expect(throws: (any Error).self) { try await call.value }
        #expect(provider.statistics.inFlight == 0)
        try await provider.stop()
        let again = try await provider.start(port: address.port)
        #expect(again == address)
        try await provider.stop()
        try await client.shutdown()
    }

    @Test("prompts beyond the table's size are counted, and none twice while it has room")
    func attempts() {
        var table = AttemptTable(capacity: 1024)
        for key in 0..<500 as Range<UInt64> { #expect(table.record(StableHash.mix(key)) == 0) }
        for key in 0..<500 as Range<UInt64> { #expect(table.record(StableHash.mix(key)) == 1) }
        #expect(table.distinct == 500)
        for key in 500..<100_000 as Range<UInt64> { _ = table.record(StableHash.mix(key)) }
        #expect(table.distinct == 100_000)
    }

    @Test("dates have the form of HTTP and of ISO 8601")
    func dates() {
        #expect(RetryHeaders.httpDate(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(RetryHeaders.isoDate(784_111_777) == "1994-11-06T08:49:37Z")
        #expect(RetryHeaders.isoDate(1_709_164_800) == "2024-02-29T00:00:00Z")
        #expect(RetryHeaders.span(500) == "500ms" && RetryHeaders.span(90_001) == "1m31s")
    }
}
