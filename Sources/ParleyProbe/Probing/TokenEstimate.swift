// How many tokens a job may take, for `plan` and for reservations of budgets. No tokenizer: bytes of UTF-8 over four,
// rounded up, and four for each message, which is about right for English prose and too little for code or for
// scripts beyond Latin. The output is an upper estimate: every call is taken to use its whole limit. In a
// conversation each call's input holds all that came before.

public import ParleyModel

/// The estimated tokens of some text: bytes of UTF-8 / 4, rounded up.
public func estimatedTokens(of text: String) -> Int { (text.utf8.count + 3) / 4 }

/// The estimated tokens of messages: their texts and 4 for each.
public func estimatedTokens(of messages: [Message]) -> Int {
    messages.reduce(0) { $0 + estimatedTokens(of: $1.content) + 4 }
}

/// The tokens that a probe of this sample may take, the calls of a simulated user included (whose limit is taken to
/// be the suite's or this configuration's).
public func estimatedTokens(
    of sample: Sample,
    suite: Suite,
    configuration: Configuration
) -> (input: Int, output: Int) {
    let limit = suite.maxTokens ?? configuration.maxTokens
    let opening =
        (try? Opening.messages(of: sample, solver: suite.solver, configuration: configuration)) ?? sample.input
    var context = estimatedTokens(of: opening)
    var (input, output) = (context, limit)
    context += limit + 4
    switch suite.solver.kind {
    case .generate, .multipleChoice: break
    case .scriptedTurns:
        for turn in suite.solver.turns {
            let text = (try? SampleFields(sample: sample).fill(turn)) ?? turn
            context += estimatedTokens(of: text) + 4
            input += context
            output += limit
            context += limit + 4
        }
    case .external:
        for _ in 1..<max(1, suite.solver.program?.callLimit ?? 1) {
            input += context
            output += limit
            context += limit + 4
        }
    case .simulatedUser:
        let instruction = estimatedTokens(of: suite.solver.user?.systemPrompt ?? "") + 4
        for _ in 0..<max(0, suite.solver.user?.turns ?? 0) {
            input += instruction + context
            context += limit + 4
            input += context
            output += 2 * limit
            context += limit + 4
        }
    case .auditor:
        guard let agent = suite.solver.agent else { break }
        // The auditor's prompt, once over; the target's replies reach both.
        let told = AgentSettings.estimatedToolTokens + estimatedTokens(of: Audit.instructions)
        (input, output) = (0, 0)
        for _ in 0..<agent.turns {
            input += told + 2 * context
            output += 2 * limit
            context += 2 * (limit + 4)
        }
        if let most = agent.tokenLimit.map(Int.init), input + output > most {
            output = min(output, most)
            input = most - output
        }
    case .agent:
        guard let agent = suite.solver.agent else { break }
        input += AgentSettings.estimatedToolTokens * agent.turns
        for _ in 1..<max(1, agent.turns) {
            context += agent.estimatedAnswerTokens
            input += context
            output += limit
            context += limit + 4
        }
        if let most = agent.tokenLimit.map(Int.init), input + output > most {
            output = min(output, most)
            input = most - output
        }
    }
    return (input, output)
}

/// The tokens that one judgement of an answer to this sample may take; the answer is taken to be as long as it may be.
public func estimatedTokens(
    grading sample: Sample,
    suite: Suite,
    configuration: Configuration,
    grader: Grader
) -> (input: Int, output: Int) {
    let answers =
        switch suite.solver.kind {
        case .simulatedUser: max(0, suite.solver.user?.turns ?? 0) + 1
        // What the auditor says is read as well.
        case .auditor: 2 * max(1, suite.solver.agent?.turns ?? 1)
        default: 1
        }
    let answer = min((suite.maxTokens ?? configuration.maxTokens) * answers, JudgePrompt.longestText / 4)
    let question = min(estimatedTokens(of: sample.conversationText), JudgePrompt.longestText / 4)
    let target = estimatedTokens(of: sample.target.joined())
    // 100 for the note on the fence and the fence itself.
    return (estimatedTokens(of: grader.rubric) + question + target + answer + 100, grader.maxTokens)
}
