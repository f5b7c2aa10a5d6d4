// parley drop: a round's rows go.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct DropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Remove a round's rows; what was agreed, and its ledger, stay.",
        discussion: """
            Every byte of the archive is checked first, and that the round is still what was archived. The ledger says \
            that it was dropped and which archive holds it, and `parley round list` does. Workers and other rounds do \
            not wait, however many rows go. A running round is not dropped.

            Needs a login that may act as the schema's owner, as `parley migrate` does. Exit codes: 2 refused; 3 the \
            round changed since; 7 the archive was changed; 8 it cannot be read.

            Examples:
              parley drop spring --archive spring.parley --dry-run
              parley drop spring --archive spring.parley --because "in the archive of 2026"
              parley drop try-out --without-archive --confirm try-out
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: ArgumentHelp("The archive that holds it.", valueName: "file"))
    var archive: String?
    @Flag(help: "Remove it for good. Needs --confirm.")
    var withoutArchive = false
    @Option(help: ArgumentHelp("The round's name once more.", valueName: "round"))
    var confirm: String?
    @OptionGroup var options: ChangeOptions

    private struct Document: Encodable {
        let round: RoundName
        let archive: ContentHash?
        let dropped: Bool
        let dryRun: Bool
    }

    func validate() throws {
        guard (archive != nil) != withoutArchive else {
            throw ValidationError("Give --archive FILE, or --without-archive.")
        }
        if withoutArchive, confirm != round, !options.dryRun {
            throw ValidationError("What goes without an archive is gone: give --confirm \(round) as well.")
        }
    }

    func run() async throws {
        let document = try await options.use { store, session in
            let known = try await store.present(round, session)
            let authority = try await session.authority(in: known.id, because: options.because)
            let manifest = try archive.map { try Self.verified($0, known) }
            if !options.dryRun {
                try await store.remove(
                    known.id,
                    .dropped(archive: manifest?.hash, by: authority),
                    archived: manifest?.copied
                )
            }
            return Document(
                round: known.name,
                archive: try manifest?.hash,
                dropped: !options.dryRun,
                dryRun: options.dryRun
            )
        }
        if options.json { return try Console.json(document) }
        let place = document.archive.map { "it is in archive \($0)" } ?? "no archive holds it"
        Console.print("Round '\(document.round)' \(options.dryRun ? "would be" : "was") dropped: \(place).")
    }

    private static func verified(_ file: String, _ known: RoundStore.Known) throws -> ArchiveManifest {
        var reader = try ArchiveReader(file)
        let manifest = reader.manifest
        guard manifest.round.name == known.name, manifest.round.definitionHash == known.definitionHash else {
            throw ParleyFailure(
                .invalidInput,
                "\(file) holds round '\(manifest.round.name)' of definition \(manifest.round.definitionHash), not '\(known.name)'."
            )
        }
        try reader.verify()
        return manifest
    }
}
