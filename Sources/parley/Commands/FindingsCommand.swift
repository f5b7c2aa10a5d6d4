// parley findings: what a round found.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct FindingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings",
        abstract: "Show what a round found, as far as it is.",
        discussion: """
            Rates and means come with intervals whose errors are clustered by sample, and with their denominators. Of \
            suites that models judge, how far the judges agree; with people's labels (`parley audit`, or --labels), how far each \
            errs on each configuration and what the estimate is once that is corrected.

            Examples:
              parley findings demo
              parley findings demo --json > findings.json
              parley findings demo --csv cells > cells.csv
              parley findings demo --bootstrap 10000
              parley findings demo --labels audit.csv
              parley findings demo --grader 2
            """
    )

    @Argument(help: "The round.")
    var round: String
    @OptionGroup var format: FindingsFormat
    @OptionGroup var bootstrap: BootstrapOption
    @OptionGroup var permutations: PermutationOption
    @OptionGroup var labels: LabelsOption
    @OptionGroup var grader: GraderOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let found = try await session.queue.locate(RoundName(round))
            let findings = try await found.queue.findings(
                round: found.record.id,
                resamples: bootstrap.resamples,
                permutations: permutations.draws,
                labels: labels.file,
                grader: grader.version
            )
            try format.print(
                findings,
                cells: findings.cells,
                comparisons: findings.comparisons,
                judges: findings.judges
            ) {
                findingsTable(findings, styled: $0, width: $1)
            }
        }
    }
}
