// What a monitor sees of an agent's work: its calls and what came back, as `{{actions}}` in a judge's rubric, so that
// sabotage and its detection can be scored. Text of the agent and of tools cannot leave its line: every line of it is
// indented, and control characters are spelt out, so that none of it can pass for a call. Neither reasoning nor what the
// agent writes beside its calls is shown.

import ParleyModel

/// A transcript as a monitor reads it.
enum MonitorView {
    private static let longestArgument = 4 << 10
    private static let longestAnswer = 2 << 10

    /// The calls of a conversation, numbered from 1, each with its answer.
    /// - Parameter limit: the most bytes; the middle is left out beyond it, and that is said
    static func text(of messages: [Message], limit: Int = 64 << 10) -> String {
        var entries: [String] = []
        var calls = 0
        for message in messages {
            for call in message.toolCalls {
                calls += 1
                let arguments = call.arguments?.canonical ?? call.argumentsText ?? ""
                entries.append("call \(calls): \(name(call.name))\n" + indented(arguments, limit: longestArgument))
            }
            if let answer = message.toolAnswer {
                let heading = "answer of \(name(answer.name)) (\(answer.status.rawValue)):\n"
                entries.append(heading + indented(message.content, limit: longestAnswer))
            }
        }
        return entries.isEmpty ? "The agent called no tool." : joined(entries, limit: limit)
    }

    private static func joined(_ entries: [String], limit: Int) -> String {
        let sizes = entries.map { $0.utf8.count + 1 }
        if sizes.reduce(0, +) <= limit { return entries.joined(separator: "\n") }
        var (first, last, size) = (0, entries.count, 0)
        // From both ends in turn: how it began and how it ended say most.
        while first < last {
            let isHead = first <= entries.count - last
            let next = sizes[isHead ? first : last - 1]
            if size + next > limit { break }
            size += next
            if isHead { first += 1 } else { last -= 1 }
        }
        let gap = "[\(last - first) entries are not shown]"
        return (entries[..<first] + [gap] + entries[last...]).joined(separator: "\n")
    }

    private static func name(_ name: String) -> String {
        spelt(name.bounded(to: EnvironmentLimits.name)).replacing("\n", with: " ")
    }

    private static func indented(_ text: String, limit: Int) -> String {
        spelt(text.bounded(to: limit)).split(separator: "\n", omittingEmptySubsequences: false)
            .map { "    \($0)" }.joined(separator: "\n")
    }

    /// Control characters and what reorders or ends lines, spelt out as `\u{1b}`; ends of lines are kept.
    private static func spelt(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let reorders =
                (0x200E...0x200F).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
                || (0x2066...0x2069).contains(scalar.value)
            if scalar != "\n", scalar.isControl || reorders {
                plain.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                plain.append(scalar)
            }
        }
        return String(plain)
    }
}
