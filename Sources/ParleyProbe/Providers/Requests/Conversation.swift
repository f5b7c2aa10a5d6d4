// The conversation of a request, with its system text in the place that the configuration asks for. Roles differ
// between providers and change results, so the mapping belongs to the configuration and is done in one place.

import ParleyModel

/// The messages of a request. A solver puts the system prompt into the messages; where it put none, the
/// configuration's own system prompt opens the conversation.
struct Conversation: Hashable, Sendable {
    private(set) var messages: [Message]

    init(_ request: GenerateRequest) {
        messages = request.messages
        let prompt = request.configuration.systemPrompt ?? ""
        if !prompt.isEmpty, !messages.contains(where: { $0.role == .system }) {
            messages.insert(Message(.system, prompt), at: 0)
        }
        if request.configuration.systemRole == .user { moveSystemTextToUser() }
    }

    /// All system texts, in order, a blank line between them; nil where there is none.
    var systemText: String? {
        let texts = messages.filter { $0.role == .system }.map(\.content).filter { !$0.isEmpty }
        return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }

    /// Everything but the system texts.
    var turns: [Message] { messages.filter { $0.role != .system } }

    /// Puts the system texts before the first user message, or opens with them where no user speaks.
    private mutating func moveSystemTextToUser() {
        guard let text = systemText else { return }
        messages = turns
        if let first = messages.firstIndex(where: { $0.role == .user }) {
            let content = messages[first].content
            messages[first].content = content.isEmpty ? text : text + "\n\n" + content
        } else {
            messages.insert(Message(.user, text), at: 0)
        }
    }
}
