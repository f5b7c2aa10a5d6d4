// parley questions: what a round leaves open, and what it would be worth to know.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyReport

struct QuestionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "Rank the questions that a round leaves open, each with its evidence.",
        discussion: """
            Questions come from findings that lie far from their like, comparisons that could not see what matters, \
            missing outcomes, judges that nobody held against people, flags, and areas without a finding. The weight \
            says how many times over the evidence exceeds what would leave the matter settled.

            Examples:
              parley questions spring
              parley questions spring --relevant 0.03 --json
            """
    )

    @Argument(help: "The round.")
    var round: String
    @OptionGroup var relevant: RelevantOption
    @OptionGroup var labels: LabelsOption
    @Flag(help: "Print as JSON (schemas/json/questions.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let found = try await session.queue.locate(RoundName(round))
            let findings = try await found.queue.findings(round: found.record.id, labels: labels.file)
            let document = QuestionsDocument(findings, relevantDifference: relevant.difference)
            if json { return try Console.json(document) }
            Console.print(questionsText(document, styled: Console.isStyled, width: Console.width))
        }
    }
}
