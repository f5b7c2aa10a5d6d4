// Tools, their calls and answers in request bodies of both formats.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Request bodies with tools")
struct ToolRequestTests {
    static let tool = Tool(name: "read", description: "Reads.", parameters: ["type": "object"])

    /// A task, two calls at once (one of them unreadable), their answers, a word of the user.
    static func request(blocks: JSONValue? = nil) -> GenerateRequest {
        let calls = [
            ToolCall(id: "c1", name: "read", arguments: ["a": 1]),
            ToolCall(id: "c2", name: "no such/tool", arguments: nil, argumentsText: "{\"a"),
        ]
        var request = Wire.request([
            Message(.user, "Go."), Message(.assistant, "", toolCalls: calls, blocks: blocks),
            Message(.tool, "one", toolAnswer: ToolAnswer(callID: "c1", name: "read", status: .done)),
            Message(.tool, "", toolAnswer: ToolAnswer(callID: "c2", name: "no such/tool", status: .unknownTool)),
            Message(.user, "And?"),
        ])
        request.tools = [tool]
        return request
    }

    @Test("In OpenAI's format arguments are text, answers are messages, and what could not be read is quoted")
    func openAI() {
        let body = OpenAIRequest.build(Self.request(), model: Wire.model()).body
        #expect(
            body["tools"] == [
                [
                    "type": "function",
                    "function": ["name": "read", "description": "Reads.", "parameters": ["type": "object"]],
                ]
            ]
        )
        let call = { (id: JSONValue, name: JSONValue, arguments: JSONValue) -> JSONValue in
            ["id": id, "type": "function", "function": ["name": name, "arguments": arguments]]
        }
        let expected: JSONValue = [
            ["role": "user", "content": "Go."],
            [
                "role": "assistant", "content": nil,
                "tool_calls": [
                    call("c1", "read", "{\"a\":1}"),
                    call("c2", "no_such_tool", "{\"unreadable_arguments\":\"{\\\"a\"}"),
                ],
            ],
            ["role": "tool", "tool_call_id": "c1", "content": "one"],
            ["role": "tool", "tool_call_id": "c2", "content": ""],
            ["role": "user", "content": "And?"],
        ]
        #expect(body["messages"] == expected)
        #expect(OpenAIRequest.build(Wire.request(), model: Wire.model()).body["tools"] == nil)
    }

    @Test("In Anthropic's format all answers stand in one user message, before its text")
    func anthropic() {
        let body = AnthropicRequest.build(Self.request(), model: Wire.model(.anthropic)).body
        #expect(
            body["tools"] == [["name": "read", "description": "Reads.", "input_schema": ["type": "object"]]]
        )
        let expected: JSONValue = [
            ["role": "user", "content": "Go."],
            [
                "role": "assistant",
                "content": [
                    ["type": "tool_use", "id": "c1", "name": "read", "input": ["a": 1]],
                    [
                        "type": "tool_use", "id": "c2", "name": "no_such_tool",
                        "input": ["unreadable_arguments": "{\"a"],
                    ],
                ],
            ],
            [
                "role": "user",
                "content": [
                    ["type": "tool_result", "tool_use_id": "c1", "content": "one"],
                    ["type": "tool_result", "tool_use_id": "c2", "is_error": true],
                    ["type": "text", "text": "And?"],
                ],
            ],
        ]
        #expect(body["messages"] == expected)
    }

    @Test("Kept blocks go back unchanged to the format that they came from, and to no other")
    func keptBlocks() throws {
        let content: [JSONValue] = [
            ["type": "thinking", "thinking": " hm ", "signature": "sig=="],
            ["type": "redacted_thinking", "data": "xyz"], ["type": "text", "text": "I read."],
            ["type": "tool_use", "id": "c1", "name": "read", "input": ["a": 1]],
        ]
        let kept = try #require(KeptBlocks(anthropic: content))
        let body = AnthropicRequest.build(Self.request(blocks: kept.json), model: Wire.model(.anthropic)).body
        #expect(body["messages"]?[1]?["content"] == .array(content))
        let other = OpenAIRequest.build(Self.request(blocks: kept.json), model: Wire.model()).body
        #expect(!other.canonical.contains("sig==") && !other.canonical.contains(" hm "))

        let details: JSONValue = [["type": "reasoning.encrypted", "data": "q"]]
        let gateway = try #require(KeptBlocks(openAI: ["reasoning_details": details]))
        let back = OpenAIRequest.build(Self.request(blocks: gateway.json), model: Wire.model()).body
        #expect(back["messages"]?[1]?["reasoning_details"] == details)
        let elsewhere = AnthropicRequest.build(Self.request(blocks: gateway.json), model: Wire.model(.anthropic)).body
        #expect(!elsewhere.canonical.contains("encrypted"))
        #expect(KeptBlocks(anthropic: [["type": "text", "text": "a"], ["type": "tool_use"]]) == nil)
    }
}
