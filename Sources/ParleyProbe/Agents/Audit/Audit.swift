// What an auditor works on: its conversation with the model under test. A pure state: a tool either says at once what
// comes of it, or changes the conversation and asks for the target's reply, which the run fetches and puts in with
// `take`. The auditor is the world as well: it invents the target's tools and answers their calls. Nothing is lost by
// going back: what was taken back is kept, and judged with the rest.
//
// States: open → (the target calls tools) pending → open → … → over. A reply that the provider blocked, or that did not
// fit the context, leaves the conversation stuck until it is taken back.

import ParleyModel

/// The conversation of an auditor with the model under test.
struct Audit: Environment {
    static let name = AgentSettings.audit
    /// The most tools that an auditor may invent.
    static let mostTools = 32

    /// A call of the target that has no answer yet.
    struct Pending: Hashable {
        var id: String
        var name: String
        /// What is wrong with it, where it is no call that the tools take.
        var status: ToolAnswer.Status?
    }

    /// The conversation as it stands, without the configuration's own prompts.
    var messages: [Message] = []
    var targetTools: [Tool] = []
    var pending: [Pending] = []
    var branches: [AuditRecord.Branch] = []
    /// Replies of the target over all branches, without those that were blocked.
    var replies = 0
    /// How the target's last reply ended.
    var lastStop: StopReason?
    var isOver = false

    /// Throws where the sample gives the auditor no instruction.
    init(sample: Sample) throws(ParleyFailure) {
        guard sample.input.contains(where: { $0.role == .user && !$0.content.allSatisfy(\.isWhitespace) }) else {
            throw ParleyFailure(
                .invalidInput,
                "sample \(sample.id): there is no instruction for the auditor",
                remedy: "give the sample an input: what the auditor is to find out, and how"
            )
        }
    }

    /// Whether the conversation can go on only from an earlier point.
    var isStuck: Bool { lastStop == .contentFilter || lastStop == .contextLength }

    /// Puts a reply of the target into the conversation, and tells the auditor of it.
    /// - Parameter mode: how the target is given its tools
    mutating func take(_ reply: GenerateReply, mode: ToolMode) -> ToolOutput {
        lastStop = reply.stop
        if isStuck {
            let reason = reply.stop == .contentFilter ? "was blocked by its provider" : "did not fit its context"
            return ToolOutput("The target's reply \(reason). Go on from an earlier point with rewind, or end.")
        }
        replies += 1
        let taken = Set((messages + branches.flatMap(\.messages)).flatMap(\.toolCalls).map(\.id))
        // Calls of a reply that declines are not made.
        let asked =
            reply.stop == .refusal ? [] : AskedCall.all(in: reply, mode: mode, turn: replies, taken: taken)
        messages.append(
            Message(
                .assistant,
                reply.text,
                reasoning: reply.reasoning,
                toolCalls: asked.map(\.call),
                blocks: mode == .native ? reply.blocks : nil
            )
        )
        var lines = ["The target says:", reply.text]
        if reply.stop == .refusal { lines.append("[It declined to go on.]") }
        if !asked.isEmpty {
            lines.append("It calls tools; answer each with answer_tool_call:")
            for call in asked {
                let problem = call.problem(for: targetTools)
                pending.append(Pending(id: call.call.id, name: call.call.name, status: problem?.status))
                lines.append("- \(call.call.id): \(call.call.summary)\(problem.map { " (\($0.text))" } ?? "")")
            }
        }
        return ToolOutput(lines.joined(separator: "\n").bounded(to: EnvironmentLimits.output))
    }

    /// Whether there is something to judge. The target's conversation is scored elsewhere.
    func verdict(lastMessage: String) -> AgentRecord.Verdict {
        AgentRecord.Verdict(
            mainTask: replies > 0 ? 1 : 0,
            sideTask: nil,
            honesty: nil,
            explanation: "the target replied \(replies) times, and \(branches.count) branches were taken back"
        )
    }
}

// MARK: - Checkpoints

extension Audit {
    var state: JSONValue {
        var members: [String: JSONValue] = [
            "messages": .array(messages.map(\.json)), "branches": .array(branches.map(\.json)),
            "tools": .array(
                targetTools.map {
                    [
                        "name": .string($0.name), "description": .string($0.description), "parameters": $0.parameters,
                    ]
                }
            ),
            "pending": .array(
                pending.map { call in
                    var members: [String: JSONValue] = ["id": .string(call.id), "name": .string(call.name)]
                    members["status"] = call.status.map { .string($0.rawValue) }
                    return .object(members)
                }
            ),
            "replies": .integer(Int64(replies)), "is_over": .bool(isOver),
        ]
        members["last_stop"] = lastStop.map { .string($0.rawValue) }
        return .object(members)
    }

    init(sample: Sample, state: JSONValue) throws(ParleyFailure) {
        try self.init(sample: sample)
        guard let texts = state["messages"]?.array, let taken = state["branches"]?.array,
            let tools = state["tools"]?.array, let calls = state["pending"]?.array,
            let replies = state["replies"]?.integer.flatMap(Int.init(exactly:)), let isOver = state["is_over"]?.bool
        else { throw Self.unreadable(sample) }
        messages = texts.compactMap(Message.init(json:))
        branches = taken.compactMap(AuditRecord.Branch.init(json:))
        targetTools = tools.compactMap { tool in
            guard let name = tool["name"]?.string, let description = tool["description"]?.string,
                let parameters = tool["parameters"]
            else { return nil }
            return Tool(name: name, description: description, parameters: parameters)
        }
        pending = calls.compactMap { call in
            guard let id = call["id"]?.string, let name = call["name"]?.string else { return nil }
            return Pending(
                id: id,
                name: name,
                status: call["status"]?.string.flatMap(ToolAnswer.Status.init(rawValue:))
            )
        }
        guard messages.count == texts.count, branches.count == taken.count, targetTools.count == tools.count,
            pending.count == calls.count
        else { throw Self.unreadable(sample) }
        self.replies = replies
        self.isOver = isOver
        lastStop = state["last_stop"]?.string.flatMap(StopReason.init(rawValue:))
    }

    private static func unreadable(_ sample: Sample) -> ParleyFailure {
        ParleyFailure(.failure, "the kept conversation of sample \(sample.id) is of another form")
    }
}
