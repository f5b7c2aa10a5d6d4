// What a reply asks for: the wire format's own tool calls, or the blocks of text mode, brought to one form. Every call
// has an id of its own within the run, since both formats tie answers to calls by it.

import ParleyModel

/// A tool call of a reply, as far as it could be read.
struct AskedCall {
    var call: ToolCall
    /// Why it could not be read as a call; text mode only.
    var unreadable: String?
    /// Whether it is the last call of a reply that the token limit cut, and so may not be whole.
    var isCutOff = false

    static func all(in reply: GenerateReply, mode: ToolMode, turn: Int, taken: Set<String>) -> [AskedCall] {
        var asked: [AskedCall]
        switch mode {
        case .native: asked = reply.toolCalls.map { AskedCall(call: $0) }
        case .text: asked = TextTools.calls(in: reply.text).enumerated().map { text($1, id: "text_\(turn)_\($0 + 1)") }
        }
        // A block of text mode that has its end is whole.
        if reply.stop == .maxTokens, mode == .native, !asked.isEmpty { asked[asked.count - 1].isCutOff = true }
        // Ids that stand in kept blocks as well are Anthropic's, which are unique.
        if KeptBlocks(reply.blocks)?.provider != .anthropic { makeUnique(&asked, turn: turn, taken: taken) }
        return asked
    }

    private static func text(_ reading: TextTools.Reading, id: String) -> AskedCall {
        switch reading {
        case .call(let name, let arguments): AskedCall(call: ToolCall(id: id, name: name, arguments: arguments))
        case .unreadable(let reason, let text):
            AskedCall(call: ToolCall(id: id, name: "", arguments: nil, argumentsText: text), unreadable: reason)
        }
    }

    /// Some compatible servers give no ids, or count from 0 in every reply.
    private static func makeUnique(_ asked: inout [AskedCall], turn: Int, taken: Set<String>) {
        var taken = taken.union([""])
        for index in asked.indices {
            var number = index + 1
            while !taken.insert(asked[index].call.id).inserted {
                asked[index].call.id = "call_\(turn)_\(number)"
                number += 1
            }
        }
    }
}

/// The conversation of text mode as it is sent.
enum TextMode {
    /// Plain messages; the answers to the calls of one reply stand in one user message, since many chat templates want
    /// roles to alternate.
    static func sent(_ messages: [Message]) -> [Message] {
        var sent: [Message] = []
        var followsAnswer = false
        for message in messages {
            let isAnswer = message.toolAnswer != nil
            if isAnswer, followsAnswer {
                sent[sent.count - 1].content += "\n\n" + message.content
            } else {
                sent.append(Message(message.role, message.content))
            }
            followsAnswer = isAnswer
        }
        return sent
    }
}

/// Answers of tools, cut to what the model is to be shown.
enum OutputLimit {
    /// At most this many bytes of the text, and a line that says so.
    static func cut(_ text: String, to bytes: Int) -> (text: String, isCut: Bool) {
        guard text.utf8.count > bytes else { return (text, false) }
        return ("\(text.prefix(bytes: bytes))\n[cut: \(bytes) of \(text.utf8.count) bytes are shown]", true)
    }
}
