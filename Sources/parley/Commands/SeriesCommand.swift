// parley series: several rounds side by side.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct SeriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "series",
        abstract: "Show what each of several rounds found, and what changed from each to the next.",
        discussion: """
            The rounds are named in their order, the earliest first. Each may be on any server that `parley servers list` \
            names; that server sums its outcomes up by sample, and the sums are put together here. What changed is said as \
            by `parley compare`.

            Examples:
              parley series spring autumn winter
              parley series spring autumn winter --relevant 0.03 --json
            """
    )

    @Argument(help: "The rounds, the earliest first.")
    var rounds: [String]
    @OptionGroup var relevant: RelevantOption
    @Flag(help: "Print as JSON (schemas/json/series-findings.schema.json).")
    var json = false
    @OptionGroup var sealKey: SealKeyOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        guard rounds.count > 1, Set(rounds).count == rounds.count else {
            throw ValidationError("name two rounds or more, each once")
        }
    }

    func run() async throws {
        let key = try sealKey.key
        try await database.open(logger: log.logger("parley")).use { session in
            var found: [RoundDirectory.Entry] = []
            for round in rounds { found.append(try await session.queue.locate(RoundName(round))) }
            let series = try await seriesFindings(found, relevantDifference: relevant.difference, with: key)
            if json { return try Console.json(series) }
            Console.print(seriesTable(series, styled: Console.isStyled, width: Console.width))
        }
    }
}
