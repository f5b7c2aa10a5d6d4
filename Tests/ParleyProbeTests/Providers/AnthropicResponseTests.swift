// Every shape of an Anthropic message that is a reply.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Anthropic messages")
struct AnthropicResponseTests {
    private func reply(_ stop: String, _ content: String, rest: String = "") throws -> WireReply {
        try Wire.parse(.anthropic, #"{"type":"message","stop_reason":"\#(stop)","content":\#(content)\#(rest)}"#)
    }

    @Test(
        "Each stop reason has its meaning",
        arguments: [
            ("end_turn", .stop), ("stop_sequence", .stop), ("tool_use", .stop), ("max_tokens", .maxTokens),
            ("refusal", .refusal), ("model_context_window_exceeded", .contextLength), ("a_new_one", .stop),
        ] as [(String, StopReason)]
    )
    func stops(reason: String, stop: StopReason) throws {
        let reply = try reply(reason, #"[{"type":"text","text":"4"}]"#)
        #expect(reply.stop == stop)
        #expect(reply.text == "4")
        #expect(reply.pausedContent == nil)
    }

    @Test("Thinking is taken apart from text; redacted thinking cannot be read")
    func blocks() throws {
        let content =
            #"[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"x"},"#
            + #"{"type":"text","text":"a"},{"type":"server_tool_use"},{"type":"text","text":"b"}]"#
        let reply = try reply("end_turn", content)
        #expect(reply.text == "ab")
        #expect(reply.reasoning == "hm")
    }

    @Test("A refusal without text says what the classifier explains")
    func refusal() throws {
        let details = #","stop_details":{"type":"refusal","category":"cyber","explanation":"Blocked."}"#
        #expect(try reply("refusal", "[]", rest: details).text == "Blocked.")
        #expect(try reply("refusal", "[]", rest: #","stop_details":null"#).text == "")
    }

    @Test("Input tokens stay apart from cached ones; thinking is part of the output")
    func usage() throws {
        let usage =
            #","usage":{"input_tokens":10,"output_tokens":50,"cache_creation_input_tokens":5,"#
            + #""cache_read_input_tokens":7,"output_tokens_details":{"thinking_tokens":30}}"#
        let known = try reply("end_turn", "[]", rest: usage).usage
        #expect(known == Usage(input: 10, output: 50, cacheRead: 7, cacheWrite: 5, reasoning: 30))
        #expect(try reply("end_turn", "[]").usage == nil)
    }

    @Test("A paused turn hands its content over unchanged")
    func pause() throws {
        let content = #"[{"type":"thinking","thinking":"hm","signature":"s"}]"#
        #expect(try reply("pause_turn", content).pausedContent == JSONValue(parsing: content))
    }

    @Test(
        "A body that is no message is a malformed response",
        arguments: ["", "{}", #"{"content":[]}"#, #"{"content":"4","stop_reason":"end_turn"}"#]
    )
    func malformed(body: String) {
        #expect(Wire.failure(.anthropic, body)?.failureClass == .malformedResponse)
    }
}
