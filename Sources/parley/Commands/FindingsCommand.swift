// parley findings: what a round found.

import ArgumentParser
import ParleyCoordinator
import ParleyQueue
import ParleyReport

struct FindingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings",
        abstract: "Show what a round found, as far as it is.",
        discussion: """
            Rates and means come with intervals whose errors are clustered by sample, and with their denominators.

            Examples:
              parley findings demo
              parley findings demo --json > findings.json
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Flag(help: "Print as JSON (schemas/json/findings.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let findings = try await session.queue.findings(round: record.id)
            if json { return try Console.json(findings) }
            Console.print(findingsTable(findings, styled: Console.isStyled, width: Console.width))
        }
    }
}
