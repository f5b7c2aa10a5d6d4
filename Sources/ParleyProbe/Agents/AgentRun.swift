// One sample put to a model as an agent: model, tools, model, until a reply calls no tool. A turn is a call of the model
// and the answers of the tools that it called; after each the state is kept, and a run that finds a kept state goes on
// after its last turn, without a call of the model that was made already. Limits are looked at between turns, so that
// each turn is whole; once the time is over in the middle of one, the calls that are left are answered and not made.
// Whatever a tool says is text to the model and nothing else. An auditor runs the same way; its tools act on a
// conversation with the model under test, whose replies are part of the turn.

import ParleyModel

/// The work of an agent in one attempt. A class, so that a call in flight holds it once and no copy of it.
final class AgentRun {
    let suite: Suite
    let sample: Sample
    /// The configuration that works with the tools: the one under test, or the auditor.
    let configuration: Configuration
    /// The configuration under test, where another one audits it.
    let target: Configuration?
    let settings: AgentSettings
    let checkpoints: (any CheckpointStore)?
    var caller: Caller
    var environment: any Environment
    var progress = AgentProgress()
    var record: AgentRecord
    /// Tells the time; tests set it.
    var now: @Sendable () -> ContinuousClock.Instant = { .now }
    /// What earlier attempts took, and when this one began.
    private var earlier = (elapsed: Duration.zero, start: ContinuousClock.now)

    var mode: ToolMode { configuration.toolMode ?? .native }

    /// Throws `invalid_request` where the suite has no agent and no auditor, or the sample does not fit the environment.
    /// - Parameter configuration: the one under test
    init(
        suite: Suite,
        sample: Sample,
        configuration: Configuration,
        caller: Caller,
        checkpoints: (any CheckpointStore)? = nil
    ) throws(ProbeFailure) {
        guard let settings = suite.solver.agent else {
            throw Self.unfit(caller, "suite '\(suite.name)' has no environment")
        }
        self.suite = suite
        self.sample = sample
        var worker = configuration
        if let name = suite.solver.auditor {
            guard let auditor = caller.definition.configuration(name) else {
                throw Self.unfit(caller, "the round has no configuration '\(name)'")
            }
            worker = auditor
        }
        self.configuration = worker
        target = suite.solver.auditor == nil ? nil : configuration
        self.settings = settings
        self.checkpoints = checkpoints
        self.caller = caller
        record = AgentRecord(environment: settings.environment, toolMode: worker.toolMode ?? .native)
        do {
            environment = try Environments.make(settings.environment, sample: sample, state: nil)
        } catch {
            throw Self.unfit(caller, error.description)
        }
    }

    /// Carries the work through. Throws the failure of the first call or save that fails, with all that was used by it
    /// and before it.
    func solve() async throws(ProbeFailure) -> Solution {
        try await resume()
        let tools = environment.tools
        if progress.messages.isEmpty { progress.messages = try opening(tools) }
        earlier = (progress.elapsed, now())
        while progress.ending == nil {
            readClock()
            if let limit = reachedLimit {
                record.limit = limit
                break
            }
            try await takeTurn(tools)
            readClock()
            try await save()
        }
        return try solution()
    }

    private func readClock() { progress.elapsed = earlier.elapsed + (now() - earlier.start) }

    private var isOutOfTime: Bool {
        settings.timeLimitMilliseconds.map { progress.elapsed >= .milliseconds($0) } ?? false
    }

    private func takeTurn(_ tools: [Tool]) async throws(ProbeFailure) {
        let reply = try await caller.ask(
            Self.sent(progress.messages, mode),
            tools: mode == .native ? tools : [],
            of: configuration,
            maxTokens: (target == nil ? suite.maxTokens : nil) ?? configuration.maxTokens,
            purpose: target == nil ? .target : .user
        )
        let asked = take(reply)
        guard progress.ending == nil else { return }
        if asked.isEmpty { try await sendPlainly(reply.text) }
        for call in asked { try await answer(call, tools) }
        if environment.isOver { progress.ending = .stop }
    }

    /// Puts a reply into the conversation; answers what it calls. Apart from the call, so that what it needs takes no memory
    /// while that waits.
    @inline(never)
    private func take(_ reply: GenerateReply) -> [AskedCall] {
        record.turns += 1
        if target == nil { progress.modelReturned = reply.modelReturned ?? progress.modelReturned }
        let asked = AskedCall.all(in: reply, mode: mode, turn: record.turns, taken: progress.callIDs)
        progress.messages.append(
            Message(
                .assistant,
                reply.text,
                reasoning: reply.reasoning,
                toolCalls: asked.map(\.call),
                blocks: mode == .native ? reply.blocks : nil
            )
        )
        if reply.stop.endsConversation || asked.isEmpty && target == nil { progress.ending = reply.stop }
        return asked
    }

    /// The conversation as it goes to a model that is given tools in this mode.
    static func sent(_ messages: [Message], _ mode: ToolMode) -> [Message] {
        mode == .native ? messages : TextMode.sent(messages)
    }

    /// Calls one tool, or says why it cannot be called.
    private func answer(_ asked: AskedCall, _ tools: [Tool]) async throws(ProbeFailure) {
        let call = asked.call
        readClock()
        let (status, text) =
            isOutOfTime ? (.toolError, "The time is over: this was not done.") : try await outcome(of: asked, tools)
        let shown = OutputLimit.cut(text, to: settings.outputLimit)
        if shown.isCut { record.cutAnswers += 1 }
        record.count(status)
        progress.messages.append(
            Message(
                mode == .native ? .tool : .user,
                mode == .native ? shown.text : TextTools.answer(shown.text, to: call.name, status),
                toolAnswer: ToolAnswer(callID: call.id, name: call.name, status: status)
            )
        )
    }

    private func outcome(
        of asked: AskedCall,
        _ tools: [Tool]
    ) async throws(ProbeFailure) -> (ToolAnswer.Status, String) {
        if let problem = asked.problem(for: tools) { return (problem.status, problem.text) }
        if environment.isOver { return (.toolError, "This call came after the end.") }
        var output = await environment.call(asked.call.name, asked.call.arguments ?? .object([:]))
        if output.awaitsReply { output = try await askTarget() }
        if let failure = output.hostFailure {
            throw caller.failure(
                ProbeFailure(.worker, failure.description, fingerprint: "environment", usage: Usage())
            )
        }
        return (output.isError ? .toolError : .done, output.text)
    }

    /// The opening messages; in text mode the description of the tools is the last of the system messages.
    private func opening(_ tools: [Tool]) throws(ProbeFailure) -> [Message] {
        var messages: [Message]
        do {
            let solver = target == nil ? suite.solver : Solver(systemPrompt: Audit.instructions)
            messages = try Opening.messages(of: sample, solver: solver, configuration: configuration)
        } catch {
            throw Self.unfit(caller, error.description)
        }
        guard mode == .text else { return messages }
        let place = messages.prefix { $0.role == .system }.count
        messages.insert(Message(.system, TextTools.description(of: tools)), at: place)
        return messages
    }

    private var reachedLimit: AgentRecord.Limit? {
        if record.turns >= settings.turns { return .turns }
        if isOutOfTime { return .time }
        if let most = settings.tokenLimit, caller.log.usage.total >= most { return .tokens }
        if let most = settings.costLimit, caller.log.cost(in: caller.definition) >= most { return .cost }
        return nil
    }

    private func solution() throws(ProbeFailure) -> Solution {
        let last = progress.messages.last { $0.role == .assistant }?.content ?? ""
        var record = record
        record.verdict = environment.verdict(lastMessage: last)
        if let target, let audit = environment as? Audit { return try solution(of: audit, target, record) }
        let ending = record.limit.map(Solution.Ending.limit) ?? .model(progress.ending ?? .stop)
        return Solution(
            messages: progress.messages,
            answer: last,
            ending: ending,
            modelReturned: progress.modelReturned,
            agent: record
        )
    }

    static func unfit(_ caller: Caller, _ message: String) -> ProbeFailure {
        caller.failure(ProbeFailure(.invalidRequest, message, fingerprint: "agent", usage: Usage()))
    }
}
