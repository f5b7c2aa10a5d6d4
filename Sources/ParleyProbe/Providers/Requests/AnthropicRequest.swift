// Requests of Anthropic messages. The format wants the system text apart, roles that alternate and no empty content;
// thinking of earlier assistant messages is not sent back, since without its signature it would be refused.

import ParleyModel

/// Builds the body of `POST {base}/v1/messages`.
enum AnthropicRequest {
    /// Efforts that `output_config` takes.
    private static let efforts: Set<String> = ["low", "medium", "high", "xhigh", "max"]

    /// The body, and the parameters that were left out: `seed` and the role `developer` do not exist in this format;
    /// thinking excludes some sampling parameters.
    static func build(_ request: GenerateRequest, model: ModelDefinition) -> WireRequest {
        let configuration = request.configuration
        let conversation = Conversation(request)
        var sheet = ParameterSheet(model: model)
        sheet.require("messages", .array(messages(of: conversation)))
        if let system = conversation.systemText { sheet.require("system", .string(system)) }
        sheet.drop("system_role", when: configuration.systemRole == .developer && conversation.systemText != nil)
        let budget = setReasoning(configuration.reasoning, in: &sheet)
        // The limit counts thinking and answer and must exceed the budget; a limit that leaves no room for an answer
        // is taken as the answer's own.
        let limit = budget.map { $0 < request.maxTokens ? request.maxTokens : $0 + request.maxTokens }
        sheet.require("max_tokens", .integer(Int64(limit ?? request.maxTokens)))
        setSampling(configuration.sampling, isThinking: budget != nil, in: &sheet)
        return sheet.request
    }

    /// Sets thinking and effort. Returns the budget of thinking tokens where one is sent.
    private static func setReasoning(_ reasoning: Reasoning?, in sheet: inout ParameterSheet) -> Int? {
        let takesThinking = sheet.takes("thinking", "budget_tokens")
        if let effort = reasoning?.effort {
            if effort == "none", takesThinking {
                sheet.require("thinking", ["type": "disabled"])
            } else if efforts.contains(effort), sheet.takes("reasoning_effort", "output_config", "effort") {
                sheet.require("output_config", ["effort": .string(effort)])
            } else {
                sheet.drop("reasoning_effort")
            }
        }
        guard let budget = reasoning?.budgetTokens else { return nil }
        guard takesThinking, reasoning?.effort != "none" else {
            sheet.drop("budget_tokens")
            return nil
        }
        sheet.require("thinking", ["type": "enabled", "budget_tokens": .integer(Int64(budget))])
        return budget
    }

    /// With thinking the API takes no temperature but 1, no `top_k`, and `top_p` from 0.95 to 1 only.
    private static func setSampling(_ sampling: Sampling, isThinking: Bool, in sheet: inout ParameterSheet) {
        if isThinking, let temperature = sampling.temperature, temperature != 1 {
            sheet.drop("temperature")
        } else {
            sheet.set("temperature", sampling.temperature.map(JSONValue.number))
        }
        if isThinking, let topP = sampling.topP, !(0.95...1).contains(topP) {
            sheet.drop("top_p")
        } else {
            sheet.set("top_p", sampling.topP.map(JSONValue.number))
        }
        if isThinking {
            sheet.drop("top_k", when: sampling.topK != nil)
        } else {
            sheet.set("top_k", sampling.topK.map { .integer(Int64($0)) })
        }
        let stop: JSONValue? = sampling.stop.isEmpty ? nil : .array(sampling.stop.map(JSONValue.string))
        sheet.set("stop_sequences", stop, alias: "stop")
        sheet.drop("seed", when: sampling.seed != nil)
    }

    /// Messages with content, those of one role that follow each other merged; a last message of the assistant ends
    /// without white space, which the API refuses there.
    private static func messages(of conversation: Conversation) -> [JSONValue] {
        var turns: [(role: String, content: String)] = []
        for message in conversation.turns where !message.content.allSatisfy(\.isWhitespace) {
            let role = message.role == .assistant ? "assistant" : "user"
            if let last = turns.last, last.role == role {
                turns[turns.count - 1].content = last.content + "\n\n" + message.content
            } else {
                turns.append((role, message.content))
            }
        }
        if let last = turns.last, last.role == "assistant" {
            let kept = last.content.reversed().drop(while: \.isWhitespace).reversed()
            turns[turns.count - 1].content = String(kept)
        }
        return turns.map { ["role": .string($0.role), "content": .string($0.content)] }
    }
}
