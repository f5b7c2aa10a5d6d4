// One sample put to one model by its suite's solver. A turn that the provider blocks, that does not fit the context
// or that the wire format marks as a refusal ends the conversation: what came after it would answer another question
// (and some providers demand that a refused turn is taken out before the next). A turn that the token limit cut is
// sent on as it is. Reasoning stays in the transcript and is not fed back.

import ParleyModel

/// The conversation of one attempt.
struct SolverRun {
    let suite: Suite
    let sample: Sample
    /// The configuration under test, its seed advanced to the epoch.
    let configuration: Configuration
    var caller: Caller
    var messages: [Message] = []
    var modelReturned: String?
    /// The stop reasons of the target's replies.
    private var stops: [StopReason] = []

    init(suite: Suite, sample: Sample, configuration: Configuration, caller: Caller) {
        self.suite = suite
        self.sample = sample
        self.configuration = configuration
        self.caller = caller
    }

    /// Carries the conversation through. Throws the failure of the first call that fails, with all that was
    /// exchanged and used before it; `invalid_request` where the sample does not fit the solver.
    mutating func solve() async throws(ProbeFailure) -> Solution {
        messages = try filled { () throws(TemplateProblem) in
            try Opening.messages(of: sample, solver: suite.solver, configuration: configuration)
        }
        switch suite.solver.kind {
        case .generate:
            let reply = try await askTarget()
            return solution(reply.text, .model(reply.stop))
        case .multipleChoice:
            let reply = try await askTarget()
            let letter = ChoiceReader(choices: sample.choices).letter(in: reply.text)
            return solution(letter ?? reply.text, .model(reply.stop))
        case .scriptedTurns:
            return try await solveScriptedTurns()
        case .simulatedUser:
            return try await solveSimulatedUser()
        case .agent, .auditor, .external:
            throw caller.failure(
                ProbeFailure(.worker, "this is no conversation", fingerprint: "definition", usage: Usage())
            )
        }
    }

    private mutating func solveScriptedTurns() async throws(ProbeFailure) -> Solution {
        // Every turn is filled before the first call: a template that fails must not cost tokens.
        let turns = try filled { () throws(TemplateProblem) in
            var texts: [String] = []
            for turn in suite.solver.turns { texts.append(try SampleFields(sample: sample).fill(turn)) }
            return texts
        }
        var reply = try await askTarget()
        for turn in turns where !reply.stop.endsConversation {
            messages.append(Message(.user, turn))
            reply = try await askTarget()
        }
        return solution(reply.text, .model(reply.stop))
    }

    /// Asks the model under test for its next turn and puts it into the conversation.
    mutating func askTarget() async throws(ProbeFailure) -> GenerateReply {
        let reply = try await caller.ask(
            messages,
            of: configuration,
            maxTokens: suite.maxTokens ?? configuration.maxTokens,
            purpose: .target
        )
        messages.append(Message(.assistant, reply.text, reasoning: reply.reasoning))
        modelReturned = reply.modelReturned ?? modelReturned
        stops.append(reply.stop)
        return reply
    }

    /// The answer of a conversation is the whole of the target's replies, a blank line between them.
    func wholeAnswer(from start: Int) -> String {
        messages.dropFirst(start).filter { $0.role == .assistant }.map(\.content).joined(separator: "\n\n")
    }

    /// How a conversation ended whose answer is all replies: early, cut somewhere, or well.
    var wholeEnding: Solution.Ending {
        if let last = stops.last, last.endsConversation { return .model(last) }
        return .model(stops.contains(.maxTokens) ? .maxTokens : .stop)
    }

    func solution(_ answer: String, _ ending: Solution.Ending) -> Solution {
        Solution(messages: messages, answer: answer, ending: ending, modelReturned: modelReturned)
    }

    func filled<Value>(_ body: () throws(TemplateProblem) -> Value) throws(ProbeFailure) -> Value {
        do {
            return try body()
        } catch {
            throw caller.failure(
                ProbeFailure(.invalidRequest, error.description, fingerprint: "template", usage: Usage())
            )
        }
    }
}

extension StopReason {
    /// Whether no further turn is put to the model.
    var endsConversation: Bool {
        switch self {
        case .stop, .toolCalls, .maxTokens: false
        case .contextLength, .refusal, .contentFilter: true
        }
    }
}
