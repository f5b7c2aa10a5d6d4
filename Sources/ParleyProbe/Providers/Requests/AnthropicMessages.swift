// The turns of a conversation as Anthropic messages: roles alternate, no content is empty, the answers of tools stand
// in the user message that follows their calls, before any text. What an assistant message kept of its own blocks goes
// back as it came, thinking with its signature; without it, thinking is not sent, since it would be refused.

import ParleyModel

/// Writes messages in Anthropic's format.
enum AnthropicMessages {
    private struct Turn {
        var role: String
        var blocks: [JSONValue]
    }

    static func json(of conversation: Conversation) -> [JSONValue] {
        var turns: [Turn] = []
        for message in conversation.turns {
            let blocks = blocks(of: message)
            guard !blocks.isEmpty else { continue }
            let role = message.role == .assistant ? "assistant" : "user"
            if turns.last?.role == role {
                turns[turns.count - 1].blocks = joined(turns[turns.count - 1].blocks, blocks)
            } else {
                turns.append(Turn(role: role, blocks: blocks))
            }
        }
        trimEnd(of: &turns)
        return turns.map { turn in
            let content = turn.blocks.count == 1 ? text(of: turn.blocks[0]).map(JSONValue.string) : nil
            return ["role": .string(turn.role), "content": content ?? .array(turn.blocks)]
        }
    }

    /// The content of one message; empty where it says nothing.
    static func blocks(of message: Message) -> [JSONValue] {
        if let kept = KeptBlocks.content(of: message, for: .anthropic) { return kept.compactMap(sendable) }
        if let answer = message.toolAnswer, message.role == .tool { return [result(message.content, answer)] }
        let isBlank = message.content.allSatisfy(\.isWhitespace)
        let text: [JSONValue] = isBlank ? [] : [["type": "text", "text": .string(message.content)]]
        return text
            + message.toolCalls.map { call -> JSONValue in
                [
                    "type": "tool_use", "id": .string(call.id), "name": .string(call.wireName),
                    "input": call.wireArguments,
                ]
            }
    }

    private static func result(_ content: String, _ answer: ToolAnswer) -> JSONValue {
        var members: [String: JSONValue] = ["type": "tool_result", "tool_use_id": .string(answer.callID)]
        if !content.isEmpty { members["content"] = .string(content) }
        if answer.status != .done { members["is_error"] = true }
        return .object(members)
    }

    /// A kept block as the API takes it back: it refuses blank text and input that is no object, which only a stream
    /// that was cut can hold.
    private static func sendable(_ block: JSONValue) -> JSONValue? {
        switch block["type"]?.string {
        case "text": return block["text"]?.string?.allSatisfy(\.isWhitespace) == false ? block : nil
        case "tool_use":
            guard let input = block["input"], input.object == nil, var members = block.object else { return block }
            members["input"] = ToolCall.unreadable(input.string ?? input.canonical)
            return .object(members)
        default: return block
        }
    }

    /// Texts that meet become one, a blank line between them.
    private static func joined(_ left: [JSONValue], _ right: [JSONValue]) -> [JSONValue] {
        guard let end = left.last.flatMap(text), let start = right.first.flatMap(text) else { return left + right }
        let both: JSONValue = ["type": "text", "text": .string(end + "\n\n" + start)]
        return left.dropLast() + [both] + right.dropFirst()
    }

    /// A last message of the assistant ends without white space, which the API refuses there.
    private static func trimEnd(of turns: inout [Turn]) {
        guard let last = turns.last, last.role == "assistant", let end = last.blocks.last.flatMap(text) else { return }
        let kept = String(end.reversed().drop(while: \.isWhitespace).reversed())
        turns[turns.count - 1].blocks[last.blocks.count - 1] = ["type": "text", "text": .string(kept)]
    }

    /// The text of a plain text block.
    private static func text(of block: JSONValue) -> String? {
        block["type"]?.string == "text" ? block["text"]?.string : nil
    }
}
