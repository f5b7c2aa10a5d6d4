// One sample put to one model by its suite's solver. A turn that the provider blocks, that does not fit the context
// or that the wire format marks as a refusal ends the conversation: what came after it would answer another question
// (and some providers demand that a refused turn is taken out before the next). A turn that the token limit cut is
// sent on as it is. Reasoning stays in the transcript and is not fed back.

import ParleyModel

/// The conversation of one attempt. A class, so that a call in flight holds it once and no copy of it.
final class SolverRun {
    let place: Place
    let sample: Sample
    var caller: Caller
    var messages: [Message] = []
    var modelReturned: String?
    /// The stop reasons of the target's replies.
    private var stops: [StopReason] = []

    init(place: Place, sample: Sample, caller: Caller) {
        self.place = place
        self.sample = sample
        self.caller = caller
    }

    /// Carries the conversation through. Throws the failure of the first call that fails, with all that was
    /// exchanged and used before it; `invalid_request` where the sample does not fit the solver.
    func solve() async throws(ProbeFailure) -> Solution {
        try open()
        switch place.suite.solver.kind {
        case .generate, .multipleChoice:
            return firstAnswer(try await askTarget())
        case .scriptedTurns:
            return try await solveScriptedTurns()
        case .simulatedUser:
            return try await solveSimulatedUser()
        case .agent, .auditor, .external:
            throw noConversation
        }
    }

    @inline(never)
    private var noConversation: ProbeFailure {
        caller.failure(ProbeFailure(.worker, "this is no conversation", fingerprint: "definition", usage: Usage()))
    }

    @inline(never)
    private func open() throws(ProbeFailure) {
        messages = try filled { () throws(TemplateProblem) in
            try Opening.messages(of: sample, solver: place.suite.solver, configuration: place.configuration)
        }
    }

    @inline(never)
    private func firstAnswer(_ reply: GenerateReply) -> Solution {
        let isChoice = place.suite.solver.kind == .multipleChoice
        let letter = isChoice ? ChoiceReader(choices: sample.choices).letter(in: reply.text) : nil
        return solution(letter ?? reply.text, .model(reply.stop))
    }

    @inline(never)
    private func solveScriptedTurns() async throws(ProbeFailure) -> Solution {
        // Every turn is filled before the first call: a template that fails must not cost tokens.
        let turns = try filled { () throws(TemplateProblem) in
            var texts: [String] = []
            for turn in place.suite.solver.turns { texts.append(try SampleFields(sample: sample).fill(turn)) }
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
    func askTarget() async throws(ProbeFailure) -> GenerateReply {
        let reply = try await caller.ask(
            messages,
            of: place.configuration,
            maxTokens: place.suite.maxTokens ?? place.configuration.maxTokens,
            purpose: .target
        )
        take(reply)
        return reply
    }

    @inline(never)
    private func take(_ reply: GenerateReply) {
        messages.append(Message(.assistant, reply.text, reasoning: reply.reasoning))
        modelReturned = reply.modelReturned ?? modelReturned
        stops.append(reply.stop)
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
