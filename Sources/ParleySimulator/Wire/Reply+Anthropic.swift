// A reply in the format of Anthropic's messages.

import NIOCore
import ParleyModel

extension Reply {
    func writeAnthropic(into buffer: inout ByteBuffer) {
        writeAnthropicHead(into: &buffer)
        buffer.writeStaticString("[")
        if let reasoning {
            buffer.writeStaticString("{\"type\":\"thinking\",\"thinking\":")
            buffer.writeJSONString(reasoning)
            buffer.writeStaticString(",\"signature\":\"")
            buffer.writeHex(identity)
            buffer.writeStaticString(stop == .refused ? "\"}" : "\"},")
        }
        if stop != .refused {
            buffer.writeStaticString("{\"type\":\"text\",\"text\":")
            buffer.writeJSONString(text)
            buffer.writeStaticString("}")
        }
        for call in calls {
            buffer.writeStaticString(",")
            writeAnthropicCall(call, input: call.arguments, into: &buffer)
        }
        buffer.writeStaticString("],")
        writeAnthropicStop(into: &buffer)
        if reportsUsage {
            buffer.writeStaticString(",")
            writeAnthropicUsage(outputTokens, into: &buffer)
        }
        buffer.writeStaticString("}")
    }

    func streamAnthropic(into stream: inout EventStream, fault: StreamFault) {
        stream.event("message_start") { buffer in
            buffer.writeStaticString("{\"type\":\"message_start\",\"message\":")
            writeAnthropicHead(into: &buffer)
            buffer.writeStaticString("[],\"stop_reason\":null,\"stop_sequence\":null")
            if reportsUsage {
                buffer.writeStaticString(",")
                writeAnthropicUsage(1, into: &buffer)
            }
            buffer.writeStaticString("}}")
        }
        stream.event("ping") { $0.writeStaticString("{\"type\":\"ping\"}") }
        switch fault {
        case .malformed:
            stream.event("content_block_start") { $0.writeStaticString("{\"type\":\"content_block") }
        case .overload:
            stream.event("error") { ErrorReply.overloaded(.anthropic).write(.anthropic, identity: identity, into: &$0) }
            return
        case .none, .truncated: break
        }
        var index = 0
        if let reasoning {
            block(index, "thinking", "thinking_delta", reasoning, isSigned: true, &stream)
            index += 1
        }
        if stop != .refused { block(index, "text", "text_delta", text, isSigned: false, &stream) }
        for (place, call) in calls.enumerated() { block(index + 1 + place, call, &stream) }
        if fault == .truncated { return }
        stream.event("message_delta") { buffer in
            buffer.writeStaticString("{\"type\":\"message_delta\",\"delta\":{")
            writeAnthropicStop(into: &buffer)
            buffer.writeStaticString("}")
            if reportsUsage {
                buffer.writeStaticString(",\"usage\":{\"output_tokens\":")
                buffer.writeDecimal(outputTokens)
                buffer.writeStaticString("}")
            }
            buffer.writeStaticString("}")
        }
        stream.event("message_stop") { $0.writeStaticString("{\"type\":\"message_stop\"}") }
    }

    /// A call's block, its input in pieces of JSON text.
    private func block(_ index: Int, _ call: Call, _ stream: inout EventStream) {
        stream.event("content_block_start") { buffer in
            buffer.writeStaticString("{\"type\":\"content_block_start\",\"index\":")
            buffer.writeDecimal(index)
            buffer.writeStaticString(",\"content_block\":")
            writeAnthropicCall(call, input: "{}", into: &buffer)
            buffer.writeStaticString("}")
        }
        for piece in pieces(of: call.arguments) {
            stream.event("content_block_delta") { buffer in
                buffer.writeStaticString("{\"type\":\"content_block_delta\",\"index\":")
                buffer.writeDecimal(index)
                buffer.writeStaticString(",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":")
                buffer.writeJSONString(String(piece))
                buffer.writeStaticString("}}")
            }
        }
        stream.event("content_block_stop") { buffer in
            buffer.writeStaticString("{\"type\":\"content_block_stop\",\"index\":")
            buffer.writeDecimal(index)
            buffer.writeStaticString("}")
        }
    }

    private func writeAnthropicCall(_ call: Call, input: String, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"type\":\"tool_use\",\"id\":")
        buffer.writeJSONString(call.id)
        buffer.writeStaticString(",\"name\":")
        buffer.writeJSONString(call.tool)
        buffer.writeStaticString(",\"input\":")
        buffer.writeString(input)
        buffer.writeStaticString("}")
    }

    private func block(
        _ index: Int,
        _ type: StaticString,
        _ delta: StaticString,
        _ text: String,
        isSigned: Bool,
        _ stream: inout EventStream
    ) {
        let head = { (buffer: inout ByteBuffer, event: StaticString) in
            buffer.writeStaticString("{\"type\":\"")
            buffer.writeStaticString(event)
            buffer.writeStaticString("\",\"index\":")
            buffer.writeDecimal(index)
        }
        stream.event("content_block_start") { buffer in
            head(&buffer, "content_block_start")
            buffer.writeStaticString(",\"content_block\":{\"type\":\"")
            buffer.writeStaticString(type)
            buffer.writeStaticString("\",\"")
            buffer.writeStaticString(type)
            buffer.writeStaticString(isSigned ? "\":\"\",\"signature\":\"\"}}" : "\":\"\"}}")
        }
        for piece in pieces(of: text) {
            stream.event("content_block_delta") { buffer in
                head(&buffer, "content_block_delta")
                buffer.writeStaticString(",\"delta\":{\"type\":\"")
                buffer.writeStaticString(delta)
                buffer.writeStaticString("\",\"")
                buffer.writeStaticString(type)
                buffer.writeStaticString("\":")
                buffer.writeJSONString(String(piece))
                buffer.writeStaticString("}}")
            }
        }
        if isSigned {
            stream.event("content_block_delta") { buffer in
                head(&buffer, "content_block_delta")
                buffer.writeStaticString(",\"delta\":{\"type\":\"signature_delta\",\"signature\":\"")
                buffer.writeHex(identity)
                buffer.writeStaticString("\"}}")
            }
        }
        stream.event("content_block_stop") { buffer in
            head(&buffer, "content_block_stop")
            buffer.writeStaticString("}")
        }
    }

    /// Everything up to and with `"content":`.
    private func writeAnthropicHead(into buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"id\":\"msg_")
        buffer.writeHex(identity)
        buffer.writeStaticString("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":")
        buffer.writeJSONString(model)
        buffer.writeStaticString(",\"content\":")
    }

    private func writeAnthropicStop(into buffer: inout ByteBuffer) {
        switch stop {
        case .ended: buffer.writeStaticString("\"stop_reason\":\"end_turn\",\"stop_sequence\":null")
        case .calls: buffer.writeStaticString("\"stop_reason\":\"tool_use\",\"stop_sequence\":null")
        case .length: buffer.writeStaticString("\"stop_reason\":\"max_tokens\",\"stop_sequence\":null")
        case .filtered, .refused:
            buffer.writeStaticString("\"stop_reason\":\"refusal\",\"stop_sequence\":null")
            buffer.writeStaticString(",\"stop_details\":{\"type\":\"refusal\",\"category\":null,\"explanation\":")
            buffer.writeJSONString(text)
            buffer.writeStaticString("}")
        }
    }

    private func writeAnthropicUsage(_ output: Int, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("\"usage\":{\"input_tokens\":")
        buffer.writeDecimal(promptTokens)
        buffer.writeStaticString(",\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0")
        buffer.writeStaticString(
            ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":0}"
        )
        buffer.writeStaticString(",\"output_tokens\":")
        buffer.writeDecimal(output)
        if reasoningTokens > 0 {
            buffer.writeStaticString(",\"output_tokens_details\":{\"thinking_tokens\":")
            buffer.writeDecimal(reasoningTokens)
            buffer.writeStaticString("}")
        }
        buffer.writeStaticString(",\"service_tier\":\"standard\"}")
    }
}
