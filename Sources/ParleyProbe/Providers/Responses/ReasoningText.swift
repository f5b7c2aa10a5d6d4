// Where compatible servers put a model's reasoning. There is no standard: the places are tried in a fixed order and
// the first that holds text is taken.

import ParleyModel

/// A model's text with its reasoning taken out.
struct ReasoningText: Hashable, Sendable {
    var text: String
    var reasoning: String?

    /// Looks in `reasoning_details` (OpenRouter), `reasoning_content`, `reasoning`, thinking parts of the content, and
    /// `<think>…</think>` at the content's start, in this order.
    init(message: JSONValue) {
        let content = Self.content(message["content"])
        text = content.text
        let details = message["reasoning_details"]?.array?.compactMap { $0["text"]?.string ?? $0["summary"]?.string }
        let places = [
            details?.joined(), message["reasoning_content"]?.string, message["reasoning"]?.string, content.thinking,
        ]
        reasoning = places.compactMap { $0 }.first { !$0.isEmpty }
        if reasoning == nil { takeOutThinkTag() }
    }

    /// Content is a text, or a list of parts.
    private static func content(_ content: JSONValue?) -> (text: String, thinking: String) {
        guard let parts = content?.array else { return (content?.string ?? "", "") }
        let text = parts.compactMap { $0["text"]?.string }.joined()
        let thinking = parts.filter { $0["type"]?.string == "thinking" }
            .map { part in
                part["thinking"]?.string ?? (part["thinking"]?.array ?? []).compactMap { $0["text"]?.string }.joined()
            }
        return (text, thinking.joined(separator: "\n"))
    }

    /// A tag that never closes (the answer was cut off) leaves reasoning only.
    private mutating func takeOutThinkTag() {
        let open = "<think>"
        let close = "</think>"
        let start = text.drop(while: \.isWhitespace)
        guard start.hasPrefix(open) else { return }
        let inner = start.dropFirst(open.count)
        if let end = inner.firstRange(of: close) {
            reasoning = inner[..<end.lowerBound].trimmed
            text = String(inner[end.upperBound...].drop(while: \.isWhitespace))
        } else {
            reasoning = inner.trimmed
            text = ""
        }
    }
}
