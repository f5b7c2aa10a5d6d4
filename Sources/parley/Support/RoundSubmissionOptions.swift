// What `parley round draft` and `parley round freeze` share: a round file, or the name of a round that is there.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyRounds

struct RoundSubmissionOptions: ParsableArguments {
    @Argument(help: "The round file, or the name of a draft.")
    var file: String
    @Flag(help: "Let the built-in simulated provider play every model.")
    var simulated = false
    @OptionGroup var external: ExternalOptions
    @OptionGroup var seal: SealForOption
    @OptionGroup var sealed: SeedOption
    @OptionGroup var options: ChangeOptions

    private struct Document: Encodable {
        let round: RoundName
        let definitionHash: ContentHash
        let state: RoundState
        let signaturesNeeded: Int
        let dryRun: Bool
    }

    func submit(upTo state: RoundState) async throws {
        let document =
            try await FileManager.default.fileExists(atPath: file)
            ? submitFile(upTo: state) : move(to: state)
        if options.json { return try Console.json(document) }
        let word = options.dryRun ? "would be" : "is"
        let needed = document.signaturesNeeded
        let signing =
            needed == 0
            ? "Its parties do not sign it: it is one operator's."
            : "\(needed) parties sign it before it runs: `parley round sign \(document.round) --key FILE`."
        Console.print(
            "Round '\(document.round)' \(word) \(document.state.rawValue). \(document.definitionHash)\n\(signing)"
        )
    }

    private func submitFile(upTo state: RoundState) async throws -> Document {
        let plan = try external.plan(file, isSimulated: simulated)
        for warning in plan.warnings { Console.error("\(warning)") }
        let recipients = try seal.recipients
        let seed = try sealed.seed
        var reached = state
        var hash = plan.definitionHash
        if !options.dryRun {
            (reached, hash) = try await options.database.own(logger: options.log.logger("parley")).use { session in
                _ = try await session.queue.submit(
                    plan,
                    sealedFor: recipients,
                    boundTo: session.secrets,
                    seed: seed,
                    upTo: state,
                    by: options.authority
                )
                let record = try await session.round(plan.definition.name.text)
                return (record.state, record.definitionHash)
            }
        }
        return Document(
            round: plan.definition.name,
            definitionHash: hash,
            state: reached,
            signaturesNeeded: plan.definition.signatures ?? 0,
            dryRun: options.dryRun
        )
    }

    private func move(to state: RoundState) async throws -> Document {
        try await options.database.open(logger: options.log.logger("parley")).use { session in
            let record = try await session.round(file)
            let authority = try await session.authority(in: record.id, because: options.because)
            if !options.dryRun { try await session.queue.move(record.id, to: state, by: authority) }
            return Document(
                round: record.name,
                definitionHash: record.definitionHash,
                state: state,
                signaturesNeeded: try await session.queue.definition(of: record.id).signatures ?? 0,
                dryRun: options.dryRun
            )
        }
    }
}
