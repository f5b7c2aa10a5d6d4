// What the simulator can answer without a key: sums of two numbers, choices, grades, and for the rest a sentence that
// echoes the question. Everything is read from bytes in one pass.

enum Competence {
    /// The answers to `17 + 25`, `6 × 7`, `9 minus 4`, … where the text holds such a term.
    static func arithmetic(_ text: String) -> AnswerKey.Entry? {
        var words = Words(text)
        var earlier: (left: Int, sign: Character)?
        var left: Int?
        while let word = words.next() {
            switch word {
            case .number(let right):
                if let term = earlier, let value = apply(term.sign, term.left, right) {
                    return AnswerKey.Entry(right: String(value), wrong: String(value + 1))
                }
                left = right
                earlier = nil
            case .sign(let sign):
                earlier = left.map { ($0, sign) }
                left = nil
            case .other:
                left = nil
                earlier = nil
            }
        }
        return nil
    }

    private static func apply(_ sign: Character, _ left: Int, _ right: Int) -> Int? {
        let (value, overflows) =
            switch sign {
            case "+": left.addingReportingOverflow(right)
            case "-": left.subtractingReportingOverflow(right)
            default: left.multipliedReportingOverflow(by: right)
            }
        return overflows || value == .max ? nil : value
    }

    /// How many choices the text lays out as lines `A) …`, `A. …`, `(A) …` or `A: …`, in order; 0 below two.
    static func choices(in text: String) -> Int {
        var count: UInt8 = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where count < 26 {
            var line = line.drop { $0 == 32 || $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: "*") }
            guard line.popFirst() == UInt8(ascii: "A") + count, let mark = line.first else { continue }
            if [UInt8(ascii: ")"), UInt8(ascii: "."), UInt8(ascii: ":")].contains(mark) { count += 1 }
        }
        return count < 2 ? 0 : Int(count)
    }

    /// Whether a text asks for a grade, and so comes to a judge.
    static func asksForGrade(_ text: String) -> Bool {
        var matched = 0
        let mark: StaticString = "GRADE:"
        return mark.withUTF8Buffer { mark in
            for byte in text.utf8 {
                matched = byte == mark[matched] ? matched + 1 : byte == mark[0] ? 1 : 0
                if matched == mark.count { return true }
            }
            return false
        }
    }

    /// Whether the answer that a judge's prompt shows is right: its wrong or right answer stands there as lines of
    /// its own. The right one often stands there as the target too, so the wrong one is looked for first.
    static func isRight(in prompt: String, by entry: AnswerKey.Entry) -> Bool? {
        let wanted = [entry.wrong, entry.refusal ?? Simulation.stockRefusal, entry.right].map { Array($0.utf8)[...] }
        let hashes = wanted.map { TextRuns.hash(of: TextRuns.trimmed($0)) }
        var isFound = [false, false, false]
        TextRuns.forEachRun(in: prompt, longest: wanted.map(\.count).max() ?? 0) { hash, _ in
            for index in hashes.indices where hashes[index] == hash { isFound[index] = true }
        }
        if isFound[0] || isFound[1] { return false }
        return isFound[2] ? true : nil
    }

    /// A sentence about the question.
    static func echo(_ text: String) -> String {
        var start = text.prefix(60)
        if let end = start.firstIndex(where: \.isNewline) { start = start[..<end] }
        return "I have read \"\(start)\" and have nothing to add."
    }
}

/// The words of a text that matter for a sum.
private struct Words {
    enum Word { case number(Int), sign(Character), other }

    private var parts: [Substring.UTF8View]
    private var position = 0

    init(_ text: String) {
        var spaced: [UInt8] = []
        spaced.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "+"), UInt8(ascii: "*"): spaced += [32, byte, 32]
            case UInt8(ascii: "?"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "\n"): spaced += [32]
            default: spaced.append(byte)
            }
        }
        parts = String(decoding: spaced, as: UTF8.self)[...].utf8.split(separator: 32).map { Substring($0).utf8 }
    }

    mutating func next() -> Word? {
        guard position < parts.count else { return nil }
        let part = Substring(parts[position])
        position += 1
        switch part {
        case "+", "plus": return .sign("+")
        case "-", "−", "–", "minus": return .sign("-")
        case "*", "×", "x", "times": return .sign("*")
        default: return Int(part.last == "." ? part.dropLast() : part).map(Word.number) ?? .other
        }
    }
}
