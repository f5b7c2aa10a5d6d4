// The decisions: pure functions of (seed, model, conversation, sampling seed), and for faults also of how often this
// very request came before. Neither time, order nor concurrency enters, so the same request gets the same answer.

enum Simulation {
    /// What a refusal says where the key has no words for it.
    static let stockRefusal = "I'm sorry, but I can't help with that."

    /// The number from which everything about a request is drawn.
    static func base(of request: ChatRequest, model: String, seed: UInt64) -> UInt64 {
        var hash = StableHash()
        hash.combine(seed)
        hash.combine(model)
        for turn in request.turns {
            hash.combine(0xFF as UInt8)
            hash.combine(turn.role)
            hash.combine(0xFF as UInt8)
            hash.combine(turn.text)
        }
        hash.combine(0xFE as UInt8)
        hash.combine(UInt64(bitPattern: request.seed ?? 0))
        return hash.value
    }

    /// Decides on a request that came `attempt` times before.
    /// - Parameter agentBase: what an agent's whole play is drawn from: the base of its opening; nil for what is none.
    static func decide(
        _ request: ChatRequest,
        as role: Role,
        key: AnswerKey,
        base: UInt64,
        agentBase: UInt64? = nil,
        attempt: UInt32
    ) -> Decision {
        let behaviour = role.behaviour
        let round = UInt64(attempt)
        let faultDraw = role.faults.isEmpty ? 0 : Draw.fault(base, round: round)
        let tokens = request.promptTokens
        var decision = Decision(
            content: .filtered,
            isTruncated: false,
            fault: role.faults.first { $0.upTo.holds(faultDraw) }?.kind,
            identity: Draw.identity(base, round: round),
            latencyMicroseconds: LatencySpread.microseconds(
                medianMilliseconds: behaviour.latencyMilliseconds,
                draw: Draw.latency(base, round: round)
            ),
            promptTokens: tokens
        )
        let refusalDraw = Draw.refusal(agentBase ?? base)
        if let limit = behaviour.contextTokens, tokens > limit {
            decision.content = .tooLong(limit: limit)
        } else if role.refusal.holds(refusalDraw) {
            let entry = key.exactEntry(for: request.turns) ?? key.containedEntry(in: request.turns)
            decision.content = .refusal(entry?.refusal ?? stockRefusal)
        } else if !role.refusalOrFilter.holds(refusalDraw), let agentBase {
            let opening = request.opening
            let entry = key.exactEntry(for: opening.turns) ?? key.containedEntry(in: opening.turns)
            let play = AgentPlay(request, as: role, entry: entry, base: agentBase)
            decision.content = play.content(after: request.agentReplies, mode: request.toolMode)
        } else if !role.refusalOrFilter.holds(refusalDraw) {
            let isRight = role.accuracy.holds(Draw.accuracy(base))
            let text = answer(to: request, isRight: isRight, key: key, base: base, behaviour: behaviour)
            decision.isTruncated = role.truncation.holds(Draw.truncation(base))
            decision.content = .answer(decision.isTruncated ? Self.prefix(of: text, bytes: text.utf8.count / 2) : text)
        }
        if case .answer(let text) = decision.content, let limit = request.maxTokens, text.utf8.count / 4 > limit {
            decision.isTruncated = true
            decision.content = .answer(Self.prefix(of: text, bytes: limit * 4))
        }
        return decision
    }

    private static func answer(
        to request: ChatRequest,
        isRight: Bool,
        key: AnswerKey,
        base: UInt64,
        behaviour: ModelBehaviour
    ) -> String {
        if let entry = key.exactEntry(for: request.turns) { return isRight ? entry.right : entry.wrong }
        let text = request.turns.last { $0.role == "user" }?.text ?? ""
        if Competence.asksForGrade(text) || request.turns.contains(where: { Competence.asksForGrade($0.text) }) {
            // Whether the answer deserves to pass; where that cannot be told it is taken to.
            let deserves =
                key.containedEntry(in: request.turns).flatMap { Competence.isRight(in: text, by: $0) } ?? true
            return "GRADE: \(deserves == isRight ? behaviour.passGrade : behaviour.failGrade)"
        }
        if let entry = key.containedEntry(in: request.turns) ?? Competence.arithmetic(text) {
            return isRight ? entry.right : entry.wrong
        }
        let choices = Competence.choices(in: text)
        if choices > 0 {
            return String(UnicodeScalar(UInt8(ascii: "A") + UInt8(Draw.letter(base) % UInt64(choices))))
        }
        return Competence.echo(text)
    }

    /// The longest prefix of at most so many bytes that ends between characters.
    private static func prefix(of text: String, bytes: Int) -> String {
        var end =
            text.utf8.index(text.utf8.startIndex, offsetBy: max(0, bytes), limitedBy: text.utf8.endIndex)
            ?? text.utf8.endIndex
        while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
