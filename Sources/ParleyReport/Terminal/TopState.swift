// What the person at `parley top` has chosen, as a pure state machine: a key in, what is to be done out. Invariant:
// nothing is done to a round but by Enter after a question that names it.

public import ParleyModel

/// A key that was pressed.
public enum TopKey: Hashable, Sendable {
    case character(Character)
    case up, down, enter, escape, backspace

    /// The keys in what a terminal sent. Sequences that are not known are left out.
    public static func keys(in bytes: [UInt8]) -> [TopKey] {
        var keys: [TopKey] = []
        var rest = Substring(decoding: bytes, as: UTF8.self)
        while let first = rest.first {
            if rest.hasPrefix("\u{1B}[") || rest.hasPrefix("\u{1B}O") {
                rest = rest.dropFirst(2)
                // Parameters, then one letter.
                let end = rest.firstIndex { $0.isLetter || $0 == "~" }
                let letter = end.map { rest[$0] }
                rest = end.map { rest[rest.index(after: $0)...] } ?? ""
                if letter == "A" { keys.append(.up) }
                if letter == "B" { keys.append(.down) }
                continue
            }
            rest = rest.dropFirst()
            switch first {
            case "\u{1B}": keys.append(.escape)
            case "\r", "\n", "\r\n": keys.append(.enter)
            case "\u{7F}", "\u{08}": keys.append(.backspace)
            default: if first.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) { keys.append(.character(first)) }
            }
        }
        return keys
    }
}

/// What a key asks for.
public enum TopAction: Hashable, Sendable {
    case none, quit
    case pause(RoundName, because: String)
    case resume(RoundName, because: String)
}

/// What the person has chosen.
public struct TopState: Hashable, Sendable {
    /// What rounds are ordered by.
    public enum Sort: String, CaseIterable, Hashable, Sendable { case name, pace, left }

    /// A question that waits for its answer.
    public struct Question: Hashable, Sendable {
        public let round: RoundName
        public let isPause: Bool
        /// The reason typed so far.
        public var reason = ""
    }

    public private(set) var sort = Sort.name
    public private(set) var selected: RoundName?
    public private(set) var question: Question?
    /// What became of the last action, or of the last look.
    public var message = ""
    private static let longestReason = 200

    public init() {}

    /// The rounds in the order in which they are shown.
    public func ordered(_ rounds: [OperationsDocument.Round]) -> [OperationsDocument.Round] {
        rounds.enumerated().sorted { left, right in
            switch sort {
            case .name: (left.element.round.text, left.offset) < (right.element.round.text, right.offset)
            case .pace: (right.element.lastMinute, left.offset) < (left.element.lastMinute, right.offset)
            case .left: (right.element.left, left.offset) < (left.element.left, right.offset)
            }
        }.map(\.element)
    }

    /// Takes a key.
    public mutating func press(_ key: TopKey, over rounds: [OperationsDocument.Round]) -> TopAction {
        if question != nil { return answer(key) }
        message = ""
        switch key {
        case .character("q"), .character("Q"): return .quit
        case .character("s"):
            let all = Sort.allCases
            sort = all[((all.firstIndex(of: sort) ?? 0) + 1) % all.count]
        case .up, .character("k"): move(by: -1, over: rounds)
        case .down, .character("j"): move(by: 1, over: rounds)
        case .character("p"): ask(isPause: true, over: rounds)
        case .character("r"): ask(isPause: false, over: rounds)
        default: break
        }
        return .none
    }

    private mutating func move(by step: Int, over rounds: [OperationsDocument.Round]) {
        let names = ordered(rounds).map(\.round)
        guard !names.isEmpty else { return }
        let place = selected.flatMap(names.firstIndex) ?? (step > 0 ? -1 : names.count)
        selected = names[min(max(place + step, 0), names.count - 1)]
    }

    private mutating func ask(isPause: Bool, over rounds: [OperationsDocument.Round]) {
        guard let selected, rounds.contains(where: { $0.round == selected }) else {
            message = "Select a round by the arrow keys first."
            return
        }
        question = Question(round: selected, isPause: isPause)
    }

    private mutating func answer(_ key: TopKey) -> TopAction {
        guard var asked = question else { return .none }
        switch key {
        case .escape:
            question = nil
            message = "Nothing was done."
            return .none
        case .enter:
            if asked.reason.allSatisfy(\.isWhitespace) {
                message = "Say why; Esc leaves."
                return .none
            }
            question = nil
            message = ""
            return asked.isPause
                ? .pause(asked.round, because: asked.reason) : .resume(asked.round, because: asked.reason)
        case .backspace: asked.reason = String(asked.reason.dropLast())
        case .character(let character) where asked.reason.count < Self.longestReason: asked.reason.append(character)
        default: break
        }
        question = asked
        return .none
    }
}

extension OperationsDocument.Round {
    /// Unfinished jobs.
    public var left: Int { ready + waiting + held }
}
