// One sample put to a model as an agent: model, tools, model, until a reply calls no tool. A turn is a call of the model
// and the answers of the tools that it called; after each the state is kept, and a run that finds a kept state goes on
// after its last turn, without a call of the model that was made already. Limits are looked at between turns, so that
// each turn is whole; once the time is over in the middle of one, the calls that are left are answered and not made.
// Whatever a tool says is text to the model and nothing else.

import ParleyModel

/// The work of an agent in one attempt.
struct AgentRun {
    let suite: Suite
    let sample: Sample
    /// The configuration under test, its seed advanced to the epoch.
    let configuration: Configuration
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

    /// Throws `invalid_request` where the suite has no agent, or the sample does not fit the environment.
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
        self.configuration = configuration
        self.settings = settings
        self.checkpoints = checkpoints
        self.caller = caller
        record = AgentRecord(environment: settings.environment, toolMode: configuration.toolMode ?? .native)
        do {
            environment = try Environments.make(settings.environment, sample: sample, state: nil)
        } catch {
            throw Self.unfit(caller, error.description)
        }
    }

    /// Carries the work through. Throws the failure of the first call or save that fails, with all that was used by it
    /// and before it.
    mutating func solve() async throws(ProbeFailure) -> Solution {
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
        return solution
    }

    private mutating func readClock() { progress.elapsed = earlier.elapsed + (now() - earlier.start) }

    private var isOutOfTime: Bool {
        settings.timeLimitMilliseconds.map { progress.elapsed >= .milliseconds($0) } ?? false
    }

    private mutating func takeTurn(_ tools: [Tool]) async throws(ProbeFailure) {
        let reply = try await caller.ask(
            mode == .native ? progress.messages : TextMode.sent(progress.messages),
            tools: mode == .native ? tools : [],
            of: configuration,
            maxTokens: suite.maxTokens ?? configuration.maxTokens,
            purpose: .target
        )
        record.turns += 1
        progress.modelReturned = reply.modelReturned ?? progress.modelReturned
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
        if asked.isEmpty || reply.stop.endsConversation {
            progress.ending = reply.stop
            return
        }
        for call in asked { try await answer(call, tools) }
    }

    /// Calls one tool, or says why it cannot be called.
    private mutating func answer(_ asked: AskedCall, _ tools: [Tool]) async throws(ProbeFailure) {
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

    private mutating func outcome(
        of asked: AskedCall,
        _ tools: [Tool]
    ) async throws(ProbeFailure) -> (ToolAnswer.Status, String) {
        let call = asked.call
        if let reason = asked.unreadable { return (.unreadable, "The call could not be read: \(reason)") }
        guard let tool = tools.first(where: { $0.name == call.name }) else {
            let known = tools.map(\.name).joined(separator: ", ")
            return (.unknownTool, "There is no tool of this name. The tools are: \(known)")
        }
        if asked.isCutOff { return (.invalidArguments, "The call was cut off by the token limit of a reply.") }
        guard let arguments = call.arguments else {
            return (.invalidArguments, "The arguments are no JSON object.")
        }
        let problems = ArgumentCheck.problems(arguments, schema: tool.parameters)
        guard problems.isEmpty else {
            return (.invalidArguments, "The arguments do not fit the tool: \(problems.joined(separator: "; "))")
        }
        let output = await environment.call(call.name, arguments)
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
            messages = try Opening.messages(of: sample, solver: suite.solver, configuration: configuration)
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

    private var solution: Solution {
        let last = progress.messages.last { $0.role == .assistant }?.content ?? ""
        var record = record
        record.verdict = environment.verdict(lastMessage: last)
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
