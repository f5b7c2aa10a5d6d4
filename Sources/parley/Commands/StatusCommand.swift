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
              parley status demo --dead
            """
    )

    @Argument(help: "The round; all of them where none is named.")
    var round: String?
    @Flag(help: "List the dead jobs of the round with their reasons.")
    var dead = false
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if dead, round == nil { throw ValidationError("--dead needs a round") }
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let records = try await round == nil ? session.queue.rounds() : [session.round(round ?? "")]
            if dead, let record = records.first { return try await printDead(record, session) }
            var document = StatusDocument(rounds: [])
            for record in records {
                document.rounds.append(.init(record, try await session.queue.status(round: record.id)))
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
        Console.print("  ready \(queue.ready), waiting \(queue.waiting), held \(queue.leased), dead \(queue.dead)")
        Console.print("  \(round.finishedLastMinute) finished in the last minute, cost so far \(round.cost.value)")
        for pause in round.paused {
            Console.print("  PAUSED \(pause.account)/\(pause.model): \(Escape.terminal(pause.reason))")
        }
    }

    private func printDead(_ record: RoundRecord, _ session: Session) async throws {
        struct Row: Encodable {
            let job: Int64
            let attempts: Int
            let failureClass: String
            let message: String
            let ruling: Ruling?
        }
        let rows = try await session.queue.deadJobs(round: record.id).map {
            Row(
                job: $0.job.rawValue,
                attempts: $0.attempt,
                failureClass: $0.failureClass,
                message: $0.message,
                ruling: $0.ruling
            )
        }
        if json { return try Console.json(rows) }
        for row in rows {
            let ruling = row.ruling.map { ", ruled \($0.rawValue)" } ?? ""
            let message = Escape.terminal(row.message)
            Console.print("\(row.job)  \(row.failureClass) after \(row.attempts) attempts\(ruling): \(message)")
        }
        if rows.isEmpty { Console.print("No job of '\(record.name)' is dead.") }
    }
}
