// Streams: both formats, whole and with every fault that only a stream can have.

import NIOHTTP1
import ParleyModel
import ParleySimulator
import Testing

@Suite("Streams")
struct StreamTests {
    private static let streamed: [String: JSONValue] = ["stream": true]
    private static let withUsage: [String: JSONValue] = ["stream": true, "stream_options": ["include_usage": true]]

    private func openAIText(_ seen: Seen, _ member: String = "content") throws -> String {
        try seen.events.filter { $0.data != "[DONE]" }.map {
            try JSONValue(parsing: $0.data)["choices"]?[0]?["delta"]?[member]?.string ?? ""
        }.joined()
    }

    @Test("an OpenAI stream gives the whole answer, a finish reason, usage where asked, and [DONE]")
    func openAI() async throws {
        var key = AnswerKey()
        key.add(.init(right: "Ein \"Satz\"\n mit Grüßen – 🙂!", wrong: ""), forPrompt: "Sag etwas.")
        let configuration = SimulatorConfiguration(standard: ModelBehaviour(accuracy: 1))
        try await Simulated.run(configuration, key: key) { simulated in
            let seen = try await simulated.ask(.openai, "Sag etwas.", Self.withUsage)
            #expect(seen.header("content-type") == "text/event-stream; charset=utf-8")
            #expect(try openAIText(seen) == "Ein \"Satz\"\n mit Grüßen – 🙂!")
            #expect(seen.events.last?.data == "[DONE]")
            let chunks = try seen.events.dropLast().map { try JSONValue(parsing: $0.data) }
            #expect(chunks.allSatisfy { $0["object"] == "chat.completion.chunk" })
            #expect(Set(chunks.compactMap { $0["id"] }).count == 1)
            #expect(chunks.first?["choices"]?[0]?["delta"]?["role"] == "assistant")
            #expect(chunks.dropLast().allSatisfy { $0["usage"]?.isNull == true })
            #expect(chunks.last?["choices"] == [])
            #expect(chunks.last?["usage"]?["prompt_tokens"] == 2)
            #expect(chunks.dropLast().last?["choices"]?[0]?["finish_reason"] == "stop")
            let plain = try await simulated.ask(.openai, "Sag etwas.", Self.streamed)
            #expect(!plain.body.contains("usage"))
        }
    }

    @Test("an Anthropic stream has its events in order and gives the whole answer")
    func anthropic() async throws {
        let configuration = SimulatorConfiguration(standard: ModelBehaviour(accuracy: 1, outputStyle: .reasoning))
        try await Simulated.run(configuration) { simulated in
            let seen = try await simulated.ask(.anthropic, "What is 600 × 700?", Self.streamed)
            var names: [String] = []
            for event in seen.events.compactMap(\.name) where names.last != event { names.append(event) }
            #expect(
                names == [
                    "message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop",
                    "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
                ]
            )
            let data = try seen.events.map { try JSONValue(parsing: $0.data) }
            for (event, json) in zip(seen.events, data) { #expect(json["type"]?.string == event.name) }
            let text = data.compactMap { $0["delta"]?["text"]?.string }.joined()
            #expect(text == "420000")
            #expect(data.contains { $0["delta"]?["type"] == "signature_delta" })
            #expect(data[data.count - 2]["delta"]?["stop_reason"] == "end_turn")
            #expect(data[data.count - 2]["usage"]?["output_tokens"]?.integer ?? 0 > 1)
            #expect(data[0]["message"]?["content"] == [])
        }
    }

    @Test("a truncated stream ends in good order without its last events", arguments: ProviderKind.allCases)
    func truncated(format: ProviderKind) async throws {
        try await Simulated.run { simulated in
            simulated.provider.setFaults([.truncatedStream: 1])
            let seen = try await simulated.ask(format, "Say something.", Self.streamed)
            #expect(seen.status == 200)
            #expect(seen.events.count > 2)
            #expect(!seen.body.contains("[DONE]") && !seen.body.contains("message_stop"))
            #expect(!seen.body.contains("\"finish_reason\":\"stop\"") && !seen.body.contains("end_turn"))
            await #expect(throws: (any Error).self) { try await simulated.ask(format, "Say something.") }
        }
    }

    @Test("an overload arrives as an error event after 200", arguments: ProviderKind.allCases)
    func overload(format: ProviderKind) async throws {
        try await Simulated.run { simulated in
            simulated.provider.setFaults([.streamOverload: 1])
            let seen = try await simulated.ask(format, "Say something.", Self.streamed)
            #expect(seen.status == 200)
            let last = try #require(seen.events.last)
            let error = try JSONValue(parsing: last.data)["error"]
            if format == .anthropic {
                #expect(last.name == "error")
                #expect(error?["type"] == "overloaded_error")
            } else {
                #expect(error?["code"] == "overloaded")
            }
            let notStreamed = try await simulated.ask(format, "Say something.").status
            #expect(notStreamed == (format == .openai ? 503 : 529))
        }
    }

    @Test("malformed data stands within a stream", arguments: ProviderKind.allCases)
    func malformed(format: ProviderKind) async throws {
        try await Simulated.run { simulated in
            simulated.provider.setFaults([.malformedJSON: 1])
            let seen = try await simulated.ask(format, "Say something.", Self.streamed)
            let broken = seen.events.filter { $0.data != "[DONE]" && (try? JSONValue(parsing: $0.data)) == nil }
            #expect(broken.count == 1)
        }
    }

    @Test("a refusal is streamed in its own place")
    func refusal() async throws {
        let behaviour = ModelBehaviour(refusalRate: 1, refusalForm: .wire)
        try await Simulated.run(SimulatorConfiguration(standard: behaviour)) { simulated in
            let openAI = try await simulated.ask(.openai, "x", Self.streamed)
            #expect(try openAIText(openAI, "refusal") == "I'm sorry, but I can't help with that.")
            #expect(try openAIText(openAI).isEmpty)
            let anthropic = try await simulated.ask(.anthropic, "x", Self.streamed)
            #expect(anthropic.body.contains("\"stop_reason\":\"refusal\""))
        }
    }
}
