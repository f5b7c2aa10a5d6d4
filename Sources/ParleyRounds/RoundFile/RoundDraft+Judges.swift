// Judges that judge themselves: allowed, but said aloud.

import ParleyModel

extension RoundDraft {
    /// Warns of suites in which a model judges its own answers.
    func warnAboutJudges(_ mistakes: Mistakes) {
        for draft in suites {
            for judge in Set(draft.suite.scorer.grader?.judges ?? []).sorted() {
                let own = cells.filter { cell in
                    cell.suite == draft.suite.name && model(of: cell.configuration)?.name == model(of: judge)?.name
                }
                guard !own.isEmpty else { continue }
                let names = own.map(\.configuration.text).joined(separator: ", ")
                mistakes.warning(
                    "in '\(draft.suite.name)' the judge '\(judge)' judges its own model's answers (\(names))",
                    at: draft.place,
                    remedy: "let another model judge, or run the suite on others only"
                )
            }
        }
    }
}
