// Finds the numbers in a text, as people and models write them:
//
//   signs        -5  −5 (U+2212)  +5; a hyphen after a letter or a digit is none (`covid-19`, `3-5`)
//   thousands    1,234,567  1'234'567  1_234_567  1 234 567 (no-break or thin spaces)  1.234.567  1.234,56
//   decimals     3.5  .5; a comma that does not part thousands ends a number (`1,5` is 1 and 5)
//   powers       1.5e3  2E-4
//   money        $5  -$5  $-5  €5  5 €
//   percent      25%  25 %
//   fractions    \frac{3}{4}  3/4  1 3/4 (the whole part under 1000); not 5/6/2024, which is three numbers
//
// Digits within a word (`GPT4`, `x2`) are no number; digits before one (`18kg`, `3rd`) are. Versions (`1.2.3`) are
// passed over.

private import Foundation

/// A number found in a text.
struct FoundNumber: Equatable {
    var value: ExactNumber
    var isPercent = false
    /// Where it starts and ends in the text, in scalars, LaTeX's fractions written plainly.
    var range: Range<Int>
}

/// Finds numbers.
struct NumberReader {
    private let text: [Unicode.Scalar]
    private var place = 0

    private init(_ text: String) { self.text = Array(Self.withPlainFractions(text).unicodeScalars) }

    private static let latexFraction = try? NSRegularExpression(
        pattern: "\\\\[dt]?frac\\{\\s*+(-?[\\d.,]+)\\s*+\\}\\{\\s*+([\\d.,]+)\\s*+\\}"
    )
    private static let latexMixed = try? NSRegularExpression(pattern: "(?<=\\d)(?=\\\\[dt]?frac\\{)")

    /// LaTeX's fractions as people write them, a space between a whole number and its fraction.
    private static func withPlainFractions(_ text: String) -> String {
        guard text.contains("frac{"), let latexFraction, let latexMixed else { return text }
        let parted = latexMixed.stringByReplacingMatches(
            in: text,
            range: NSRange(location: 0, length: text.utf16.count),
            withTemplate: " "
        )
        return latexFraction.stringByReplacingMatches(
            in: parted,
            range: NSRange(location: 0, length: parted.utf16.count),
            withTemplate: "$1/$2"
        )
    }

    /// All numbers of the text, in order. Time grows with the text's length.
    static func numbers(in text: String) -> [FoundNumber] {
        var reader = NumberReader(text)
        var found: [FoundNumber] = []
        while reader.place < reader.text.count {
            if reader.startsNumber {
                guard let number = reader.readNumber() else { continue }
                reader.append(number, to: &found)
            } else {
                reader.place += 1
            }
        }
        return found
    }

    // MARK: - Where numbers start

    private func scalar(_ index: Int) -> Unicode.Scalar? { text.indices.contains(index) ? text[index] : nil }
    private func isDigit(_ index: Int) -> Bool { scalar(index).map { ("0"..."9").contains($0) } ?? false }
    private func isWord(_ index: Int) -> Bool {
        guard let scalar = scalar(index) else { return false }
        return scalar == "_" || scalar.properties.isAlphabetic
    }

    private var startsNumber: Bool {
        if isDigit(place) { return !isWord(place - 1) }
        return scalar(place) == "." && isDigit(place + 1) && !isDigit(place - 1) && !isWord(place - 1)
    }

    // MARK: - Reading one

    private mutating func readNumber() -> FoundNumber? {
        let digitsStart = place
        var (whole, fraction) = (readDigits(), [UInt8]())
        if let groups = readGroups(whole) {
            whole = groups.whole
            fraction = groups.fraction
        } else if scalar(place) == ".", isDigit(place + 1) {
            place += 1
            fraction = readDigits()
            if scalar(place) == ".", isDigit(place + 1) {  // a version
                while isDigit(place) || (scalar(place) == "." && isDigit(place + 1)) { place += 1 }
                return nil
            }
        }
        let exponent = readExponent()
        let (start, isNegative) = sign(before: digitsStart)
        let value = ExactNumber(isNegative: isNegative, digits: whole, fraction: fraction, exponent: exponent)
        guard let value else { return nil }
        var number = FoundNumber(value: value, range: start..<place)
        let isSpace = scalar(place) == " " || scalar(place) == "\u{A0}" || scalar(place) == "\\"
        let percent = isSpace ? place + 1 : place
        if scalar(percent) == "%" {
            number.isPercent = true
            place = percent + 1
        }
        return number
    }

    private mutating func readDigits() -> [UInt8] {
        var digits: [UInt8] = []
        while isDigit(place) {
            digits.append(UInt8(truncatingIfNeeded: text[place].value))
            place += 1
        }
        return digits
    }

    /// Groups of three after one to three digits, and the decimals after them; nil where there are none.
    private mutating func readGroups(_ first: [UInt8]) -> (whole: [UInt8], fraction: [UInt8])? {
        guard (1...3).contains(first.count), let mark = scalar(place), Self.groupMarks.contains(mark) else {
            return nil
        }
        var (end, whole) = (place, first)
        while scalar(end) == mark, isDigit(end + 1), isDigit(end + 2), isDigit(end + 3), !isDigit(end + 4) {
            whole += text[(end + 1)...(end + 3)].map { UInt8(truncatingIfNeeded: $0.value) }
            end += 4
        }
        let decimalMark: Unicode.Scalar = mark == "." ? "," : "."
        let hasDecimals = scalar(end) == decimalMark && isDigit(end + 1)
        // One group after a point is a decimal number (1.234), unless a decimal comma follows (1.234,56).
        let isGrouped = mark == "." ? (end - place >= 8 || (end - place == 4 && hasDecimals)) : end > place
        guard isGrouped else { return nil }
        place = end
        guard hasDecimals else { return (whole, []) }
        place += 1
        return (whole, readDigits())
    }

    private static let groupMarks: Set<Unicode.Scalar> = [
        ",", ".", "'", "\u{2019}", "_", "\u{A0}", "\u{2009}", "\u{202F}",
    ]

    private mutating func readExponent() -> Int {
        guard scalar(place) == "e" || scalar(place) == "E" else { return 0 }
        let hasSign = scalar(place + 1) == "+" || scalar(place + 1) == "-"
        let start = place + (hasSign ? 2 : 1)
        guard isDigit(start) else { return 0 }
        let isNegative = scalar(place + 1) == "-"
        place = start
        let digits = readDigits()
        let size = digits.count > 4 ? ExactNumber.mostDigits + 1 : digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        return isNegative ? -size : size
    }

    /// Looks back over a currency mark and a sign, in either order, and a second sign before the mark.
    private func sign(before start: Int) -> (start: Int, isNegative: Bool) {
        var index = start
        func isMinus(_ index: Int) -> Bool {
            guard let mark = scalar(index), mark == "-" || mark == "\u{2212}" || mark == "+" else { return false }
            return !isWord(index - 1) && !isDigit(index - 1) && scalar(index - 1) != ")"
        }
        var isNegative = false
        if isMinus(index - 1) {
            isNegative = scalar(index - 1) != "+"
            index -= 1
        }
        if let mark = scalar(index - 1), mark.properties.generalCategory == .currencySymbol {
            index -= 1
            if isMinus(index - 1) {
                isNegative = isNegative || scalar(index - 1) != "+"
                index -= 1
            }
        }
        return (index, isNegative)
    }

    // MARK: - Fractions

    /// Puts a number after the others, joined to them where the three make a fraction.
    private mutating func append(_ number: FoundNumber, to found: inout [FoundNumber]) {
        var number = number
        let isChain = scalar(place) == "/" && isDigit(place + 1)
        let followsSlash = scalar(number.range.lowerBound - 1) == "/"
        if followsSlash, !isChain, let top = found.last, top.range.upperBound == number.range.lowerBound - 1,
            scalar(top.range.lowerBound - 1) != "/", let quotient = top.value.divided(by: number.value)
        {
            found.removeLast()
            number.value = quotient
            number.range = top.range.lowerBound..<number.range.upperBound
            if let whole = found.last, whole.range.upperBound == number.range.lowerBound - 1,
                scalar(whole.range.upperBound) == " ", whole.value.denominator == .one, !quotient.isNegative,
                quotient.numerator < quotient.denominator, whole.value.numerator < .power(ofTen: 3)
            {
                found.removeLast()
                number.value = whole.value.extended(by: quotient)
                number.range = whole.range.lowerBound..<number.range.upperBound
            }
        }
        found.append(number)
    }
}
