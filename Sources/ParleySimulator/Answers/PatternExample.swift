// A text that a simple regular expression matches: literals, classes, groups, alternatives, counts, anchors. Each
// choice takes its first and shortest form. What is not simple (look-around, back references) gives nil; the caller
// tries the text against the expression before it uses it.

struct PatternExample {
    private let pattern: [Character]
    private var position = 0
    private(set) var text = ""

    init?(_ pattern: String) {
        self.pattern = Array(pattern)
        guard let text = readAlternatives(depth: 0), position == self.pattern.count else { return nil }
        self.text = text
    }

    private var next: Character? { position < pattern.count ? pattern[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        position += 1
        return true
    }

    private mutating func readAlternatives(depth: Int) -> String? {
        guard depth < 32, let first = readSequence(depth: depth) else { return nil }
        while take("|") {
            guard readSequence(depth: depth) != nil else { return nil }
        }
        return first
    }

    private mutating func readSequence(depth: Int) -> String? {
        var text = ""
        while let character = next, character != "|", character != ")" {
            guard let atom = readAtom(depth: depth), let count = readCount() else { return nil }
            text += String(repeating: atom, count: count)
        }
        return text
    }

    private mutating func readAtom(depth: Int) -> String? {
        guard let character = next else { return nil }
        position += 1
        switch character {
        case "^", "$": return ""
        case ".": return "a"
        case "[": return readClass()
        case "(":
            guard skipGroupFlags(), let inner = readAlternatives(depth: depth + 1), take(")") else { return nil }
            return inner
        case "\\": return readEscape()
        case "*", "+", "?", "{": return nil
        default: return String(character)
        }
    }

    /// Passes `?:`, `?<name>` and `?i:`; false for look-around. A bare `(?i)` is an empty group.
    private mutating func skipGroupFlags() -> Bool {
        guard take("?") else { return true }
        if take("<") {
            guard next != "=", next != "!" else { return false }
            while let character = next, character != ">" {
                guard character.isLetter || character.isNumber || character == "_" else { return false }
                position += 1
            }
            return take(">")
        }
        while let character = next, "imsx-".contains(character) { position += 1 }
        return take(":") || next == ")"
    }

    private mutating func readEscape() -> String? {
        guard let character = next else { return nil }
        position += 1
        switch character {
        case "d": return "7"
        case "w", "S", "D": return "a"
        case "s", "W": return " "
        case "b", "A", "z", "Z": return ""
        case "n": return "\n"
        case "t": return "\t"
        default: return character.isLetter || character.isNumber ? nil : String(character)
        }
    }

    /// The first member of a class; a negated one is left to the caller's own example.
    private mutating func readClass() -> String? {
        guard next != "^" else { return nil }
        var first: String?
        while let character = next, character != "]" || first == nil {
            position += 1
            let member = character == "\\" ? readEscape() : String(character)
            guard let member else { return nil }
            if first == nil { first = member }
        }
        return take("]") ? first : nil
    }

    /// How often the atom before stands: the least that its quantifier allows. nil where it is malformed.
    private mutating func readCount() -> Int? {
        var count = 1
        if take("?") || take("*") {
            count = 0
        } else if take("{") {
            var digits = ""
            while let character = next, character != "}" {
                digits.append(character)
                position += 1
            }
            guard take("}"), let least = Int(digits.prefix { $0 != "," }), least <= 1000 else { return nil }
            count = least
        } else if !take("+") {
            return 1
        }
        if !take("?") { _ = take("+") }
        return count
    }
}
