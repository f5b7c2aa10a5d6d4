// Requests of OpenAI-compatible chat completions. Reasoning of earlier assistant messages is not sent back: the
// format has no place for it, and as text it would change what the model sees. Gateways that gave `reasoning_details`
// get them back unchanged.

import Foundation
import ParleyModel

/// Builds the body of `POST {base}/chat/completions`.
enum OpenAIRequest {
    /// The body, and the parameters that were left out: `top_k` and `budget_tokens` do not exist in this format.
    static func build(_ request: GenerateRequest, model: ModelDefinition) -> WireRequest {
        let configuration = request.configuration
        let sampling = configuration.sampling
        var sheet = ParameterSheet(model: model)
        sheet.require("messages", .array(messages(of: request)))
        if !request.tools.isEmpty { sheet.require("tools", .array(request.tools.map(tool))) }
        setTokenLimit(of: request, model: model, in: &sheet)
        sheet.set("temperature", sampling.temperature.map(JSONValue.number))
        sheet.set("top_p", sampling.topP.map(JSONValue.number))
        sheet.set("seed", sampling.seed.map(JSONValue.integer))
        sheet.set("stop", sampling.stop.isEmpty ? nil : .array(sampling.stop.map(JSONValue.string)))
        sheet.set("reasoning_effort", configuration.reasoning?.effort.map(JSONValue.string))
        sheet.drop("top_k", when: sampling.topK != nil)
        sheet.drop("budget_tokens", when: configuration.reasoning?.budgetTokens != nil)
        return sheet.request
    }

    /// OpenAI's own address and reasoning models take `max_completion_tokens`; compatible servers know the older
    /// `max_tokens` only. A model that rejects the one chosen gets the other.
    private static func setTokenLimit(
        of request: GenerateRequest,
        model: ModelDefinition,
        in sheet: inout ParameterSheet
    ) {
        let isOfficial = URLComponents(string: model.baseURL)?.host?.lowercased() == "api.openai.com"
        let isNew = isOfficial || request.configuration.reasoning?.effort != nil
        let names = isNew ? ["max_completion_tokens", "max_tokens"] : ["max_tokens", "max_completion_tokens"]
        if let name = names.first(where: { sheet.takes($0) }) {
            sheet.require(name, .integer(Int64(request.maxTokens)))
        } else {
            sheet.drop(names[0])
        }
    }

    private static func messages(of request: GenerateRequest) -> [JSONValue] {
        Conversation(request).messages.map { message in
            switch message.role {
            case .system: json(request.configuration.systemRole == .developer ? "developer" : "system", message)
            case .assistant: assistant(message)
            case .tool: answer(message)
            case .user: json("user", message)
            }
        }
    }

    private static func json(_ role: JSONValue, _ message: Message) -> JSONValue {
        ["role": role, "content": .string(message.content)]
    }

    /// A tool's answer has no place without the call that it answers; without it, its text goes as the user's.
    private static func answer(_ message: Message) -> JSONValue {
        guard let answer = message.toolAnswer else { return json("user", message) }
        return ["role": "tool", "tool_call_id": .string(answer.callID), "content": .string(message.content)]
    }

    private static func assistant(_ message: Message) -> JSONValue {
        var members: [String: JSONValue] = ["role": "assistant", "content": .string(message.content)]
        if !message.toolCalls.isEmpty {
            if message.content.isEmpty { members["content"] = .null }
            members["tool_calls"] = .array(message.toolCalls.map(call))
        }
        if let details = KeptBlocks.content(of: message, for: .openai) {
            members["reasoning_details"] = .array(details)
        }
        return .object(members)
    }

    private static func call(_ call: ToolCall) -> JSONValue {
        let function: JSONValue = [
            "name": .string(call.wireName), "arguments": .string(call.wireArguments.canonical),
        ]
        return ["id": .string(call.id), "type": "function", "function": function]
    }

    private static func tool(_ tool: Tool) -> JSONValue {
        let function: JSONValue = [
            "name": .string(tool.name), "description": .string(tool.description), "parameters": tool.parameters,
        ]
        return ["type": "function", "function": function]
    }
}
