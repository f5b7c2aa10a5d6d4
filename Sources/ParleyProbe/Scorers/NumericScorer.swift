// Scorer `numeric`: the last number of the answer equals the target within the tolerance, inclusive and exact.
// Where an answer or a target has a mark `####` (GSM8K's), the first number after the last such mark is meant. Where
// exactly one of the two has a percent sign, 25% equals 25 as well as 0.25.

import ParleyModel

/// Compares the number that an answer ends on with targets.
struct NumericScorer {
    let tolerance: Double

    /// The most of an answer that is read, in bytes of UTF-8, from its end.
    static let longestAnswer = 65_536

    func scoring(of answer: String, _ targets: [String]) -> Scoring {
        guard let tolerance = ExactNumber(tolerance: tolerance) else {
            return .unscorable("\(tolerance) is no tolerance")
        }
        let wanted = targets.compactMap(Self.number(in:))
        guard !wanted.isEmpty else { return .unscorable("no target is a number") }
        guard let given = Self.number(in: answer) else { return .none("there is no number in the answer") }
        for want in wanted {
            if given.value.equals(want.value, within: tolerance) { return .success("the number is the target") }
            guard given.isPercent != want.isPercent else { continue }
            let (left, right) =
                given.isPercent ? (given.value.hundredth, want.value) : (given.value, want.value.hundredth)
            if left.equals(right, within: tolerance) { return .success("the percentage is the target") }
        }
        return .none("the number is no target")
    }

    /// The number that a text ends on, or that its last `####` marks.
    static func number(in text: String) -> FoundNumber? {
        let bytes = text.utf8
        let tail = bytes.count > longestAnswer ? String(decoding: bytes.suffix(longestAnswer), as: UTF8.self) : text
        if let mark = tail.lastRange(of: "####"),
            let marked = NumberReader.numbers(in: String(tail[mark.upperBound...])).first
        {
            return marked
        }
        return NumberReader.numbers(in: tail).last
    }
}

extension String {
    /// The last place at which an ASCII mark stands.
    fileprivate func lastRange(of mark: String) -> Range<Index>? {
        let (bytes, wanted) = (Array(utf8), Array(mark.utf8))
        var start = bytes.count - wanted.count
        while start >= 0 {
            if bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
                let lower = utf8.index(startIndex, offsetBy: start)
                return lower..<utf8.index(lower, offsetBy: wanted.count)
            }
            start -= 1
        }
        return nil
    }
}
