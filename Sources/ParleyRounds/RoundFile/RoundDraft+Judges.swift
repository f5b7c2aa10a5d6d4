// Judges that judge themselves, and suites whose judges are all of one vendor: allowed, but said aloud, and the second
// refused where the round says so.

import ParleyModel

/// What a round makes of a suite that has no two judges of different vendors. A vendor is the party of the judge's model.
enum VendorRule: String, CaseIterable {
    /// It is a mistake.
    case require
    /// It is a warning where several judge, all of one vendor.
    case warn
    /// Nothing is said.
    case any
}

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

    /// Reports suites without two judges of different vendors: judges favour their kin, and one vendor's judges do so
    /// together.
    func checkVendors(_ mistakes: Mistakes) {
        for draft in suites {
            guard let judges = draft.suite.scorer.grader?.judges, vendors != .any else { continue }
            let parties = Set(judges.compactMap { model(of: $0)?.party })
            guard parties.count < 2, vendors == .require || judges.count > 1 else { continue }
            let of = parties.first.map { ", all of '\($0)'" } ?? ""
            let message = "'\(draft.suite.name)' has no two judges of different vendors (\(judges.count) judges\(of))"
            let remedy = "name a judge whose model is another party's, or set grading: { vendors: any }"
            if vendors == .require {
                mistakes.error(message, at: draft.place, remedy: remedy)
            } else {
                mistakes.warning(message, at: draft.place, remedy: remedy)
            }
        }
    }
}
