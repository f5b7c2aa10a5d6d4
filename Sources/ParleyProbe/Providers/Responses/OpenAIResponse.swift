// Responses of OpenAI-compatible chat completions. A refusal arrives with finish_reason "stop" and a `refusal` field,
// Azure reports its filters per choice, and compatible servers leave out what they like.

import Foundation
import ParleyModel

/// Reads the response to `POST {base}/chat/completions`.
enum OpenAIResponse {
    /// Throws a `ProbeFailure` without exchanges where the response is no reply of the model.
    static func parse(_ reply: HTTPReply, now: Date = Date()) throws(ProbeFailure) -> WireReply {
        let reader = ResponseReader(provider: .openai, reply: reply, now: now)
        switch try reader.body(stream: OpenAIStream.assemble) {
        case .outcome(let outcome): return outcome
        case .message(let json): return try read(json, reader)
        }
    }

    private static func read(_ json: JSONValue, _ reader: ResponseReader) throws(ProbeFailure) -> WireReply {
        guard let choices = json["choices"]?.array else { throw reader.malformed("no 'choices'") }
        guard let choice = choices.first else { throw reader.malformed("'choices' is empty") }
        let finish = choice["finish_reason"]?.string
        if let error = choice["error"], !error.isNull || finish == "error" {
            let report = ErrorReport(status: reader.reply.status, answer: ["error": error])
            return try reader.settle(report ?? ErrorReport(status: reader.reply.status, body: reader.reply.body))
        }
        guard let message = choice["message"], message.object != nil else { throw reader.malformed("no 'message'") }
        if let content = message["content"], !content.isNull, content.string == nil, content.array == nil {
            throw reader.malformed("'content' is a \(content.typeName)")
        }
        let said = ReasoningText(message: message)
        let refusal = refusal(in: message)
        let calls = (message["tool_calls"]?.array ?? []).enumerated().map { call($0, $1) }
        let isFiltered = isFiltered(choice["content_filter_results"])
        let stop = stop(finish, isRefusal: refusal != nil, isFiltered: isFiltered)
        return WireReply(
            text: said.text.isEmpty ? refusal ?? "" : said.text,
            reasoning: said.reasoning,
            toolCalls: calls,
            kept: KeptBlocks(openAI: message),
            // Some compatible servers say "stop" where they call tools.
            stop: stop == .stop && !calls.isEmpty ? .toolCalls : stop,
            usage: Usage(openAI: json["usage"]),
            modelReturned: json["model"]?.string
        )
    }

    /// Arguments are the text of a JSON object, which may be invalid; some servers leave it empty where there are none,
    /// some send the object itself.
    private static func call(_ index: Int, _ call: JSONValue) -> ToolCall {
        let function = call["function"]
        var arguments = function?["arguments"] ?? .object([:])
        if let text = arguments.string {
            let isEmpty = text.allSatisfy(\.isWhitespace)
            arguments = isEmpty ? .object([:]) : (try? JSONValue(parsing: text)) ?? arguments
        }
        if arguments.isNull { arguments = .object([:]) }
        let id = call["id"]?.string ?? ""
        let isObject = arguments.object != nil
        return ToolCall(
            id: id.isEmpty ? "call_\(index)" : id,
            name: function?["name"]?.string ?? "",
            arguments: isObject ? .some(arguments) : .none,
            argumentsText: isObject ? nil : function?["arguments"]?.string ?? arguments.canonical
        )
    }

    private static func refusal(in message: JSONValue) -> String? {
        let part = message["content"]?.array?.compactMap { $0["refusal"]?.string }.joined()
        return [message["refusal"]?.string, part].compactMap { $0 }.first { !$0.isEmpty }
    }

    /// Azure lists every category with its severity; only `filtered: true` counts. A stream gives a list of these.
    private static func isFiltered(_ results: JSONValue?) -> Bool {
        if let list = results?.array { return list.contains { isFiltered($0) } }
        return results?.object?.values.contains { $0["filtered"]?.bool == true } ?? false
    }

    /// The filter goes before the refusal, the refusal before the limit. An unknown or absent reason of a whole
    /// response is the end of the answer; whether tools are called is told by the calls.
    private static func stop(_ finish: String?, isRefusal: Bool, isFiltered: Bool) -> StopReason {
        if isFiltered || finish == "content_filter" { return .contentFilter }
        if isRefusal || finish == "refusal" { return .refusal }
        switch finish {
        case "length", "max_tokens": return .maxTokens
        case "model_length", "model_context_window_exceeded": return .contextLength
        default: return .stop
        }
    }
}
