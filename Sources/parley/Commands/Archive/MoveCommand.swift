// parley move: a round goes to another server.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Take a round to another database, also while it runs.",
        discussion: """
            Nothing of the round is claimed from the beginning on, and what is in flight ends; then it is copied, \
            removed here, and goes on there with workers of that database. Other rounds run on, on both sides. At each \
            moment one side has the round: interrupted or killed, the same command goes on where it was, and \
            --give-up leaves the round here as long as it was not handed over.

            Needs logins that may act as the schema's owner, as `parley migrate` does, on both sides. Exit codes: 2 \
            refused; 3 jobs are still in flight, or the round changed meanwhile: run it again.

            Examples:
              parley move spring --to postgresql://postgres@second/parley --because "room on the second server"
              parley move spring --to postgresql://postgres@second/parley --give-up
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: ArgumentHelp("URL of the database to which it goes; its schema must be the same.", valueName: "url"))
    var to: String
    @Flag(help: "Take back what is in flight from its workers, and do not wait for it.")
    var now = false
    @Option(help: ArgumentHelp("The longest wait for what is in flight.", valueName: "seconds"))
    var wait = 600
    @Option(help: ArgumentHelp("Keep the archive that is made on the way.", valueName: "file"))
    var keep: String?
    @Flag(help: "Leave the round here after all.")
    var giveUp = false
    @OptionGroup var options: ChangeOptions

    private struct Document: Encodable {
        let round: RoundName
        let number: RoundID?
        let to: String
        let archive: ContentHash?
        let moved: Bool
        let dryRun: Bool
    }

    func run() async throws {
        let destination = try PostgresConfiguration(to)
        let logger = options.log.logger("parley")
        let name = RoundName(round)
        let document = try await options.use { source, session in
            // Interrupted before, it may be there by now.
            let known = try await source.known(name)
            let authority =
                if let known {
                    try await session.authority(in: known.id, because: options.because)
                } else { options.authority }
            return try await Session.shared(destination, logger: logger).use { _ in
                try await RoundStore.use(destination, logger: logger) { target in
                    try await move(name, source, target, by: authority)
                }
            }
        }
        if options.json { return try Console.json(document) }
        let verb = options.dryRun ? "would be moved to" : giveUp ? "stays; it was on its way to" : "is in"
        Console.print("Round '\(document.round)' \(verb) \(document.to).")
    }

    private func move(
        _ name: RoundName,
        _ source: RoundStore,
        _ target: RoundStore,
        by authority: CoordinatorQueue.Authority
    ) async throws -> Document {
        let transfer = RoundTransfer(from: source, to: target, by: authority)
        var result: RoundTransfer.Result?
        if options.dryRun {
            _ = try await transfer.found(name)
        } else if giveUp {
            try await transfer.giveUp(name)
        } else {
            let folder = FileManager.default.temporaryDirectory
            let temporary = folder.appendingPathComponent("parley-\(UUID()).archive")
            defer { if keep == nil { try? FileManager.default.removeItem(at: temporary) } }
            result = try await transfer.run(
                name,
                file: keep ?? temporary.path,
                takingBack: now,
                patience: .seconds(wait)
            )
        }
        return Document(
            round: name,
            number: result?.round,
            to: target.place,
            archive: try result?.manifest?.hash,
            moved: result != nil,
            dryRun: options.dryRun
        )
    }
}
