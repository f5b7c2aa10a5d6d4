// parley submit: queue a round on a shared database, for workers elsewhere.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyRounds

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Queue a round for workers; submitting again adds only what is missing.",
        discussion: """
            Examples:
              parley submit round.yaml --database postgresql://host/parley
              parley submit round.yaml --simulated     # then: parley simulate --round round.yaml
            """
    )

    @Argument(help: "The round file.")
    var file: String
    @Flag(help: "Let `parley simulate` at its default address play every model.")
    var simulated = false
    @Flag(help: "Print what was done as JSON.")
    var json = false
    @OptionGroup var external: ExternalOptions
    @OptionGroup var seal: SealForOption
    @OptionGroup var sealed: SeedOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Document: Encodable {
        let round: RoundName
        let definitionHash: ContentHash
        let enqueued: Int
        let existed: Bool
    }

    func run() async throws {
        let plan = try external.plan(file, isSimulated: simulated)
        for warning in plan.warnings { Console.error("\(warning)") }
        let recipients = try seal.recipients
        let seed = try sealed.seed
        let submission = try await database.own(logger: log.logger("parley")).use {
            try await $0.queue.submit(
                plan,
                sealedFor: recipients,
                boundTo: $0.secrets,
                seed: seed,
                by: .init(actor: Session.person)
            )
        }
        let name = plan.definition.name
        if json {
            try Console.json(
                Document(
                    round: name,
                    definitionHash: submission.definitionHash,
                    enqueued: submission.enqueued,
                    existed: submission.existed
                )
            )
        } else {
            let what = submission.existed ? "was there; " : ""
            Console.print("Round '\(name)' \(what)\(submission.enqueued) jobs queued. \(submission.definitionHash)")
        }
    }
}
