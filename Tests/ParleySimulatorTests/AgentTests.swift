// Simulated agents on the wire: calls whole and in pieces, plans of samples and the generic one, and conversations that
// a provider would turn away.

import NIOHTTP1
import ParleyModel
import Testing

@testable import ParleySimulator

@Suite("A simulated agent")
struct AgentTests {
    static let sample = Sample(
        id: "1",
        input: [Message(.user, "Do the task.")],
        metadata: [
            "simulate_agent": [
                "main": [
                    [["tool": "look", "arguments": ["at": "a"]], ["tool": "look", "arguments": ["at": "\"b\"\n"]]],
                    ["tool": "write", "arguments": ["text": "x"]],
                ],
                "claims": ["done": "I did it.", "not_done": "I did not."],
            ]
        ]
    )

    static func tools(_ format: ProviderKind) -> JSONValue {
        let schema: JSONValue = [
            "type": "object", "required": ["at", "count", "modes"],
            "properties": [
                "at": ["type": "string"], "count": ["type": "integer", "minimum": 3],
                "modes": ["type": "array", "minItems": 1, "items": ["enum": ["fast", "slow"]]],
            ],
        ]
        return format == .openai
            ? [["type": "function", "function": ["name": "look", "parameters": schema]]]
            : [["name": "look", "input_schema": schema]]
    }

    private static func run(
        _ behaviour: ModelBehaviour = ModelBehaviour(accuracy: 1),
        _ body: (Simulated) async throws -> Void
    ) async throws {
        var key = AnswerKey()
        key.add(sample, scorer: Scorer(kind: .environment, measure: .mainTask))
        try await Simulated.run(SimulatorConfiguration(standard: behaviour), key: key, body)
    }

    @Test("calls tools in parallel in OpenAI's format, and streams the same calls in pieces")
    func openAI() async throws {
        try await Self.run { simulated in
            let more: [String: JSONValue] = ["tools": Self.tools(.openai)]
            let choice = try await simulated.ask(.openai, "Do the task.", more).json()["choices"]?[0]
            #expect(choice?["finish_reason"] == "tool_calls")
            let calls = try #require(choice?["message"]?["tool_calls"]?.array)
            #expect(calls.map { $0["function"]?["name"] } == ["look", "look"])
            #expect(calls.map { $0["function"]?["arguments"] } == [#"{"at":"a"}"#, #"{"at":"\"b\"\n"}"#])
            #expect(Set(calls.map { $0["id"] }).count == 2)

            let streamed = try await simulated.ask(.openai, "Do the task.", more.merging(["stream": true]) { $1 })
            var texts = ["", ""]
            for event in streamed.events where event.data != "[DONE]" {
                let delta = try JSONValue(parsing: event.data)["choices"]?[0]?["delta"]
                for piece in delta?["tool_calls"]?.array ?? [] {
                    let index = Int(piece["index"]?.integer ?? 9)
                    texts[index] += piece["function"]?["arguments"]?.string ?? ""
                }
            }
            #expect(texts == [#"{"at":"a"}"#, #"{"at":"\"b\"\n"}"#])
        }
    }

    @Test("calls tools in Anthropic's format, and streams the same input in pieces")
    func anthropic() async throws {
        try await Self.run { simulated in
            let more: [String: JSONValue] = ["tools": Self.tools(.anthropic)]
            let json = try await simulated.ask(.anthropic, "Do the task.", more).json()
            #expect(json["stop_reason"] == "tool_use")
            let calls = try #require(json["content"]?.array?.filter { $0["type"] == "tool_use" })
            #expect(calls.map { $0["input"] } == [["at": "a"], ["at": "\"b\"\n"]])

            let streamed = try await simulated.ask(.anthropic, "Do the task.", more.merging(["stream": true]) { $1 })
            var texts: [Int64: String] = [:]
            for event in streamed.events {
                let data = try JSONValue(parsing: event.data)
                guard let piece = data["delta"]?["partial_json"]?.string else { continue }
                texts[data["index"]?.integer ?? 9, default: ""] += piece
            }
            #expect(texts == [1: #"{"at":"a"}"#, 2: #"{"at":"\"b\"\n"}"#])
        }
    }

    @Test("goes on with its plan after the answers, and ends with its claim")
    func goesOn() async throws {
        try await Self.run { simulated in
            var messages: [JSONValue] = [["role": "user", "content": "Do the task."]]
            for step in 0..<3 {
                let body: JSONValue = ["model": "m", "messages": .array(messages), "tools": Self.tools(.openai)]
                let json = try await simulated.send(.POST, "/v1/chat/completions", body.canonical).json()
                let message = try #require(json["choices"]?[0]?["message"])
                let calls = message["tool_calls"]?.array ?? []
                #expect(calls.count == [2, 1, 0][step])
                if step == 2 { #expect(message["content"] == "I did it.") }
                messages.append(message)
                messages += calls.map { ["role": "tool", "tool_call_id": $0["id"] ?? nil, "content": "seen"] }
            }
        }
    }

    @Test("without a plan calls what is offered with the least that its schema takes")
    func generic() async throws {
        try await Simulated.run { simulated in
            let json = try await simulated.ask(.anthropic, "Anything.", ["tools": Self.tools(.anthropic)]).json()
            let call = json["content"]?.array?.first { $0["type"] == "tool_use" }
            #expect(call?["input"] == ["at": "a", "count": 3, "modes": ["fast"]])
        }
    }

    @Test("is told apart from a model that is offered no tools, which just answers")
    func noTools() async throws {
        try await Self.run { simulated in
            let json = try await simulated.ask(.openai, "What is 17 + 25?").json()
            #expect(json["choices"]?[0]?["message"]?["content"] == "42")
        }
    }

    static let call: JSONValue = ["id": "c", "type": "function", "function": ["name": "look", "arguments": "{}"]]
    static let use: JSONValue = ["type": "tool_use", "id": "c", "name": "look", "input": [:]]
    static let result: JSONValue = ["type": "tool_result", "tool_use_id": "c", "content": "x"]
    static let unfit: [(ProviderKind, [JSONValue])] = [
        (.openai, [["role": "assistant", "content": nil, "tool_calls": [call]]]),
        (
            .openai,
            [["role": "assistant", "content": nil, "tool_calls": [call]], ["role": "user", "content": "And?"]]
        ),
        (.openai, [["role": "tool", "tool_call_id": "c", "content": "x"]]),
        (
            .openai,
            [
                [
                    "role": "assistant", "content": nil,
                    "tool_calls": [["id": "c", "function": ["name": "look", "arguments": "{\"a"]]],
                ], ["role": "tool", "tool_call_id": "c", "content": "x"],
            ]
        ),
        (.anthropic, [["role": "assistant", "content": [use]]]),
        (.anthropic, [["role": "assistant", "content": [use]], ["role": "user", "content": "And?"]]),
        (.anthropic, [["role": "user", "content": [result]]]),
        (.anthropic, [["role": "assistant", "content": [use]], ["role": "user", "content": [result, result]]]),
    ]

    @Test("turns away calls without answers, answers without calls and arguments that are no JSON", arguments: unfit)
    func strict(_ format: ProviderKind, _ turns: [JSONValue]) async throws {
        try await Simulated.run { simulated in
            let messages: [JSONValue] = [["role": "user", "content": "Go."]] + turns
            let seen = try await simulated.ask(format, "", ["messages": .array(messages)])
            #expect(seen.status == 400, "\(seen.body)")
        }
    }
}
