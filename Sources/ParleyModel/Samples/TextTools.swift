// Tools in words, for models that do not take them in the wire format: the system prompt says what there is and how to
// call it, calls are fenced blocks of JSON, and so are the answers, so that no answer can pretend to be another one. The
// wording is part of what is compared: it is frozen, and a change of it is a new format of rounds.

/// Tools described, called and answered in text.
public enum TextTools {
    /// What is found in a reply.
    public enum Reading: Hashable, Sendable {
        case call(name: String, arguments: JSONValue)
        /// What looks like a call and cannot be read as one: why, and its text.
        case unreadable(reason: String, text: String)
    }

    private static let opening = """
        You have tools. To call one, write a block of this form, with the name and the arguments of a tool below:

        ```tool
        {"tool": "NAME", "arguments": {"KEY": "VALUE"}}
        ```

        Each block holds one JSON object and nothing else. You may write several blocks in one message; they are called \
        in order. Then end your message: the answers come in the next one, a block for each call. When you are done, \
        write your last message without such a block.

        The tools, each with its parameters as a JSON Schema:
        """

    /// The words that stand in the system prompt.
    public static func description(of tools: [Tool]) -> String {
        ([opening]
            + tools.map { tool in
                let members: JSONValue = [
                    "tool": .string(tool.name), "description": .string(tool.description), "parameters": tool.parameters,
                ]
                return members.canonical
            }).joined(separator: "\n")
    }

    /// The tools that ``description(of:)`` put into a text; nil where it did not.
    public static func tools(in text: String) -> [Tool]? {
        // Most texts have no block, and this is much faster than the search.
        guard text.utf8.contains(UInt8(ascii: "`")), let start = text.firstRange(of: opening) else { return nil }
        return text[start.upperBound...].split(separator: "\n").prefix { $0.first == "{" }.compactMap { line in
            guard let json = try? JSONValue(parsing: String(line)), let name = json["tool"]?.string else { return nil }
            let parameters = json["parameters"] ?? .object([:])
            return Tool(name: name, description: json["description"]?.string ?? "", parameters: parameters)
        }
    }

    /// A call as it is to be written.
    public static func call(_ name: String, _ arguments: JSONValue) -> String {
        block("tool", ["tool": .string(name), "arguments": arguments])
    }

    /// The answer to a call, as the model is shown it.
    public static func answer(_ text: String, to name: String, _ status: ToolAnswer.Status) -> String {
        block("tool_answer", ["tool": .string(name), "status": .string(status.rawValue), "text": .string(text)])
    }

    private static func block(_ kind: String, _ content: JSONValue) -> String {
        "```\(kind)\n\(content.canonical)\n```"
    }

    // MARK: - Reading

    /// The calls in a reply, in order. A block marked `tool` is one, whatever it holds; a block marked `json` or not at
    /// all is one where it names a tool.
    public static func calls(in text: String) -> [Reading] {
        var readings: [Reading] = []
        var open: (kind: String, rest: String, lines: [Substring])?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: isLineEnd) {
            let mark = line.drop { $0 == " " }
            if let block = open {
                if mark.hasPrefix("```") {
                    readings += reading(block.kind, block.rest, block.lines, isClosed: true)
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if mark.hasPrefix("```") {
                let words = mark.dropFirst(3).split(maxSplits: 1, whereSeparator: \.isWhitespace)
                open = (words.first?.lowercased() ?? "", words.count > 1 ? String(words[1]) : "", [])
            }
        }
        if let block = open { readings += reading(block.kind, block.rest, block.lines, isClosed: false) }
        return readings
    }

    /// JSON texts may hold other separators of lines as they are.
    private static func isLineEnd(_ character: Character) -> Bool { character == "\n" || character == "\r\n" }

    private static func reading(_ kind: String, _ rest: String, _ lines: [Substring], isClosed: Bool) -> [Reading] {
        guard ["tool", "tool_call", "json", ""].contains(kind) else { return [] }
        let isMarked = kind.hasPrefix("tool")
        let text = lines.joined(separator: "\n")
        let fails = { (reason: String) -> [Reading] in [.unreadable(reason: reason, text: text)] }
        if !rest.isEmpty { return isMarked ? fails("the JSON must begin on the line after ```\(kind)") : [] }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: text)
        } catch {
            guard isMarked || text.contains("\"tool\"") else { return [] }
            return fails(isClosed ? "the block is no JSON: \(error)" : "the block has no end: a line ``` is missing")
        }
        guard let name = json["tool"]?.string else {
            return isMarked ? fails("the block must be an object with a member \"tool\", the name of a tool") : []
        }
        let arguments = json["arguments"] ?? .object([:])
        guard arguments.object != nil else {
            return fails("\"arguments\" must be an object, not a \(arguments.typeName)")
        }
        if let other = json.object?.keys.sorted().first(where: { $0 != "tool" && $0 != "arguments" }) {
            return fails("the block has an unknown member \"\(other)\"; it has \"tool\" and \"arguments\"")
        }
        return [.call(name: name, arguments: arguments)]
    }
}
