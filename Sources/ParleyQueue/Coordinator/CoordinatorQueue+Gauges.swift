// What is asked for monitoring alone, every few seconds: each statement reads small tables or the ends of indexes, and
// counts no outcome.

public import ParleyModel
import ParleyPostgres

/// What workers may use of a budget until they ask again.
public struct BudgetReserve: Hashable, Sendable {
    /// The budget's number, from 1.
    public let number: Int
    public let tokens: Int64
    public let money: Money
}

extension CoordinatorQueue {
    /// How long the longest waiting job of each stage could have been claimed; nothing where none waits.
    public func queueAges(round: RoundID) async throws -> [Stage: Duration] {
        let rows = try await query(.queueAges, [.int64(round.rawValue)]).map { row in
            (try row.int16("stage") == 0 ? Stage.probe : .grade, Duration.seconds(try row.float64("age")))
        }
        return Dictionary(rows, uniquingKeysWith: max)
    }

    /// What living workers may use of a round's budgets, what they have in flight included.
    public func budgetReserves(round: RoundID) async throws -> [BudgetReserve] {
        try await query(.budgetReserves, [.int64(round.rawValue)]).map { row in
            BudgetReserve(
                number: Int(try row.int32("budget_no")),
                tokens: try row.int64("tokens"),
                money: Money(billionths: try row.int64("cost"))
            )
        }
    }
}
