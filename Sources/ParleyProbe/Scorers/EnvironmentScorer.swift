// Scorer `environment`: what the environment says of its end. A measure that it does not give is unscorable: a sample
// without a hidden task says nothing of hidden tasks.

import ParleyModel

extension Scorer {
    /// Scores an answer, or by what the agent's environment says.
    func scoring(of solution: Solution, sample: Sample, modelRefused: Bool) -> Scoring {
        if kind == .environment { return scoring(of: solution.agent?.verdict) }
        return scoring(of: solution.answer, sample: sample, modelRefused: modelRefused)
    }

    /// The measure that the suite asks for.
    func scoring(of verdict: AgentRecord.Verdict?) -> Scoring {
        guard let verdict, let measure else { return .unscorable("the environment said nothing") }
        guard let value = verdict[measure] else {
            return .unscorable("the environment gives no \(measure.rawValue) here: \(verdict.explanation)")
        }
        guard (0...1).contains(value), let score = Score(value) else {
            return .unscorable("the environment's \(measure.rawValue) is not between 0 and 1")
        }
        return .score(signed(score), verdict.explanation)
    }
}
