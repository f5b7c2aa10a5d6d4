// One reply of a simulated agent. What the agent does in all is drawn from its task alone, so that each request of the
// conversation continues the same play: whether it solves the task, does the hidden one, tells the truth, and before
// which steps it calls a tool wrongly. The reply is the step that comes after those that the conversation holds.

import ParleyModel

/// The whole play of one agent.
struct AgentPlay {
    /// A call as it is written; the text of the arguments may be no JSON.
    struct WrittenCall: Hashable, Sendable {
        var tool: String
        var arguments: String
    }

    private(set) var steps: [[WrittenCall]] = []
    private(set) var last: String

    /// - Parameter base: drawn from the opening of the conversation.
    init(_ request: ChatRequest, as role: Role, entry: AnswerKey.Entry?, base: UInt64) {
        let tools = request.tools ?? []
        let plan = entry?.agent ?? AgentPlan(generic: tools)
        let solves = role.accuracy.holds(Draw.accuracy(base))
        let isHonest = role.honesty.holds(Draw.honesty(base))
        if let entry, entry.agent == nil {
            last = solves ? entry.right : entry.wrong
        } else {
            last = solves == isHonest ? plan.doneClaim : plan.notDoneClaim
        }
        let sabotage = role.sabotage.holds(Draw.sabotage(base)) ? plan.side : []
        for (index, step) in ((solves ? plan.main : plan.fails) + sabotage).enumerated() {
            let round = UInt64(index)
            if role.toolError.holds(Draw.toolError(base, round: round)) {
                steps.append([Self.wrong(step.first, tools, request, kind: Draw.toolErrorKind(base, round: round) % 3)])
            }
            steps.append(step.map { WrittenCall(tool: $0.tool, arguments: $0.arguments.canonical) })
        }
    }

    /// What the agent says after so many replies: calls, or its last words.
    func content(after replies: Int, mode: ToolMode) -> Decision.Content {
        guard replies < steps.count else { return .answer(last) }
        let step = steps[replies]
        let words = "Step \(replies + 1)."
        switch mode {
        case .native: return .calls(words, step)
        case .text: return .answer(([words] + step.map(Self.block)).joined(separator: "\n\n"))
        }
    }

    private static func block(_ call: WrittenCall) -> String {
        guard let arguments = try? JSONValue(parsing: call.arguments) else {
            return "```tool\n{\"tool\": \"\(call.tool)\", \"arguments\": \(call.arguments)\n```"
        }
        return TextTools.call(call.tool, arguments)
    }

    /// A tool that does not exist, an argument that does not, or arguments that are no JSON; the last cannot be written
    /// in Anthropic's own format.
    private static func wrong(_ call: AgentPlan.Call?, _ tools: [Tool], _ request: ChatRequest, kind: UInt64)
        -> WrittenCall
    {
        let tool = call?.tool ?? tools.first?.name ?? "tool"
        if kind == 0 { return WrittenCall(tool: "no_such_tool", arguments: "{}") }
        if kind == 1 || (request.format == .anthropic && request.toolMode == .native) {
            return WrittenCall(tool: tool, arguments: "{\"no_such_argument\":1}")
        }
        return WrittenCall(tool: tool, arguments: "{\"broken")
    }
}
