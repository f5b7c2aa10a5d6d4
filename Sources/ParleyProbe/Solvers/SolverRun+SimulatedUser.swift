// A user or an auditor played by another model. It sees the conversation with roles flipped: what the target said
// comes to it as user messages, what it said itself (and the sample's opening) as its own. It sees neither the
// target's system prompts nor its reasoning. Its calls are exchanges of purpose `user` and count with their own
// model's price.

import ParleyModel

extension SolverRun {
    /// Opens the flipped conversation, which would otherwise begin with the simulated user's own words: several
    /// chat templates demand that a user speaks first.
    static let curtain = "(The conversation begins. Write your first message.)"

    /// The target answers the sample, then each of the user's messages; N turns give N + 1 answers at most.
    @inline(never)
    func solveSimulatedUser() async throws(ProbeFailure) -> Solution {
        guard let user = place.suite.solver.user else {
            throw caller.failure(definitionFailure("suite '\(place.suite.name)' has no simulated user"))
        }
        guard let player = caller.definition.configuration(user.configuration) else {
            throw caller.failure(definitionFailure("there is no configuration '\(user.configuration)'"))
        }
        let instruction = try filled { () throws(TemplateProblem) in
            try SampleFields(sample: sample).fill(user.systemPrompt)
        }
        let start = messages.count
        // The worked examples are the target's; the user sees what the sample begins with, and all that follows.
        let seen = start - sample.input.drop { $0.role == .system }.count
        var reply = try await askTarget()
        for _ in 0..<max(0, user.turns) where !reply.stop.endsConversation {
            let flipped = flippedConversation(from: seen, instruction: instruction, player: player)
            let said = try await caller.ask(
                flipped,
                of: player,
                maxTokens: place.suite.maxTokens ?? player.maxTokens,
                purpose: .user
            )
            if let trouble = Self.trouble(with: said) {
                return solution(wholeAnswer(from: start), .instrument(trouble))
            }
            if let phrase = user.stopPhrase, !phrase.isEmpty, said.text.contains(phrase) { break }
            messages.append(Message(.user, said.text, reasoning: said.reasoning))
            reply = try await askTarget()
        }
        return solution(wholeAnswer(from: start), wholeEnding)
    }

    private func flippedConversation(from start: Int, instruction: String, player: Configuration) -> [Message] {
        let prompts = [player.systemPrompt, instruction].compactMap { $0 }.filter { !$0.isEmpty }
        let flipped = messages.dropFirst(start).compactMap { message -> Message? in
            switch message.role {
            case .user: Message(.assistant, message.content)
            case .assistant, .tool: Message(.user, message.content)
            case .system: nil
            }
        }
        let opening = flipped.first?.role == .user ? [] : [Message(.user, Self.curtain)]
        return prompts.map { Message(.system, $0) } + opening + flipped
    }

    /// What keeps a simulated user's reply from being sent on; a reply that the token limit cut is sent on.
    private static func trouble(with reply: GenerateReply) -> String? {
        switch reply.stop {
        case .contentFilter: "the provider blocked the simulated user"
        case .refusal: "the simulated user refused to play its part"
        case .contextLength: "the conversation did not fit the simulated user's context"
        case .stop, .toolCalls, .maxTokens:
            reply.text.allSatisfy(\.isWhitespace) ? "the simulated user said nothing" : nil
        }
    }

    private func definitionFailure(_ message: String) -> ProbeFailure {
        ProbeFailure(.invalidRequest, message, fingerprint: "definition", usage: Usage())
    }
}
