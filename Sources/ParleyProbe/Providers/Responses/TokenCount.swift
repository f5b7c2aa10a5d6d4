// Token counts as providers state them, brought to one convention: input excludes what came from or went to a cache,
// output includes reasoning (Inspect's convention). Counts are hostile input: they are kept within bounds.

import ParleyModel

extension Usage {
    /// More tokens than any call can use; a larger count is cut, so that sums never overflow.
    private static let countLimit: Int64 = 1_000_000_000_000

    private static func count(_ value: JSONValue?) -> Int64? {
        value?.integer.map { min(max($0, 0), countLimit) }
    }

    /// OpenAI's usage; nil where it is absent. `prompt_tokens` includes cached tokens.
    init?(openAI usage: JSONValue?) {
        guard let usage, let prompt = Self.count(usage["prompt_tokens"]) else { return nil }
        let details = usage["prompt_tokens_details"]
        let read = Self.count(details?["cached_tokens"]) ?? Self.count(usage["prompt_cache_hit_tokens"]) ?? 0
        let written = Self.count(details?["cache_write_tokens"]) ?? 0
        let completion = Self.count(usage["completion_tokens"]) ?? 0
        let reasoning = Self.count(usage["completion_tokens_details"]?["reasoning_tokens"]) ?? 0
        // Some compatible servers count reasoning beside the completion; their total shows it.
        let isApart = reasoning > 0 && Self.count(usage["total_tokens"]) == prompt + completion + reasoning
        self.init(
            input: max(0, prompt - read - written),
            output: isApart ? completion + reasoning : completion,
            cacheRead: read,
            cacheWrite: written,
            reasoning: reasoning
        )
    }

    /// Anthropic's usage; nil where it is absent. `input_tokens` excludes cached tokens.
    init?(anthropic usage: JSONValue?) {
        guard let usage, let input = Self.count(usage["input_tokens"]) else { return nil }
        self.init(
            input: input,
            output: Self.count(usage["output_tokens"]) ?? 0,
            cacheRead: Self.count(usage["cache_read_input_tokens"]) ?? 0,
            cacheWrite: Self.count(usage["cache_creation_input_tokens"]) ?? 0,
            reasoning: Self.count(usage["output_tokens_details"]?["thinking_tokens"]) ?? 0
        )
    }
}
