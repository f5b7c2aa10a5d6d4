// The Anthropic format, field by field.

import NIOHTTP1
import ParleyModel
import ParleySimulator
import Testing

@Suite("Anthropic format")
struct AnthropicFormatTests {
    @Test("a whole answer has every field of a message")
    func wholeAnswer() async throws {
        try await Simulated.run(SimulatorConfiguration(standard: ModelBehaviour(accuracy: 1))) { simulated in
            let seen = try await simulated.ask(.anthropic, "What is 17 + 25?", ["system": "Be brief."])
            #expect(seen.status == 200)
            #expect(seen.header("request-id")?.hasPrefix("req_") == true)
            let json = try seen.json()
            let names = ["content", "id", "model", "role", "stop_reason", "stop_sequence", "type", "usage"]
            #expect(json.names == names)
            #expect(json["type"] == "message")
            #expect(json["role"] == "assistant")
            #expect(json["model"] == "careful")
            #expect(json["content"] == [["type": "text", "text": "42"]])
            #expect(json["stop_reason"] == "end_turn")
            #expect(json["stop_sequence"]?.isNull == true)
            let usage: JSONValue = [
                "input_tokens": 6, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
                "cache_creation": ["ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0],
                "output_tokens": 1, "service_tier": "standard",
            ]
            #expect(json["usage"] == usage)
        }
    }

    @Test("refusal, truncation and thinking show as the format says")
    func stops() async throws {
        let configuration = SimulatorConfiguration(models: [
            "refuses": ModelBehaviour(refusalRate: 1, refusalForm: .wire),
            "cut": ModelBehaviour(truncationRate: 1),
            "thinks": ModelBehaviour(accuracy: 1, outputStyle: .reasoning),
        ])
        try await Simulated.run(configuration) { simulated in
            let ask = { (model: String) in
                try await simulated.ask(.anthropic, "What is 6 × 7?", ["model": .string(model)]).json()
            }
            let refused = try await ask("refuses")
            #expect(refused["stop_reason"] == "refusal")
            #expect(refused["stop_details"]?.names == ["category", "explanation", "type"])
            let cutStop = try await ask("cut")["stop_reason"]
            #expect(cutStop == "max_tokens")
            let thinks = try await ask("thinks")
            #expect(thinks["content"]?[0]?.names == ["signature", "thinking", "type"])
            #expect(thinks["content"]?[1] == ["type": "text", "text": "42"])
            let thinking = thinks["usage"]?["output_tokens_details"]?["thinking_tokens"]?.integer ?? 0
            #expect(thinking > 0)
        }
    }

    @Test("errors have the shape of the format")
    func errors() async throws {
        let configuration = SimulatorConfiguration(models: [
            "small": ModelBehaviour(contextTokens: 2), "filtered": ModelBehaviour(filterRate: 1),
        ])
        try await Simulated.run(configuration) { simulated in
            let check = { (seen: Seen, status: Int, type: String, words: String) throws in
                let json = try seen.json()
                #expect(seen.status == status)
                #expect(json.names == ["error", "request_id", "type"])
                #expect(json["type"] == "error")
                #expect(json["error"]?["type"] == .string(type))
                #expect(json["error"]?["message"]?.string?.contains(words) == true, "\(seen.body)")
            }
            let missing = try await simulated.ask(.anthropic, "x", ["max_tokens": nil])
            try check(missing, 400, "invalid_request_error", "max_tokens: Field required")
            let system = try await simulated.ask(.anthropic, "", ["messages": [["role": "system", "content": "x"]]])
            try check(system, 400, "invalid_request_error", "role")
            let long = try await simulated.ask(.anthropic, "far too long", at: "/m/small")
            try check(long, 400, "invalid_request_error", "prompt is too long")
            let filtered = try await simulated.ask(.anthropic, "x", at: "/m/filtered")
            try check(filtered, 400, "invalid_request_error", "content filtering")
        }
    }
}
