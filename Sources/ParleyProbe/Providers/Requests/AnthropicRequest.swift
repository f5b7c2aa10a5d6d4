// Requests of Anthropic messages. The format wants the system text apart; `AnthropicMessages` writes the turns.

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
        sheet.require("messages", .array(AnthropicMessages.json(of: conversation)))
        if !request.tools.isEmpty { sheet.require("tools", .array(request.tools.map(tool))) }
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

    private static func tool(_ tool: Tool) -> JSONValue {
        [
            "name": .string(tool.name), "description": .string(tool.description), "input_schema": tool.parameters,
        ]
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
}
