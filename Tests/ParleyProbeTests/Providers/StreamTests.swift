// Streams that servers answer with although none was asked for: whole, cut off at every byte, and ended by an error.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Event streams")
struct StreamTests {
    private static let openAI = """
        : comment
        data: {"model":"m-1","choices":[{"delta":{"role":"assistant","content":""}}]}

        data: {"model":"m-1","choices":[{"delta":{"reasoning_content":"hm"}}]}

        data: {"choices":[{"delta":{"content":"fo"}}]}

        data: {"choices":[{"delta":{"content":"ur"},"finish_reason":"length"}]}

        data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}

        data: [DONE]


        """

    private static let anthropic = """
        event: message_start
        data: {"type":"message_start","message":{"type":"message","model":"c-1","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"fo"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"ur"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":5}}

        event: message_stop
        data: {"type":"message_stop"}


        """

    private static let sse = ["content-type": "text/event-stream; charset=utf-8"]

    @Test("A stream gives the same reply as a whole body", arguments: [(openAI, 2), (anthropic, 5)] as [(String, Int)])
    func whole(body: String, output: Int) throws {
        let provider: ProviderKind = body == Self.openAI ? .openai : .anthropic
        // Thinking goes back with the next request; OpenAI's reasoning does not.
        let kept = KeptBlocks(anthropic: [["type": "thinking", "thinking": "hm"], ["type": "text", "text": "four"]])
        let expected = WireReply(
            text: "four",
            reasoning: "hm",
            kept: provider == .openai ? nil : kept,
            stop: .maxTokens,
            usage: Usage(input: 9, output: Int64(output)),
            modelReturned: provider == .openai ? "m-1" : "c-1"
        )
        #expect(try Wire.parse(provider, headers: Self.sse, body) == expected)
        #expect(try Wire.parse(provider, headers: Self.sse, body.replacing("\n", with: "\r\n")) == expected)
    }

    @Test(
        "A stream cut off at any byte before its end is a broken connection, never an answer",
        arguments: ProviderKind.allCases
    )
    func cutOff(provider: ProviderKind) throws {
        let body = provider == .openai ? Self.openAI : Self.anthropic
        let end = provider == .openai ? #""finish_reason":"length"}]}"# : #"data: {"type":"message_stop"}"#
        let bytes = Array(body.utf8)
        let whole = try #require(body.firstRange(of: end)).upperBound
        for length in 0..<body.utf8.distance(from: body.startIndex, to: whole) {
            let cut = String(decoding: bytes[..<length], as: UTF8.self)
            let failure = Wire.failure(provider, headers: Self.sse, cut)
            #expect(failure?.failureClass == .connection, "cut after \(length) bytes")
        }
    }

    @Test(
        "An error event after HTTP 200 has the class of the error",
        arguments: [
            (
                .anthropic,
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
                .overloaded
            ),
            (
                .anthropic,
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Internal server error\"}}\n\n",
                .serverError
            ),
            (
                .anthropic,
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"\"}}\n\n",
                .rateLimited
            ),
            (
                .openai, "data: {\"error\":{\"message\":\"The engine is overloaded\",\"type\":\"server_error\"}}\n\n",
                .overloaded
            ),
            (.openai, "data: {\"error\":{\"code\":429,\"message\":\"slow\"},\"choices\":[]}\n\n", .rateLimited),
            (.openai, "data: nonsense\n\ndata: [DONE]\n\n", .malformedResponse),
        ] as [(ProviderKind, String, FailureClass)]
    )
    func errors(provider: ProviderKind, event: String, failureClass: FailureClass) {
        let start = provider == .openai ? "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n" : ""
        let failure = Wire.failure(provider, headers: Self.sse, start + event)
        #expect(failure?.failureClass == failureClass)
        #expect(failure?.usage == nil)
    }

    @Test("A stream without its content type is known by its first line")
    func unlabelled() throws {
        #expect(try Wire.parse(.openai, Self.openAI.replacing(": comment\n", with: "")).text == "four")
    }
}
