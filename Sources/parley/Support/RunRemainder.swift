// What a run left undone, and what the person can do about it: the reason for which `parley run` ends with another code
// than 0.

import ParleyModel
import ParleyQueue

struct RunRemainder {
    private let record: RoundRecord
    private let status: RoundStatus

    init(_ record: RoundRecord, _ status: RoundStatus) {
        self.record = record
        self.status = status
    }

    /// Throws the first reason for which the round is not complete; returns where it is.
    func check(budgets: [BudgetStatus]) throws {
        let left = status.ready + status.waiting + status.leased
        if let pause = status.paused.first {
            throw ParleyFailure(
                .incomplete,
                "\(left) jobs remain, and account '\(pause.account)' is paused: \(pause.pauseReason ?? "")",
                remedy: "Mend the cause and run the same command again: a new run lets paused streams go on."
            )
        }
        if left > 0, let budget = budgets.first(where: \.isExhausted) {
            let cells = Set(status.streams.filter { $0.ready + $0.waiting > 0 && !$0.isCancelled }.map(\.cell))
            throw ParleyFailure(
                .incomplete,
                "\(left) jobs in \(cells.count) cells remain: the budget for \(budget.scope) is used up.",
                remedy:
                    "Raise it with `parley budget \(record.name) \(budget.number) --money N` (or --tokens N) and run "
                    + "the same command again."
            )
        }
        if left > 0 {
            throw ParleyFailure(
                .interrupted,
                "Interrupted with \(left) jobs to do; \(status.done) are done and kept.",
                remedy: "Run the same command again to continue."
            )
        }
        if status.cancelled > 0 {
            throw ParleyFailure(
                .incomplete,
                "\(status.cancelled) jobs were cancelled; the findings name the cells that are incomplete.",
                remedy: "`parley resume \(record.name) --cancelled` takes that back; then run the same command again."
            )
        }
        if status.unruled > 0 {
            throw ParleyFailure(
                .incomplete,
                "\(status.unruled) jobs are dead: their retries are spent. They count as failed in the findings.",
                remedy:
                    "`parley dead list \(record.name)` lists them with their reasons; `parley dead rule` rules on them."
            )
        }
    }
}
