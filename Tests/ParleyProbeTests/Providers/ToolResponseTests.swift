// Tool calls in responses of both formats, whole and streamed: the same call comes out of all four.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Responses with tool calls")
struct ToolResponseTests {
    static let openAI = #"""
        {"model":"m-1","choices":[{"finish_reason":"tool_calls","message":{"content":null,"tool_calls":[
        {"id":"c1","type":"function","function":{"name":"read","arguments":"{\"a\": 1}"}},
        {"id":"c2","type":"function","function":{"name":"write","arguments":"{\"a"}},
        {"id":"","type":"function","function":{"name":"list","arguments":""}}]}}],
        "usage":{"prompt_tokens":9,"completion_tokens":1}}
        """#

    static let openAIStream = #"""
        data: {"model":"m-1","choices":[{"delta":{"role":"assistant","content":null}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"read","arguments":""}}]}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"write","arguments":"{\"a"}}]}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":": 1}"}},{"index":2,"id":"","function":{"name":"list"}}]}}]}

        data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}

        data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1}}

        data: [DONE]


        """#

    static let anthropic = #"""
        {"type":"message","model":"c-1","stop_reason":"tool_use","content":[
        {"type":"thinking","thinking":"hm","signature":"s=="},{"type":"redacted_thinking","data":"zz"},
        {"type":"text","text":"I read."},
        {"type":"tool_use","id":"t1","name":"read","input":{"a":1}},{"type":"tool_use","id":"t2","name":"list","input":{}}],
        "usage":{"input_tokens":9,"output_tokens":1}}
        """#

    static let anthropicStream = #"""
        event: message_start
        data: {"type":"message_start","message":{"type":"message","model":"c-1","content":[],"usage":{"input_tokens":9,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s=="}}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"zz"}}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"I read."}}

        event: content_block_start
        data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t1","name":"read","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}

        event: content_block_start
        data: {"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"t2","name":"list","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"1}"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":1}}

        event: message_stop
        data: {"type":"message_stop"}


        """#

    @Test("of OpenAI: arguments that are JSON, that are none, and none at all", arguments: [openAI, openAIStream])
    func openAICalls(_ body: String) throws {
        let reply = try Wire.parse(.openai, body)
        #expect(reply.stop == .toolCalls && reply.text.isEmpty && reply.kept == nil)
        #expect(
            reply.toolCalls == [
                ToolCall(id: "c1", name: "read", arguments: ["a": 1]),
                ToolCall(id: "c2", name: "write", arguments: nil, argumentsText: "{\"a"),
                ToolCall(id: "call_2", name: "list", arguments: [:]),
            ]
        )
        #expect(reply.usage == Usage(input: 9, output: 1))
    }

    @Test("of Anthropic: input, and the blocks that must go back", arguments: [anthropic, anthropicStream])
    func anthropicCalls(_ body: String) throws {
        let reply = try Wire.parse(.anthropic, body)
        #expect(reply.stop == .toolCalls && reply.text == "I read." && reply.reasoning == "hm")
        #expect(
            reply.toolCalls == [
                ToolCall(id: "t1", name: "read", arguments: ["a": 1]), ToolCall(id: "t2", name: "list", arguments: [:]),
            ]
        )
        #expect(
            reply.kept?.content == [
                ["type": "thinking", "thinking": "hm", "signature": "s=="],
                ["type": "redacted_thinking", "data": "zz"],
                ["type": "text", "text": "I read."],
                ["type": "tool_use", "id": "t1", "name": "read", "input": ["a": 1]],
                ["type": "tool_use", "id": "t2", "name": "list", "input": [:]],
            ]
        )
    }

    @Test("of compatible servers that say stop, send an object, or a whole call without an index")
    func compatible() throws {
        let call = #"{"id":"c","function":{"name":"read","arguments":{"a":1}}}"#
        let whole = try Wire.parse(
            .openai,
            #"{"choices":[{"finish_reason":"stop","message":{"content":"","tool_calls":[\#(call)]}}]}"#
        )
        let streamed = try Wire.parse(
            .openai,
            #"data: {"choices":[{"delta":{"tool_calls":[\#(call)]},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
        )
        for reply in [whole, streamed] {
            #expect(reply.stop == .toolCalls)
            #expect(reply.toolCalls == [ToolCall(id: "c", name: "read", arguments: ["a": 1])])
        }
        let empty = try Wire.parse(.openai, #"{"choices":[{"finish_reason":"tool_calls","message":{"content":"x"}}]}"#)
        #expect(empty.stop == .stop && empty.toolCalls.isEmpty)
    }

    @Test("whose limit was reached keep that reason; input that a stream cut is told from input")
    func cut() throws {
        let long = try Wire.parse(
            .openai,
            Self.openAI.replacing("\"finish_reason\":\"tool_calls\"", with: "\"finish_reason\":\"length\"")
        )
        #expect(long.stop == .maxTokens && long.toolCalls.count == 3)
        let body = Self.anthropicStream.replacing(#""partial_json":"1}""#, with: #""partial_json":"1""#)
            .replacing(#""stop_reason":"tool_use""#, with: #""stop_reason":"max_tokens""#)
        let reply = try Wire.parse(.anthropic, body)
        #expect(reply.stop == .maxTokens)
        #expect(reply.toolCalls[0] == ToolCall(id: "t1", name: "read", arguments: nil, argumentsText: "{\"a\":1"))
        // What is sent back is an object all the same.
        let message = Message(.assistant, reply.text, toolCalls: reply.toolCalls, blocks: reply.kept?.json)
        #expect(AnthropicMessages.blocks(of: message)[3]["input"] == ["unreadable_arguments": "{\"a\":1"])
    }
}
