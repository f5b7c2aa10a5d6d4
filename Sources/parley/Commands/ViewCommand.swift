// parley view: a round as one of its parties sees it.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyReport

struct ViewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Show a round as a party sees it, by the party's own login.",
        discussion: """
            Everything that the party may see by now, and the name of what is withheld. The database decides it, by the \
            round's state; `parley party grant` gives a login its party.

            Examples:
              parley view --database postgresql://south_reader@host/parley
              parley view spring --database postgresql://south_reader@host/parley --json
            """
    )

    @Argument(help: "The round; the list of the party's rounds where none is named.")
    var round: String?
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        guard let configuration = try database.shared() else {
            throw ParleyFailure(
                .invalidInput,
                "A party reads a shared database.",
                remedy: "Give --database URL or PARLEY_DATABASE_URL with the party's login."
            )
        }
        let pool = PostgresPool(configuration, maximum: 1, logger: log.logger("parley"))
        do {
            try await show(PartyReader(pool: pool))
            await pool.close()
        } catch let error as PostgresError where error.sqlState == "42501" {
            await pool.close()
            throw ParleyFailure(
                .invalidInput,
                "This login is no party's: it is no member of \(QueueSchema.partyRole).",
                remedy: "As the database's administrator: grant \(QueueSchema.partyRole) to LOGIN."
            )
        } catch {
            await pool.close()
            throw error
        }
    }

    private func show(_ reader: PartyReader) async throws {
        guard let round else {
            let rounds = try await reader.rounds()
            if json { return try Console.json(rounds) }
            for round in rounds { Console.print("\(round.round): \(round.state.rawValue), as \(round.party)") }
            if rounds.isEmpty { Console.print("This login sees no round yet.") }
            return
        }
        guard let view = try await reader.view(of: RoundName(round)) else {
            throw ParleyFailure(
                .invalidInput,
                "This login sees no round '\(round)'.",
                remedy: "`parley view` lists those that it sees; an observer sees a round once it is published."
            )
        }
        if json { return try Console.json(view) }
        Console.print(text(of: view))
    }

    private func text(of view: ViewDocument) -> String {
        let head = "\(view.round.round): \(view.round.state.rawValue), as \(view.round.party)"
        let suites = view.suites.map { suite in
            "\(suite.suite) of \(suite.party): \(suite.samples) samples\(suite.heldOut ? ", held out" : ""), "
                + "prompts \(suite.prompts.rawValue), rubric \(suite.rubric.rawValue)"
        }
        let cells = view.cells.map { cell in
            let name = "\(cell.suite)  \(cell.configuration) of \(cell.party)"
            guard cell.status == .shown else { return "\(name): withheld" }
            guard let finding = cell.finding else { return "\(name): no outcome" }
            let estimate =
                finding.estimate.map { "\(finding.measure ?? "mean") \(NumberText.fixed($0, decimals: 3))" }
                ?? "no estimate"
            let interval = finding.interval.map {
                " (\(NumberText.fixed($0.lower, decimals: 3)) to \(NumberText.fixed($0.upper, decimals: 3)))"
            }
            return "\(name): \(estimate)\(interval ?? ""), \(finding.counted) counted of \(cell.planned), "
                + "transcripts \(cell.transcripts.rawValue)"
        }
        return ([head] + suites + cells).joined(separator: "\n")
    }
}
