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
            Of a named round also what its cells come to so far. These are interim figures: they change until the \
            round is complete, and nothing should be concluded from them.

            Examples:
              parley status
              parley status demo --json
              parley status demo --watch 5
            """
    )

    @Argument(help: "The round; all of them where none is named.")
    var round: String?
    @Flag(help: "Print as JSON.")
    var json = false
    @Option(help: "Show a named round again every so many seconds, until Ctrl-C.")
    var watch: Int?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        guard let watch else { return }
        if round == nil { throw ValidationError("--watch needs a round: parley status ROUND --watch 5") }
        if json { throw ValidationError("--watch and --json cannot be used together") }
        if watch < 1 { throw ValidationError("--watch takes whole seconds from 1") }
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            if let round {
                try await show(round, session)
            } else {
                try await showAll(session.queue)
            }
        }
    }

    private func show(_ round: String, _ session: Session) async throws {
        let live = try await LiveFindings.of(session.round(round).id, in: session.queue)
        while true {
            let status = try await session.queue.statusDocument(session.round(round), live: live)
            if json { return try Console.json(StatusDocument(rounds: [status])) }
            // Home, and nothing below, so that a redrawn screen does not flicker.
            if watch != nil, Console.isStyled { Console.print("\u{1B}[H\u{1B}[2J\u{1B}[1A") }
            show(status)
            guard let watch else { return }
            try await Task.sleep(for: .seconds(watch))
        }
    }

    private func showAll(_ queue: CoordinatorQueue) async throws {
        var document = StatusDocument(rounds: [])
        for record in try await queue.rounds() { document.rounds.append(try await queue.statusDocument(record)) }
        if json { return try Console.json(document) }
        for round in document.rounds { show(round) }
        if document.rounds.isEmpty { Console.print("No round was submitted yet.") }
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
        let cost = NumberText.money(round.cost, currency: round.currency)
        Console.print("  \(round.finishedLastMinute) finished in the last minute, cost so far \(cost)")
        for pause in round.paused {
            Console.print("  PAUSED \(pause.account)/\(pause.model): \(Escape.terminal(pause.reason))")
        }
        for limit in round.limits {
            let state =
                limit.failing ? "FAILING, tried now and then" : "takes \(limit.allowed) of \(limit.ceiling) at a time"
            let pause = limit.pausedSeconds > 0 ? ", waits \(limit.pausedSeconds) s" : ""
            Console.print("  limit \(limit.account)/\(limit.model): \(state)\(pause)")
        }
        for budget in round.budgets { Console.print("  budget \(budget.line(currency: round.currency))") }
        for held in round.stuck {
            Console.print(
                "  STUCK job \(held.job) (\(held.suite), \(held.model)) for \(Int(held.seconds)) s on worker "
                    + "\(held.worker) '\(Escape.terminal(held.workerName))'"
            )
        }
        if !round.estimates.isEmpty {
            Console.print("  so far, and not to be concluded from:")
            Console.print(liveTable(round.estimates, styled: Console.isStyled, width: Console.width))
        }
    }
}
