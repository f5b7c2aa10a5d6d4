// What a scorer says of an answer, and the dispatch to the scorers. A scorer that cannot do its work (no target, a
// bad pattern) says `unscorable`; it never gives the model a 0 for a mistake in the suite.

public import ParleyModel

/// What a scorer says of an answer.
public enum Scoring: Hashable, Sendable {
    /// A score, and why.
    case score(Score, String)
    /// The scorer failed, and why.
    case unscorable(String)
    /// Grade jobs score this answer.
    case judged

    static func success(_ explanation: String) -> Scoring { .score(.one, explanation) }
    static func none(_ explanation: String) -> Scoring { .score(.zero, explanation) }
}

extension Scorer {
    /// Scores an answer: 1 is what the suite's title promises, 0 is not, the reverse where `negate` is set.
    ///
    /// - Parameter modelRefused: whether the wire format said that the model declined, for scorer `refusal`.
    public func scoring(of answer: String, sample: Sample, modelRefused: Bool = false) -> Scoring {
        switch plainScoring(of: answer, sample: sample, modelRefused: modelRefused) {
        case .score(let score, let explanation): .score(signed(score), explanation)
        case let other: other
        }
    }

    /// 1 − score where `negate` is set.
    func signed(_ score: Score) -> Score {
        negate ? Score(billionths: Score.unit - score.billionths) : score
    }

    private func plainScoring(of answer: String, sample: Sample, modelRefused: Bool) -> Scoring {
        let targets = sample.target
        switch kind {
        case .modelGraded: return .judged
        case .environment: return .unscorable("the environment scores an agent, and there is none here")
        case .external: return .unscorable("the program gave no score")
        case .refusal: return RefusalDetector.scoring(of: answer, modelRefused: modelRefused)
        case .pattern: return PatternScorer(pattern: pattern, ignoreCase: ignoreCase).scoring(of: answer, targets)
        case .exact, .includes, .numeric, .choice, .leaks:
            guard targets.contains(where: { !$0.isEmpty }) else {
                return .unscorable("sample '\(sample.id)' has no target")
            }
        }
        switch kind {
        case .exact: return TextScorer(ignoreCase: ignoreCase).exact(answer, targets)
        case .includes: return TextScorer(ignoreCase: ignoreCase).includes(answer, targets)
        case .numeric: return NumericScorer(tolerance: tolerance).scoring(of: answer, targets)
        case .choice: return ChoiceReader(choices: sample.choices).scoring(of: answer, targets)
        case .leaks: return LeakScorer(targets: targets).scoring(of: answer)
        case .pattern, .refusal, .modelGraded, .environment, .external: return .judged
        }
    }
}
