// Held-out suites: what is sent to somebody else's provider is disclosed to it. So a term against training must be
// recorded for each model that would see the samples, a judge's and a simulated user's included, and what has expired is
// not sent at all.

import Foundation
import ParleyModel

extension RoundDraft {
    /// Reports what a held-out suite may not do.
    /// - Parameter today: `YYYY-MM-DD`
    func checkHeldOut(_ mistakes: Mistakes, today: String) {
        for draft in suites {
            let suite = draft.suite
            guard suite.isHeldOut else {
                if suite.expires != nil || suite.canary != nil {
                    mistakes.error(
                        "the suite '\(suite.name)' has 'expires' or 'canary' and is not held out",
                        at: draft.namePlace,
                        remedy: "write held_out: true, or remove them"
                    )
                }
                continue
            }
            if let expires = suite.expires { check(expires, of: suite, at: draft.namePlace, today, mistakes) }
            let callers = cells.filter { $0.suite == suite.name }.map(\.configuration)
            guard !callers.isEmpty else { continue }
            var seen: Set<ModelName> = []
            for model in (callers + suite.helpers).compactMap({ self.model(of: $0) })
            where model.party != suite.party && model.noTraining == nil && seen.insert(model.name).inserted {
                mistakes.error(
                    "the held-out suite '\(suite.name)' would be sent to '\(model.name)' of '\(model.party)', for which no "
                        + "term against training is recorded",
                    at: draft.namePlace,
                    remedy: "write no_training: WHERE IT IS AGREED under that model, or do not run the suite with it"
                )
            }
        }
    }

    private func check(_ day: String, of suite: Suite, at place: Place?, _ today: String, _ mistakes: Mistakes) {
        guard day.wholeMatch(of: /[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])/) != nil else {
            return mistakes.error(
                "'expires' of '\(suite.name)' is no day",
                at: place,
                remedy: "write it as YYYY-MM-DD, for instance expires: 2027-06-30"
            )
        }
        // Days in this form are in the order of their texts.
        guard day < today else { return }
        mistakes.error(
            "the held-out suite '\(suite.name)' expired on \(day)",
            at: place,
            remedy: "write new samples; one that was sent out for long is known"
        )
    }
}

extension PlanOptions {
    /// The machine's day in UTC.
    public static var currentDay: String { Date.now.formatted(.iso8601.year().month().day()) }
}
