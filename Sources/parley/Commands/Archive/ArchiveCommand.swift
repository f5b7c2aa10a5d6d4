// parley archive: a round in one file.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Write all of a round, its ledger included, into one file.",
        discussion: """
            The file holds what the database holds: what is sealed stays sealed, what is open is open, so keep it as you \
            keep the database. Its name in ledgers is the hash of its manifest, which holds the hash of each table. The \
            round stays where it is; `parley drop` removes it. A round of which jobs are in flight is paused first.

            Needs a login that may act as the schema's owner, as `parley migrate` does.

            Example:
              parley archive spring spring.parley
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Argument(help: "The file to write.")
    var file: String
    @OptionGroup var options: ChangeOptions

    func run() async throws {
        let manifest: ArchiveManifest? = try await options.use { store, session in
            let known = try await store.present(round, session)
            let authority = try await session.authority(in: known.id, because: options.because)
            if options.dryRun { return nil }
            let manifest = try await store.archive(known, to: file)
            try await session.queue.append(
                to: known.id,
                "archived",
                subject: "archive \(manifest.hash)",
                by: authority
            )
            return manifest
        }
        guard let manifest else { return Console.print("Round '\(round)' would be written to \(file).") }
        if options.json { return try Console.json(manifest) }
        Console.print("Round '\(manifest.round.name)' is in \(file).")
        for table in manifest.tables where table.rows > 0 {
            Console.print("  \(table.name)  \(table.rows) rows, \(table.storedBytes) bytes")
        }
        Console.print("archive \(try manifest.hash)")
    }
}
