// Every shape of a chat completion that is a reply.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Chat completions")
struct OpenAIResponseTests {
    private func reply(_ finish: String, _ message: String, choice: String = "") throws -> WireReply {
        try Wire.parse(.openai, #"{"choices":[{"finish_reason":\#(finish),"message":\#(message)\#(choice)}]}"#)
    }

    @Test(
        "Text and stop reason come out of every form of a choice",
        arguments: [
            (#""stop""#, #"{"content":"4"}"#, "", "4", .stop),
            (#""stop""#, #"{"content":null}"#, "", "", .stop),
            (#""stop""#, #"{"content":null,"refusal":"I cannot."}"#, "", "I cannot.", .refusal),
            (#""stop""#, #"{"content":"4","refusal":null}"#, "", "4", .stop),
            (#""stop""#, #"{"content":"4","refusal":""}"#, "", "4", .stop),
            (#""stop""#, #"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, "", "ab", .stop),
            (#""length""#, #"{"content":"4"}"#, "", "4", .maxTokens),
            (#""content_filter""#, #"{"content":""}"#, "", "", .contentFilter),
            (#""model_length""#, #"{"content":"4"}"#, "", "4", .contextLength),
            (#""tool_calls""#, #"{"content":null,"tool_calls":[]}"#, "", "", .stop),
            ("null", #"{"content":"4"}"#, "", "4", .stop),
            (
                #""stop""#, #"{"content":"4"}"#,
                #","content_filter_results":{"hate":{"filtered":false,"severity":"high"}}"#, "4", .stop
            ),
            (
                #""stop""#, #"{"content":"4"}"#,
                #","content_filter_results":{"hate":{"filtered":false},"violence":{"filtered":true}}"#, "4",
                .contentFilter
            ),
        ] as [(String, String, String, String, StopReason)]
    )
    func choices(finish: String, message: String, choice: String, text: String, stop: StopReason) throws {
        let reply = try reply(finish, message, choice: choice)
        #expect(reply.text == text)
        #expect(reply.stop == stop)
    }

    @Test(
        "Reasoning is found in its places, in order, and taken out of the text",
        arguments: [
            (#"{"content":"4","reasoning_content":"hm"}"#, "hm", "4"),
            (#"{"content":"4","reasoning":"hm"}"#, "hm", "4"),
            (#"{"content":"4","reasoning":"no","reasoning_content":"hm"}"#, "hm", "4"),
            (
                #"{"content":"4","reasoning":"no","reasoning_content":"no","reasoning_details":[{"text":"h"},{"summary":"m"},{"data":"x"}]}"#,
                "hm", "4"
            ),
            (#"{"content":"4","reasoning":"hm","reasoning_details":[{"data":"x"}]}"#, "hm", "4"),
            (#"{"content":"\n<think> hm </think>\n\n4"}"#, "hm", "4"),
            (#"{"content":"<think>hm"}"#, "hm", ""),
            (#"{"content":"the tag <think>hm</think>"}"#, nil, "the tag <think>hm</think>"),
            (
                #"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"4"}]}"#,
                "hm", "4"
            ),
        ] as [(String, String?, String)]
    )
    func reasoning(message: String, reasoning: String?, text: String) throws {
        let reply = try reply(#""stop""#, message)
        #expect(reply.reasoning == reasoning)
        #expect(reply.text == text)
    }

    @Test(
        "Usage excludes cached input and includes reasoning; absent usage is unknown",
        arguments: [
            (#"{"prompt_tokens":9,"completion_tokens":2}"#, Usage(input: 9, output: 2)),
            (
                #"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":10},"completion_tokens_details":{"reasoning_tokens":30}}"#,
                Usage(input: 30, output: 50, cacheRead: 60, cacheWrite: 10, reasoning: 30)
            ),
            (
                #"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":45,"completion_tokens_details":{"reasoning_tokens":30}}"#,
                Usage(input: 10, output: 35, reasoning: 30)
            ),
            (#"{"prompt_tokens":9,"prompt_cache_hit_tokens":4}"#, Usage(input: 5, cacheRead: 4)),
            (#"{"prompt_tokens":-5,"completion_tokens":9223372036854775807}"#, Usage(output: 1_000_000_000_000)),
            ("null", nil), ("{}", nil),
        ] as [(String, Usage?)]
    )
    func usage(json: String, usage: Usage?) throws {
        let choice = #"[{"finish_reason":"stop","message":{"content":"4"}}]"#
        #expect(try Wire.parse(.openai, #"{"choices":\#(choice),"usage":\#(json)}"#).usage == usage)
    }

    @Test(
        "A body that is no chat completion is a malformed response",
        arguments: [
            "", "{", "<html>", "[]", "{}", #"{"choices":[]}"#, #"{"choices":[{}]}"#, #"{"choices":null}"#,
            #"{"choices":[{"message":{"content":7}}]}"#, #"{"a":1,"a":2}"#,
        ]
    )
    func malformed(body: String) {
        let failure = Wire.failure(.openai, body)
        #expect(failure?.failureClass == .malformedResponse)
        #expect(failure?.usage == nil)
    }
}
