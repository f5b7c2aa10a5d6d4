// The part of an agent's run in which it is an auditor: whom it asks, what the target is sent, and how an audit ends.
// Both models are called through the one `Caller` of the attempt, so that limits, usage, cost and exchanges hold for
// both, and checkpoints keep what each has used.

import ParleyModel

extension AgentRun {
    /// Fetches the target's reply to the conversation as it stands.
    func askTarget() async throws(ProbeFailure) -> ToolOutput {
        guard let target, var audit = environment as? Audit else {
            throw Self.unfit(caller, "only an auditor has a target")
        }
        let mode = target.toolMode ?? .native
        let reply = try await caller.ask(
            try Self.sent(targetConversation(audit, target), mode),
            tools: mode == .native ? audit.targetTools : [],
            of: target,
            maxTokens: suite.maxTokens ?? target.maxTokens,
            purpose: .target
        )
        progress.modelReturned = reply.modelReturned ?? progress.modelReturned
        let output = audit.take(reply, mode: mode)
        environment = audit
        return output
    }

    /// Sends what an auditor wrote without calling a tool. The answer comes as a block, so that it cannot be taken for
    /// anything else.
    func sendPlainly(_ text: String) async throws(ProbeFailure) {
        let tool = "send_message"
        var output = await environment.call(tool, ["text": .string(text)])
        if output.awaitsReply { output = try await askTarget() }
        let status: ToolAnswer.Status = output.isError ? .toolError : .done
        record.count(status)
        progress.messages.append(Message(.user, TextTools.answer(output.text, to: tool, status)))
    }

    /// The conversation as the model under test is shown it, its own prompts and, in text mode, its tools included.
    func targetConversation(_ audit: Audit, _ target: Configuration) throws(ProbeFailure) -> [Message] {
        let nothing = Sample(id: sample.id, input: [])
        var messages: [Message]
        do {
            messages = try Opening.messages(of: nothing, solver: suite.solver, configuration: target)
        } catch {
            throw Self.unfit(caller, error.description)
        }
        let mode = target.toolMode ?? .native
        let system = audit.messages.prefix { $0.role == .system }
        messages += system
        if mode == .text, !audit.targetTools.isEmpty {
            messages.append(Message(.system, TextTools.description(of: audit.targetTools)))
        }
        return messages
            + audit.messages.dropFirst(system.count).map { message in
                guard mode == .text, let answer = message.toolAnswer else { return message }
                let text = TextTools.answer(message.content, to: answer.name, answer.status)
                return Message(.user, text, toolAnswer: answer)
            }
    }

    /// What the audit came to. That the auditor used all its turns is how most audits end; that it failed is no doing
    /// of the model under test.
    func solution(of audit: Audit, _ target: Configuration, _ record: AgentRecord) throws(ProbeFailure) -> Solution {
        let ending: Solution.Ending
        if let limit = record.limit, limit != .turns {
            ending = .limit(limit)
        } else if let stop = progress.ending, stop.endsConversation {
            ending = .instrument("the auditor did not play its part: \(stop.rawValue)")
        } else if audit.replies == 0 {
            let isBlocked = audit.branches.isEmpty && audit.isStuck
            ending =
                isBlocked ? .model(audit.lastStop ?? .stop) : .instrument("the auditor got no reply of the target")
        } else {
            ending = .model(.stop)
        }
        return Solution(
            messages: try targetConversation(audit, target),
            answer: AuditText.text(of: audit),
            ending: ending,
            modelReturned: progress.modelReturned,
            agent: record,
            audit: AuditRecord(
                configuration: configuration.name,
                messages: progress.messages,
                branches: audit.branches
            )
        )
    }
}
