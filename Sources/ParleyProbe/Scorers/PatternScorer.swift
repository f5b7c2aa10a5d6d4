// Scorer `pattern`: a regular expression found anywhere in the answer. ICU's engine is used rather than Swift's,
// because it reports its steps: a pattern that backtracks without end on a hostile answer is stopped after a fixed
// number of them, the same on every machine, and the answer is `unscorable`. Compiled patterns are kept.

private import Foundation
import ParleyModel
private import Synchronization

/// Matches an answer with regular expressions.
struct PatternScorer {
    /// nil leaves it to the sample's targets, of which one must match.
    let pattern: String?
    let ignoreCase: Bool

    /// The most of an answer that is searched, in UTF-16 units, from its beginning: the engine's stack holds a
    /// backtracking match of this length.
    static let longestAnswer = 16_384
    /// The most progress reports of one search besides the one that the engine makes at each place of the text; it
    /// makes another about every ten thousand steps.
    static let mostReports = 1_000
    /// The most patterns that are kept compiled; beyond it the store starts anew.
    static let mostKept = 256

    func scoring(of answer: String, _ targets: [String]) -> Scoring {
        let patterns = pattern.map { [$0] } ?? targets
        guard patterns.contains(where: { !$0.isEmpty }) else { return .unscorable("there is no pattern") }
        let units = answer.utf16
        let end = units.index(units.startIndex, offsetBy: Self.longestAnswer, limitedBy: units.endIndex)
        let searched = end.map { String(answer[..<$0]) } ?? answer
        for pattern in patterns where !pattern.isEmpty {
            guard let expression = Self.compiled(pattern, ignoreCase: ignoreCase) else {
                return .unscorable(Self.problem(in: pattern) ?? "the pattern cannot be read")
            }
            switch Self.search(expression, in: searched) {
            case nil: return .unscorable("the pattern '\(pattern)' took too many steps on this answer")
            case true?: return .success("the answer matches '\(pattern)'")
            case false?: continue
            }
        }
        return .none("the answer matches no pattern")
    }

    /// What is wrong with a pattern, nil where it can be used.
    static func problem(in pattern: String) -> String? {
        if pattern.isEmpty { return "the pattern is empty" }
        return compiled(pattern, ignoreCase: false) == nil ? "'\(pattern)' is no regular expression" : nil
    }

    /// Whether the expression occurs in the text; nil where the search was stopped.
    private static func search(_ expression: NSRegularExpression, in text: String) -> Bool? {
        let state = Mutex((found: false, reports: 0))
        let range = NSRange(location: 0, length: text.utf16.count)
        let limit = range.length + mostReports
        withoutActuallyEscaping(
            {
                (
                    match: NSTextCheckingResult?,
                    flags: NSRegularExpression.MatchingFlags,
                    stop: UnsafeMutablePointer<ObjCBool>
                ) in
                state.withLock { state in
                    if match != nil { state.found = true } else { state.reports += 1 }
                    if state.found || state.reports > limit { stop.pointee = true }
                }
            }
        ) { visit in
            expression.enumerateMatches(in: text, options: .reportProgress, range: range, using: visit)
        }
        return state.withLock { $0.found ? true : $0.reports > limit ? nil : false }
    }

    private struct Key: Hashable {
        let pattern: String
        let ignoreCase: Bool
    }

    private static let kept = Mutex<[Key: NSRegularExpression]>([:])

    private static func compiled(_ pattern: String, ignoreCase: Bool) -> NSRegularExpression? {
        let key = Key(pattern: pattern, ignoreCase: ignoreCase)
        if let known = kept.withLock({ $0[key] }) { return known }
        let options: NSRegularExpression.Options = ignoreCase ? [.caseInsensitive] : []
        guard let expression = try? NSRegularExpression(pattern: pattern, options: options) else { return nil }
        kept.withLock { kept in
            if kept.count >= mostKept { kept.removeAll() }
            kept[key] = expression
        }
        return expression
    }
}
