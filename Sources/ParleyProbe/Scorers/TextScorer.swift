// Scorers `exact` and `includes`. Texts are compared in Unicode's composed form, so that two spellings of one
// character are the same; invisible characters (controls, marks of direction, zero-width spaces) at either end are
// trimmed with the white space.

import ParleyModel

/// Compares an answer with targets as texts.
struct TextScorer {
    let ignoreCase: Bool

    func exact(_ answer: String, _ targets: [String]) -> Scoring {
        let folded = FoldedText.bytes(of: FoldedText.trimmed(answer), ignoreCase: ignoreCase)
        for target in targets where !target.isEmpty {
            if FoldedText.bytes(of: FoldedText.trimmed(target), ignoreCase: ignoreCase) == folded {
                return .success("the answer is '\(target)'")
            }
        }
        return .none("the answer is no target")
    }

    func includes(_ answer: String, _ targets: [String]) -> Scoring {
        let folded = FoldedText.bytes(of: answer, ignoreCase: ignoreCase)
        for target in targets where !target.isEmpty {
            if folded.contains(FoldedText.bytes(of: target, ignoreCase: ignoreCase)) {
                return .success("the answer contains '\(target)'")
            }
        }
        return .none("the answer contains no target")
    }
}
