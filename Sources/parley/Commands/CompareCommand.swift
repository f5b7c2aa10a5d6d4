// parley compare: what changed from one round to another.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare a round with an earlier one.",
        discussion: """
            Cells of the same suite and configuration are compared on the samples that both rounds hold, as later minus \
            earlier. A change is 'improved' or 'regressed' where it is significant over the whole table, 'unchanged' \
            where the interval rules a relevant change out, 'not comparable' where the scorer or solver changed, and \
            'insufficient evidence' otherwise. Samples of held-out suites are named by commitments, which differ from round \
            to round: whoever holds the suite's key pairs them by --seal-key, and without it they are 'not comparable'. A \
            round may be on any server that `parley servers list` names.

            Examples:
              parley compare spring autumn
              parley compare spring autumn --relevant 0.03 --json
              parley compare spring autumn --seal-key north.seal.key
            """
    )

    @Argument(help: "The earlier round.")
    var earlier: String
    @Argument(help: "The later round.")
    var later: String
    @OptionGroup var relevant: RelevantOption
    @Flag(help: "Print as JSON (schemas/json/comparison.schema.json).")
    var json = false
    @OptionGroup var sealKey: SealKeyOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        guard earlier != later else { throw ValidationError("name two rounds; '\(later)' is compared with itself") }
    }

    func run() async throws {
        let key = try sealKey.key
        try await database.open(logger: log.logger("parley")).use { session in
            let comparison = try await comparison(
                earlier: session.queue.locate(RoundName(earlier)),
                later: session.queue.locate(RoundName(later)),
                relevantDifference: relevant.difference,
                with: key
            )
            if json { return try Console.json(comparison) }
            Console.print(roundComparisonTable(comparison, styled: Console.isStyled, width: Console.width))
        }
    }
}
