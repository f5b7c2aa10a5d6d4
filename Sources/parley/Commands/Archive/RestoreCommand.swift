// parley restore: a round from its file.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Take in a round from the file that `parley archive` wrote.",
        discussion: """
            Into the database that it came from, or into any other of the same schema. The round gets a number of that \
            database, and its jobs theirs; findings, ledger and evidence stay the same to the byte. Refused where the \
            round is, where another one has its name, and where its ledger went on apart from the archive's. Logins of \
            parties are not restored: give them with `parley party`.

            Needs a login that may act as the schema's owner, as `parley migrate` does. Exit codes: 2 refused; 7 the \
            file was changed; 8 it cannot be read, or is of another schema.

            Examples:
              parley restore spring.parley --dry-run
              parley restore spring.parley --database postgresql://postgres@host/parley
            """
    )

    @Argument(help: "The file.")
    var file: String
    @OptionGroup var options: ChangeOptions

    private struct Document: Encodable {
        let round: RoundName
        let number: RoundID?
        let archive: ContentHash
        let dryRun: Bool
    }

    func run() async throws {
        var reader = try ArchiveReader(file)
        let manifest = reader.manifest
        if options.dryRun { try reader.verify() }
        let number: RoundID? =
            options.dryRun
            ? nil
            : try await options.use(making: true) { store, _ in
                try await store.restore(file, settledBy: options.authority)
            }
        let document = Document(
            round: manifest.round.name,
            number: number,
            archive: try manifest.hash,
            dryRun: options.dryRun
        )
        if options.json { return try Console.json(document) }
        let rows = manifest.tables.reduce(0) { $0 + $1.rows }
        Console.print(
            "Round '\(document.round)' \(options.dryRun ? "would be" : "is") here: \(rows) rows, archive \(document.archive)."
        )
    }
}
