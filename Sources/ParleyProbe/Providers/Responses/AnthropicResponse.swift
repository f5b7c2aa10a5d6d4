// Responses of Anthropic messages: a list of content blocks and a stop reason.

import Foundation
import ParleyModel

/// Reads the response to `POST {base}/v1/messages`.
enum AnthropicResponse {
    /// Throws a `ProbeFailure` without exchanges where the response is no reply of the model.
    static func parse(_ reply: HTTPReply, now: Date = Date()) throws(ProbeFailure) -> WireReply {
        let reader = ResponseReader(provider: .anthropic, reply: reply, now: now)
        switch try reader.body(stream: AnthropicStream.assemble) {
        case .outcome(let outcome): return outcome
        case .message(let json): return try read(json, reader)
        }
    }

    private static func read(_ json: JSONValue, _ reader: ResponseReader) throws(ProbeFailure) -> WireReply {
        guard let content = json["content"]?.array else { throw reader.malformed("no list 'content'") }
        guard let reason = json["stop_reason"]?.string else { throw reader.malformed("no 'stop_reason'") }
        var text = texts(of: "text", in: content).joined()
        // What a classifier says of its stop stands in for the words that the model did not get to say.
        if reason == "refusal", text.isEmpty { text = json["stop_details"]?["explanation"]?.string ?? "" }
        let thinking = texts(of: "thinking", in: content).filter { !$0.isEmpty }
        let calls = content.filter { $0["type"]?.string == "tool_use" }.enumerated().map { call($0, $1) }
        return WireReply(
            text: text,
            reasoning: thinking.isEmpty ? nil : thinking.joined(separator: "\n"),
            toolCalls: calls,
            kept: KeptBlocks(anthropic: content),
            stop: stop(reason, callsTools: !calls.isEmpty),
            usage: Usage(anthropic: json["usage"]),
            modelReturned: json["model"]?.string,
            pausedContent: reason == "pause_turn" ? .array(content) : nil
        )
    }

    /// The texts of the blocks of one type; `redacted_thinking` holds none that can be read.
    private static func texts(of type: String, in content: [JSONValue]) -> [String] {
        content.filter { $0["type"]?.string == type }.compactMap { $0[type]?.string }
    }

    /// Input that is no object comes from a stream whose pieces made no JSON; it stands here as their text.
    private static func call(_ index: Int, _ block: JSONValue) -> ToolCall {
        let input = block["input"] ?? .object([:])
        let arguments: JSONValue? = if input.object == nil { .none } else { .some(input) }
        return ToolCall(
            id: block["id"]?.string ?? "call_\(index)",
            name: block["name"]?.string ?? "",
            arguments: arguments,
            argumentsText: arguments == nil ? input.string ?? input.canonical : nil
        )
    }

    private static func stop(_ reason: String, callsTools: Bool) -> StopReason {
        switch reason {
        case "max_tokens": .maxTokens
        case "refusal": .refusal
        case "model_context_window_exceeded": .contextLength
        // end_turn, stop_sequence, tool_use, pause_turn, and what is yet to be invented
        default: callsTools ? .toolCalls : .stop
        }
    }
}
