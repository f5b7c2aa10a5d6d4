// A model's reply before it takes a wire format: one type, two writers, each in two forms (whole and streamed).

import ParleyModel

/// A model's reply.
struct Reply: Hashable, Sendable {
    enum Stop: Hashable, Sendable { case ended, length, filtered, refused, calls }

    /// A tool call with its id.
    struct Call: Hashable, Sendable {
        var id: String
        var tool: String
        /// The text of the arguments.
        var arguments: String
    }

    /// The model as served: the name that was asked for.
    var model: String
    var identity: UInt64
    var text: String
    /// Reasoning that has a place of its own.
    var reasoning: String?
    var calls: [Call] = []
    var stop: Stop
    var promptTokens: Int
    /// Reasoning included.
    var outputTokens: Int
    var reasoningTokens: Int
    var reportsUsage: Bool

    /// Seconds since the Unix epoch in `created`; fixed, so that the same request gets the same bytes.
    static let created = 1_767_225_600

    private static let thought = "The question is read once more, and answered as it stands."

    init(_ decision: Decision, to request: ChatRequest, as behaviour: ModelBehaviour) {
        model = request.model
        identity = decision.identity
        stop = decision.isTruncated ? .length : .ended
        switch decision.content {
        case .answer(let answer): text = answer
        case .calls(let words, let written):
            text = words
            stop = .calls
            let prefix = request.format == .openai ? "call_" : "toolu_"
            let identity = decision.identity
            calls = written.enumerated().map { index, call in
                let id = prefix + String(StableHash.mix(identity &+ UInt64(index)), radix: 36)
                return Call(id: id, tool: call.tool, arguments: call.arguments)
            }
        case .refusal(let words):
            text = words
            if behaviour.refusalForm == .wire { stop = .refused }
        case .filtered, .tooLong:
            text = ""
            stop = .filtered
        }
        reasoningTokens = 0
        if stop != .refused, stop != .filtered {
            switch behaviour.outputStyle {
            case .plain: break
            case .reasoning: reasoning = Self.thought
            case .thinkTags: text = "<think>\n\(Self.thought)\n</think>\n\n\(text)"
            }
            if reasoning != nil { reasoningTokens = Self.thought.utf8.count / 4 }
        }
        promptTokens = decision.promptTokens
        let callBytes = calls.reduce(0) { $0 + $1.tool.utf8.count + $1.arguments.utf8.count }
        outputTokens = max(1, (text.utf8.count + callBytes) / 4) + reasoningTokens
        reportsUsage = behaviour.reportsUsage
    }

    /// The text in at most eight pieces, cut between characters.
    func pieces(of text: String) -> [Substring] {
        let size = max(1, (text.count + 7) / 8)
        var pieces: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            pieces.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
