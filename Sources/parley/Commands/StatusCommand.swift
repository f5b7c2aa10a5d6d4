// parley status: how far rounds are.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how far rounds are.",
        discussion: """
            Examples:
              parley status
              parley status demo --json
            """
    )

    @Argument(help: "The round; all of them where none is named.")
    var round: String?
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let records = try await round == nil ? session.queue.rounds() : [session.round(round ?? "")]
            var document = StatusDocument(rounds: [])
            for record in records {
                document.rounds.append(try await session.queue.statusDocument(record))
            }
            if json { return try Console.json(document) }
            for round in document.rounds { show(round) }
            if document.rounds.isEmpty { Console.print("No round was submitted yet.") }
        }
    }

    private func show(_ round: StatusDocument.Round) {
        let kinds = OutcomeKind.allCases.compactMap { kind in
            round.kinds[kind].flatMap { $0 > 0 ? "\(kind.name) \($0)" : nil }
        }
        Console.print("\(round.round): \(round.state.rawValue)\(round.simulated ? " (SIMULATED models)" : "")")
        Console.print("  \(round.done) of \(round.planned) probes done: \(kinds.joined(separator: ", "))")
        if round.graded > 0 { Console.print("  \(round.graded) judgements made") }
        let queue = round.queue
        Console.print(
            "  ready \(queue.ready), waiting \(queue.waiting), held \(queue.leased), dead \(queue.dead)"
                + (queue.cancelled > 0 ? ", cancelled \(queue.cancelled)" : "")
        )
        Console.print("  \(round.finishedLastMinute) finished in the last minute, cost so far \(round.cost.value)")
        for pause in round.paused {
            Console.print("  PAUSED \(pause.account)/\(pause.model): \(Escape.terminal(pause.reason))")
        }
        for limit in round.limits {
            let state =
                limit.failing ? "FAILING, tried now and then" : "takes \(limit.allowed) of \(limit.ceiling) at a time"
            let pause = limit.pausedSeconds > 0 ? ", waits \(limit.pausedSeconds) s" : ""
            Console.print("  limit \(limit.account)/\(limit.model): \(state)\(pause)")
        }
        for budget in round.budgets { Console.print("  budget \(budget.line)") }
        for held in round.stuck {
            Console.print(
                "  STUCK job \(held.job) (\(held.suite), \(held.model)) for \(Int(held.seconds)) s on worker "
                    + "\(held.worker) '\(Escape.terminal(held.workerName))'"
            )
        }
    }
}
