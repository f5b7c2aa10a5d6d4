// A reply in the format of OpenAI's chat completions.

import NIOCore
import ParleyModel

extension Reply {
    func writeOpenAI(into buffer: inout ByteBuffer) {
        writeOpenAIHead("chat.completion", into: &buffer)
        buffer.writeStaticString("[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":")
        buffer.writeJSONString(stop == .refused ? nil : text)
        if let reasoning {
            buffer.writeStaticString(",\"reasoning_content\":")
            buffer.writeJSONString(reasoning)
        }
        buffer.writeStaticString(",\"refusal\":")
        buffer.writeJSONString(stop == .refused ? text : nil)
        if !calls.isEmpty { writeOpenAICalls(into: &buffer) }
        buffer.writeStaticString(",\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"")
        buffer.writeStaticString(openAIFinish)
        buffer.writeStaticString("\"}]")
        if reportsUsage { writeOpenAIUsage(into: &buffer) }
        buffer.writeStaticString("}")
    }

    func streamOpenAI(into stream: inout EventStream, fault: StreamFault, includesUsage: Bool) {
        let usage = includesUsage && reportsUsage
        chunk(&stream, usage) { $0.writeStaticString("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}") }
        if let reasoning { deltas(of: reasoning, "reasoning_content", &stream, usage) }
        switch fault {
        case .malformed:
            stream.event { $0.writeStaticString("{\"id\":\"chatcmpl-") }
        case .overload:
            stream.event { ErrorReply.overloaded(.openai).write(.openai, identity: identity, into: &$0) }
            return
        case .none, .truncated: break
        }
        deltas(of: text, stop == .refused ? "refusal" : "content", &stream, usage)
        if fault == .truncated { return }
        for (index, call) in calls.enumerated() { deltas(of: call, at: index, &stream, usage) }
        chunk(&stream, usage, finish: openAIFinish) { $0.writeStaticString("{}") }
        if usage {
            stream.event { buffer in
                writeOpenAIHead("chat.completion.chunk", into: &buffer)
                buffer.writeStaticString("[]")
                writeOpenAIUsage(into: &buffer)
                buffer.writeStaticString("}")
            }
        }
        stream.event { $0.writeStaticString("[DONE]") }
    }

    private func deltas(of text: String, _ member: StaticString, _ stream: inout EventStream, _ usage: Bool) {
        for piece in pieces(of: text) {
            chunk(&stream, usage) { buffer in
                buffer.writeStaticString("{\"")
                buffer.writeStaticString(member)
                buffer.writeStaticString("\":")
                buffer.writeJSONString(String(piece))
                buffer.writeStaticString("}")
            }
        }
    }

    /// A call comes with its name first and its arguments in pieces after it.
    private func deltas(of call: Call, at index: Int, _ stream: inout EventStream, _ usage: Bool) {
        let head = { (buffer: inout ByteBuffer) in
            buffer.writeStaticString("{\"tool_calls\":[{\"index\":")
            buffer.writeDecimal(index)
        }
        chunk(&stream, usage) { buffer in
            head(&buffer)
            buffer.writeStaticString(",\"id\":")
            buffer.writeJSONString(call.id)
            buffer.writeStaticString(",\"type\":\"function\",\"function\":{\"name\":")
            buffer.writeJSONString(call.tool)
            buffer.writeStaticString(",\"arguments\":\"\"}}]}")
        }
        for piece in pieces(of: call.arguments) {
            chunk(&stream, usage) { buffer in
                head(&buffer)
                buffer.writeStaticString(",\"function\":{\"arguments\":")
                buffer.writeJSONString(String(piece))
                buffer.writeStaticString("}}]}")
            }
        }
    }

    private func writeOpenAICalls(into buffer: inout ByteBuffer) {
        buffer.writeStaticString(",\"tool_calls\":[")
        for (index, call) in calls.enumerated() {
            buffer.writeStaticString(index == 0 ? "{\"id\":" : ",{\"id\":")
            buffer.writeJSONString(call.id)
            buffer.writeStaticString(",\"type\":\"function\",\"function\":{\"name\":")
            buffer.writeJSONString(call.tool)
            buffer.writeStaticString(",\"arguments\":")
            buffer.writeJSONString(call.arguments)
            buffer.writeStaticString("}}")
        }
        buffer.writeStaticString("]")
    }

    private func chunk(
        _ stream: inout EventStream,
        _ usage: Bool,
        finish: StaticString? = nil,
        _ writeDelta: (inout ByteBuffer) -> Void
    ) {
        stream.event { buffer in
            writeOpenAIHead("chat.completion.chunk", into: &buffer)
            buffer.writeStaticString("[{\"index\":0,\"delta\":")
            writeDelta(&buffer)
            buffer.writeStaticString(",\"logprobs\":null,\"finish_reason\":")
            if let finish {
                buffer.writeStaticString("\"")
                buffer.writeStaticString(finish)
                buffer.writeStaticString("\"}]")
            } else {
                buffer.writeStaticString("null}]")
            }
            buffer.writeStaticString(usage ? ",\"usage\":null}" : "}")
        }
    }

    /// Everything up to and with `"choices":`.
    private func writeOpenAIHead(_ object: StaticString, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"id\":\"chatcmpl-")
        buffer.writeHex(identity)
        buffer.writeStaticString("\",\"object\":\"")
        buffer.writeStaticString(object)
        buffer.writeStaticString("\",\"created\":")
        buffer.writeDecimal(Self.created)
        buffer.writeStaticString(",\"model\":")
        buffer.writeJSONString(model)
        buffer.writeStaticString(",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulated\",\"choices\":")
    }

    private func writeOpenAIUsage(into buffer: inout ByteBuffer) {
        buffer.writeStaticString(",\"usage\":{\"prompt_tokens\":")
        buffer.writeDecimal(promptTokens)
        buffer.writeStaticString(",\"completion_tokens\":")
        buffer.writeDecimal(outputTokens)
        buffer.writeStaticString(",\"total_tokens\":")
        buffer.writeDecimal(promptTokens + outputTokens)
        buffer.writeStaticString(",\"prompt_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0}")
        buffer.writeStaticString(",\"completion_tokens_details\":{\"reasoning_tokens\":")
        buffer.writeDecimal(reasoningTokens)
        buffer.writeStaticString("}}")
    }

    private var openAIFinish: StaticString {
        switch stop {
        case .ended, .refused: "stop"
        case .length: "length"
        case .calls: "tool_calls"
        case .filtered: "content_filter"
        }
    }
}
