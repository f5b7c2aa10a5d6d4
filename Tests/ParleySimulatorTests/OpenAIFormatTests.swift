// The OpenAI format, field by field.

import NIOHTTP1
import ParleyModel
import ParleySimulator
import Testing

@Suite("OpenAI format")
struct OpenAIFormatTests {
    @Test("a whole answer has every field of a chat completion")
    func wholeAnswer() async throws {
        try await Simulated.run(SimulatorConfiguration(standard: ModelBehaviour(accuracy: 1))) { simulated in
            let seen = try await simulated.ask(.openai, "What is 17 + 25?")
            #expect(seen.status == 200)
            #expect(seen.header("content-type") == "application/json")
            #expect(seen.header("x-request-id")?.hasPrefix("req_") == true)
            let json = try seen.json()
            let names = [
                "choices", "created", "id", "model", "object", "service_tier", "system_fingerprint", "usage",
            ]
            #expect(json.names == names)
            #expect(json["object"] == "chat.completion")
            #expect(json["model"] == "careful")
            #expect(json["id"]?.string?.hasPrefix("chatcmpl-") == true)
            let choice = try #require(json["choices"]?[0])
            #expect(choice["finish_reason"] == "stop")
            #expect(choice["index"] == 0)
            #expect(choice["logprobs"]?.isNull == true)
            let message: JSONValue = ["role": "assistant", "content": "42", "refusal": nil, "annotations": []]
            #expect(choice["message"] == message)
            let usage: JSONValue = [
                "prompt_tokens": 4, "completion_tokens": 1, "total_tokens": 5,
                "prompt_tokens_details": ["cached_tokens": 0, "cache_write_tokens": 0],
                "completion_tokens_details": ["reasoning_tokens": 0],
            ]
            #expect(json["usage"] == usage)
        }
    }

    @Test("a refusal on the wire has no content and finishes with stop")
    func wireRefusal() async throws {
        let behaviour = ModelBehaviour(refusalRate: 1, refusalForm: .wire, reportsUsage: false)
        try await Simulated.run(SimulatorConfiguration(standard: behaviour)) { simulated in
            let json = try await simulated.ask(.openai, "Tell me.").json()
            #expect(json["usage"] == nil)
            #expect(json["choices"]?[0]?["finish_reason"] == "stop")
            #expect(json["choices"]?[0]?["message"]?["content"]?.isNull == true)
            #expect(json["choices"]?[0]?["message"]?["refusal"] == "I'm sorry, but I can't help with that.")
        }
    }

    @Test("a refusal as text is an ordinary answer")
    func textRefusal() async throws {
        try await Simulated.run(SimulatorConfiguration(standard: ModelBehaviour(refusalRate: 1))) { simulated in
            let message = try await simulated.ask(.openai, "Tell me.").json()["choices"]?[0]?["message"]
            #expect(message?["content"] == "I'm sorry, but I can't help with that.")
            #expect(message?["refusal"]?.isNull == true)
        }
    }

    @Test("limits, filters and reasoning show as the format says")
    func otherFinishes() async throws {
        let configuration = SimulatorConfiguration(models: [
            "cut": ModelBehaviour(truncationRate: 1), "filtered": ModelBehaviour(filterRate: 1),
            "thinks": ModelBehaviour(accuracy: 1, outputStyle: .reasoning),
            "tags": ModelBehaviour(accuracy: 1, outputStyle: .thinkTags),
            "small": ModelBehaviour(contextTokens: 2),
        ])
        try await Simulated.run(configuration) { simulated in
            let choice = { (model: String, more: [String: JSONValue]) in
                try await simulated.ask(.openai, "What is 6 × 7?", more, at: "/m/\(model)").json()["choices"]?[0]
            }
            let cut = try await choice("cut", [:])?["finish_reason"]
            #expect(cut == "length")
            let filtered = try await choice("filtered", [:])?["finish_reason"]
            #expect(filtered == "content_filter")
            let limited = try await simulated.ask(.openai, "Say a long sentence.", ["max_completion_tokens": 2]).json()
            #expect(limited["choices"]?[0]?["finish_reason"] == "length")
            #expect(limited["choices"]?[0]?["message"]?["content"]?.string?.utf8.count == 8)
            let thinks = try await choice("thinks", [:])?["message"]
            #expect(thinks?["content"] == "42")
            #expect(thinks?["reasoning_content"]?.string?.isEmpty == false)
            let tags = try await choice("tags", [:])?["message"]?["content"]?.string
            #expect(tags?.hasPrefix("<think>\n") == true && tags?.hasSuffix("</think>\n\n42") == true)
            let small = try await simulated.ask(.openai, "What is 6 × 7?", at: "/m/small")
            #expect(small.status == 400)
            #expect(try small.json()["error"]?["code"] == "context_length_exceeded")
        }
    }

    @Test("bad requests get 400 with message, type, param and code")
    func badRequests() async throws {
        try await Simulated.run { simulated in
            let bodies = [
                "not json", "[]", "{\"messages\":[]}", "{\"model\":\"a\"}", "{\"model\":\"a\",\"messages\":[]}",
                "{\"model\":\"a\",\"messages\":[{\"role\":\"pope\",\"content\":\"x\"}]}",
                "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":7}]}",
                "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":0}",
                "{\"model\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"n\":3}",
            ]
            for body in bodies {
                let seen = try await simulated.send(.POST, "/v1/chat/completions", body)
                #expect(seen.status == 400, "\(body)")
                let error = try seen.json()["error"]
                #expect(error?.names == ["code", "message", "param", "type"], "\(body)")
                #expect(error?["type"] == "invalid_request_error")
            }
            #expect(simulated.provider.statistics.rejected == bodies.count)
            #expect(simulated.provider.statistics.total.requests == 0)
        }
    }

    @Test("parts, system and developer messages are read", arguments: ["system", "developer"])
    func messageForms(role: String) async throws {
        try await Simulated.run(SimulatorConfiguration(standard: ModelBehaviour(accuracy: 1))) { simulated in
            let parts: JSONValue = [
                ["type": "text", "text": "What is 9 "], ["type": "image_url", "image_url": ["url": "data:,"]],
                ["type": "text", "text": "minus 4?"],
            ]
            let messages: JSONValue = [
                ["role": .string(role), "content": "Be brief."], ["role": "user", "content": parts],
            ]
            let seen = try await simulated.ask(.openai, "", ["messages": messages])
            #expect(try Simulated.text(.openai, seen) == "5")
        }
    }
}
