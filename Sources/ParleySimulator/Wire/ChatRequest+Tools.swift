// Tools in a request: which are offered, which were called, which calls are answered. Both providers turn away a
// conversation in which a call has no answer or an answer no call, and so does the simulator: a client that loses one
// is found out here and not on a bill.

import ParleyModel

extension ChatRequest {
    /// The tools of the format's own members, else those that text mode puts into the opening.
    mutating func readTools(_ members: [String: JSONValue]) {
        if let offered = members["tools"]?.array, !offered.isEmpty {
            tools = offered.map { tool in
                let function = tool["function"] ?? tool
                return Tool(
                    name: function["name"]?.string ?? "",
                    description: function["description"]?.string ?? "",
                    parameters: function["parameters"] ?? function["input_schema"] ?? .object([:])
                )
            }
            return
        }
        guard
            let described = turns.prefix(while: { $0.role != "assistant" }).lazy.compactMap({
                TextTools.tools(in: $0.text)
            }).first
        else { return }
        tools = described
        toolMode = .text
    }

    /// A turn with the calls that it makes and answers.
    static func withCalls(_ turn: Turn, _ message: JSONValue) throws(WireProblem) -> Turn {
        var turn = turn
        for call in message["tool_calls"]?.array ?? [] {
            guard let arguments = call["function"]?["arguments"]?.string,
                (try? JSONValue(parsing: arguments))?.object != nil
            else { throw WireProblem(status: 400, message: "Invalid tool call arguments: not a JSON object.") }
            turn.calls.append(call["id"]?.string ?? "")
        }
        for block in message["content"]?.array ?? [] {
            switch block["type"]?.string {
            case "tool_use":
                guard block["input"]?.object != nil else {
                    throw WireProblem(status: 400, message: "messages: tool_use.input: Input should be an object")
                }
                turn.calls.append(block["id"]?.string ?? "")
            case "tool_result": turn.answers.append(block["tool_use_id"]?.string ?? "")
            default: break
            }
        }
        if turn.role == "tool" { turn.answers = [message["tool_call_id"]?.string ?? ""] }
        return turn
    }

    /// Every call is answered at once, every answer has its call.
    func checkAnswers() throws(WireProblem) {
        var open: Set<String> = []
        for turn in turns {
            for answer in turn.answers where open.remove(answer) == nil { throw orphan(answer) }
            // OpenAI's answers are a message each; Anthropic's stand in one.
            if !open.isEmpty, format == .anthropic || turn.answers.isEmpty { throw unanswered(open) }
            open = open.union(turn.calls)
        }
        if !open.isEmpty { throw unanswered(open) }
    }

    private func orphan(_ id: String) -> WireProblem {
        let message =
            format == .openai
            ? "messages with role 'tool' must be a response to a preceeding message with 'tool_calls' (\(id))."
            : "messages: unexpected `tool_use_id` found in `tool_result` blocks: \(id)"
        return WireProblem(status: 400, message: message)
    }

    private func unanswered(_ ids: Set<String>) -> WireProblem {
        let list = ids.sorted().joined(separator: ", ")
        let message =
            format == .openai
            ? "An assistant message with 'tool_calls' must be followed by tool messages responding to each: \(list)"
            : "messages: `tool_use` ids were found without `tool_result` blocks immediately after: \(list)"
        return WireProblem(status: 400, message: message)
    }

    // MARK: - The agent's conversation

    /// The request up to the task: the last user message that is no tool's answer.
    var opening: ChatRequest {
        guard let task = turns.lastIndex(where: isTask) else { return self }
        var opening = self
        opening.turns = Array(turns[...task])
        return opening
    }

    /// How often the model has replied since the task.
    var agentReplies: Int {
        guard let task = turns.lastIndex(where: isTask) else { return 0 }
        return turns[task...].count { $0.role == "assistant" }
    }

    private func isTask(_ turn: Turn) -> Bool {
        turn.role == "user" && turn.answers.isEmpty && !turn.text.hasPrefix("```tool_answer")
    }
}
