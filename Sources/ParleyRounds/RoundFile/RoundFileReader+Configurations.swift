// The section `configurations`.

import ParleyModel

extension RoundFileReader {
    static let configurationKeys = [
        "name", "model", "system_prompt", "system_prompt_file", "system_role", "reasoning", "tool_mode", "temperature",
        "top_p", "top_k", "seed", "stop", "max_tokens", "safeguards_relaxed", "flags",
        "reference",
    ]
    /// The most output tokens that a configuration or a suite may ask for in one call.
    static let tokenLimit: ClosedRange<Int64> = 1...10_000_000

    func readConfiguration(_ entry: Entry) -> Configuration? {
        let fields = entry.fields
        let model: ModelName? = declared.reference(fields.required("model", "model: the model's name"), .model)
        let sampling = Sampling(
            temperature: fields["temperature"]?.number(in: 0...2),
            topP: fields["top_p"]?.number(in: 0...1),
            topK: fields["top_k"]?.count(in: 1...1_000_000),
            seed: fields["seed"]?.integer(in: 0...Int64.max),
            stop: fields["stop"]?.texts() ?? []
        )
        let configuration = Configuration(
            name: Name(entry.name),
            model: model ?? "",
            systemPrompt: text(in: fields, "system_prompt", what: "system prompt"),
            systemRole: fields["system_role"]?.word(Configuration.SystemRole.self) ?? .system,
            reasoning: fields["reasoning"].flatMap { readReasoning($0) },
            toolMode: fields["tool_mode"]?.word(ToolMode.self),
            sampling: sampling,
            maxTokens: fields["max_tokens"]?.count(in: Self.tokenLimit) ?? 1024,
            safeguardsRelaxed: fields["safeguards_relaxed"]?.flag() ?? false,
            flags: fields["flags"]?.texts() ?? [],
            reference: fields["reference"]?.flag() ?? false
        )
        return model == nil ? nil : configuration
    }

    private func readReasoning(_ field: Field) -> Reasoning? {
        enum Effort: String, CaseIterable { case none, minimal, low, medium, high, xhigh, max }
        guard let fields = Fields(field, what: "a reasoning setting", keys: ["effort", "budget_tokens"]) else {
            return nil
        }
        let effort = fields["effort"]?.word(Effort.self)?.rawValue
        let budget = fields["budget_tokens"]?.count(in: Self.tokenLimit)
        if fields["effort"] == nil, fields["budget_tokens"] == nil {
            field.fail("'reasoning' says nothing", "write effort: high, or budget_tokens: 2048, or remove it")
        }
        return Reasoning(effort: effort, budgetTokens: budget)
    }
}
