// parley budget: what was used of a round's budgets, and setting their caps.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyModel
import ParleyQueue

struct BudgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget",
        abstract: "Show the budgets of a round, or set the caps of one.",
        discussion: """
            At its cap a budget stops the part of the round that it holds for; the findings name the cells that are \
            incomplete. A higher cap lets it go on. What was used counts failed and killed attempts too: those of which \
            nothing is known with all that was reserved for them.

            Examples:
              parley budget spring
              parley budget spring 1 --money 250 --because "agreed on the call of 12 May"
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Argument(help: "The budget's number, from 1, in the order of the round file.")
    var number: Int?
    @Option(help: "The new cap of tokens.")
    var tokens: Int64?
    @Option(help: "The new cap of money, in the round's currency.")
    var money: Double?
    @Option(help: ArgumentHelp("Why; kept in the ledger.", valueName: "text"))
    var because = ""
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if (tokens != nil || money != nil) != (number != nil) {
            throw ValidationError("to set a cap, give the budget's number and --tokens, --money or both")
        }
        if let tokens, tokens < 0 { throw ValidationError("--tokens takes 0 or more") }
        if let money, !(0...9e9).contains(money) { throw ValidationError("--money takes 0 to 9e9") }
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            if let number { try await set(number, record, session) }
            let budgets = try await session.queue.budgets(round: record.id)
            if json { return try Console.json(budgets.map(StatusDocument.Budget.init)) }
            let currency = try await session.queue.currency(of: record.id)
            for budget in budgets { Console.print(StatusDocument.Budget(budget).line(currency: currency)) }
            if budgets.isEmpty { Console.print("Round '\(record.name)' has no budgets.") }
        }
    }

    private func set(_ number: Int, _ record: RoundRecord, _ session: Session) async throws {
        let budgets = try await session.queue.budgets(round: record.id)
        guard budgets.contains(where: { $0.number == number }) else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(record.name)' has no budget \(number).",
                remedy: budgets.isEmpty ? "It has none." : "It has 1 to \(budgets.count)."
            )
        }
        let changed = try await session.queue.setBudget(
            record.id,
            number: number,
            tokens: tokens,
            money: money.map { Money(billionths: Int64(($0 * Double(Money.unit)).rounded())) },
            by: session.authority(in: record.id, because: because)
        )
        Console.error(changed ? "Budget \(number) is set." : "Nothing to do: it was so before.")
    }
}
