// Reading single values: text, words, numbers, flags, durations. YAML would let `yes`, `1e3` and `0x10` mean many
// things; here each type has one written form, and anything else is a mistake with the form to write.

import ParleyModel
import Yams

extension Field {
    /// Any text; numbers and words are taken as they are written.
    func text(allowEmpty: Bool = false) -> String? {
        guard case .scalar(let scalar) = node else {
            fail("'\(key)' must be text, not \(typeName)", "write the text itself, in quotes where it has ':' or '#'")
            return nil
        }
        guard !isNull, allowEmpty || !scalar.string.isEmpty else {
            fail("'\(key)' is empty", "write a value, or remove the key")
            return nil
        }
        return scalar.string
    }

    /// A word of an enumeration.
    func word<Word: CaseIterable & RawRepresentable<String>>(_ type: Word.Type) -> Word? {
        guard let text = text() else { return nil }
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        fail(
            "'\(key)' cannot be '\(text.prefix(40))': it is one of \(known.joined(separator: ", "))",
            Suggestion.remedy(for: text, among: known)
        )
        return nil
    }

    /// The text of an unquoted value.
    private func plainText(_ wanted: String) -> String? {
        guard case .scalar(let scalar) = node, !isNull else {
            fail("'\(key)' must be \(wanted), not \(typeName)", "write \(wanted)")
            return nil
        }
        guard scalar.style == .plain || scalar.style == .any else {
            fail("'\(key)' must be \(wanted), not text in quotes", "remove the quotes")
            return nil
        }
        return scalar.string
    }

    /// A whole number; `_` may stand between digits.
    func integer(in range: ClosedRange<Int64>) -> Int64? {
        let wanted = Self.wanted("a whole number", range.lowerBound, range.upperBound, isOpen: range.upperBound == .max)
        guard let text = plainText(wanted) else { return nil }
        let digits = text.filter { $0 != "_" }
        guard !text.hasPrefix("_"), let value = Int64(digits) ?? Self.finite(digits).flatMap(Int64.init(exactly:))
        else {
            fail("'\(key)' must be \(wanted), not '\(text.prefix(40))'", "write digits only, for instance \(key): 100")
            return nil
        }
        guard range.contains(value) else {
            fail("'\(key)' must be \(wanted), not \(value)", "write \(wanted)")
            return nil
        }
        return value
    }

    /// A whole number that fits an Int.
    func count(in range: ClosedRange<Int64>) -> Int? { integer(in: range).map(Int.init) }

    /// A finite number.
    func number(in range: ClosedRange<Double>) -> Double? {
        let isOpen = range.upperBound == .greatestFiniteMagnitude
        let bounds = [range.lowerBound, range.upperBound].map { JSONValue.number($0).canonical }
        let wanted = Self.wanted("a number", bounds[0], bounds[1], isOpen: isOpen)
        guard let text = plainText(wanted) else { return nil }
        guard let value = Self.finite(text.filter { $0 != "_" }) else {
            fail("'\(key)' must be \(wanted), not '\(text.prefix(40))'", "write a finite decimal number, such as 0.7")
            return nil
        }
        guard range.contains(value) else {
            fail("'\(key)' must be \(wanted), not \(text)", "write \(wanted)")
            return nil
        }
        return value
    }

    /// `true` or `false`.
    func flag() -> Bool? {
        guard let text = plainText("true or false") else { return nil }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default:
            fail("'\(key)' must be true or false, not '\(text.prefix(40))'", "write true or false")
            return nil
        }
    }

    /// A duration such as `500ms`, `60s`, `5m`, `1h`, in milliseconds.
    func milliseconds(in range: ClosedRange<Int64>) -> Int? {
        let wanted = "a duration such as 500ms, 60s, 5m or 1h"
        guard let text = plainText(wanted) else { return nil }
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units: [String: Double] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]
        guard let unit = units[String(text.dropFirst(digits.count))], let value = Self.finite(String(digits)) else {
            fail(
                "'\(key)' must be \(wanted), not '\(text.prefix(40))'",
                "write the number and its unit without a space"
            )
            return nil
        }
        let milliseconds = (value * unit).rounded()
        guard milliseconds >= Double(range.lowerBound), milliseconds <= Double(range.upperBound) else {
            fail("'\(key)' must lie between \(range.lowerBound)ms and \(range.upperBound / 1000)s", "write \(wanted)")
            return nil
        }
        return Int(milliseconds)
    }

    /// An amount of money that is not negative.
    func money() -> Money? {
        guard let value = number(in: 0...9_000_000_000) else { return nil }
        return Money(billionths: Int64((value * Double(Money.unit)).rounded()))
    }

    /// A score: any number within ±9 × 10⁹.
    func score() -> Score? { number(in: -9_000_000_000...9_000_000_000).flatMap { Score($0) } }

    /// A decimal number; nil for hexadecimal forms, NaN and infinity, which Swift would take.
    private static func finite(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }) else { return nil }
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    private static func wanted<Value>(_ what: String, _ lower: Value, _ upper: Value, isOpen: Bool) -> String {
        isOpen ? "\(what), \(lower) or more" : "\(what) from \(lower) to \(upper)"
    }
}
