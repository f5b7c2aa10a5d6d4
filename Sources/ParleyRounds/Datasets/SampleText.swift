// The parts of Inspect's Sample as they stand in rows: input as text or messages, targets as text or list, choices.

import ParleyModel

/// Reads the parts of a sample.
enum SampleText {
    /// The letter of a choice: A for the first; there are at most 26.
    static func letter(_ index: Int) -> String { String(UnicodeScalar(UInt8(65 + min(index, 25)))) }

    /// A conversation: plain text is one user message.
    static func messages(_ value: JSONValue) throws(RowProblem) -> [Message] {
        switch value {
        case .string(let text):
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw RowProblem("the input is empty", "write the question")
            }
            return [Message(.user, text)]
        case .array(let elements):
            guard !elements.isEmpty else { throw RowProblem("the input has no messages", "write at least one message") }
            var messages: [Message] = []
            for element in elements { messages.append(try message(element)) }
            guard messages.contains(where: { $0.role == .user }) else {
                throw RowProblem("the input has no message of the role 'user'", "add the question as a user message")
            }
            return messages
        default:
            throw RowProblem("the input is a \(value.typeName)", "write text, or a list of messages")
        }
    }

    private static func message(_ value: JSONValue) throws(RowProblem) -> Message {
        guard let word = value["role"]?.string, let role = Role(rawValue: word) else {
            throw RowProblem("a message without a known role", "write \"role\": system, user, assistant or tool")
        }
        switch value["content"] {
        case .string(let text)?: return Message(role, text)
        case .array(let parts)?:
            var texts: [String] = []
            for part in parts {
                guard part["type"]?.string == "text", let text = part["text"]?.string else {
                    throw RowProblem("a message with content other than text", "only text can be put to a model")
                }
                texts.append(text)
            }
            return Message(role, texts.joined(separator: "\n"))
        default: throw RowProblem("a message without content", "write \"content\": \"…\"")
        }
    }

    /// Accepted answers; absent, null and empty mean none.
    static func targets(_ value: JSONValue?) throws(RowProblem) -> [String] {
        switch value {
        case nil, .null, .string(""): return []
        case .array(let elements)?:
            var targets: [String] = []
            for element in elements { targets.append(try scalar(element, "a target")) }
            return targets
        case .some(let value): return [try scalar(value, "the target")]
        }
    }

    /// At most 26 choices. In a CSV cell they stand as a JSON list.
    static func choices(_ value: JSONValue?) throws(RowProblem) -> [String] {
        switch value {
        case nil, .null, .string(""): return []
        case .string(let text)?:
            guard let list = try? JSONValue(parsing: text), case .array = list else {
                throw RowProblem("the choices are no list", "write a JSON list, or name one field for each choice")
            }
            return try choices(list)
        case .array(let elements)?:
            guard elements.count <= 26 else { throw RowProblem("more than 26 choices", "letters go from A to Z") }
            var choices: [String] = []
            for element in elements { choices.append(try scalar(element, "a choice")) }
            return choices
        case .some(let value): throw RowProblem("the choices are a \(value.typeName)", "write a list of texts")
        }
    }

    /// Text, or a number or a flag as it is written in JSON.
    static func scalar(_ value: JSONValue, _ what: String) throws(RowProblem) -> String {
        switch value {
        case .string(let text): return text
        case .integer, .number, .bool: return value.canonical
        default: throw RowProblem("\(what) is a JSON \(value.typeName)", "write text or a number")
        }
    }
}
