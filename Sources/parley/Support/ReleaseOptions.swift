// What a package means for its round: scores leave it. Before the round is published only a party gets its own, and
// everything else is a preview that says so. The ledger records every package before anything is written.

import ArgumentParser
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct ReleaseOptions: ParsableArguments {
    /// For whom a package is made.
    enum Reader: String {
        case party = "a party"
        case buyers
        case anybody

        init(recipient: String?, vendor: String?) {
            self = recipient != nil ? .party : vendor != nil ? .buyers : .anybody
        }

        fileprivate var opens: String { self == .buyers ? "the vendor's scores" : "every score" }
    }

    @Flag(help: "Make it although the round's findings are not released; it is marked as a preview.")
    var preview = false
    @Option(help: "Why; it stands in the ledger.")
    var because = ""

    /// Throws where scores would leave the round before its parties let them.
    func check(_ round: RoundRecord, for reader: Reader) throws {
        if reader == .party || round.state.isReleased { return }
        guard preview else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(round.name)' is \(round.state.rawValue): a package that opens \(reader.opens) is a release.",
                remedy: "`parley round publish \(round.name)` releases it; --preview makes one that says it is none."
            )
        }
        Console.error(
            "The round is \(round.state.rawValue), not released: this is a preview with \(reader.opens) open."
        )
    }

    /// Writes the package into the round's ledger. It names no party: a ledger outlives one that leaves.
    func record(
        _ package: PackageFiles,
        of round: RoundRecord,
        for reader: Reader,
        _ session: Session
    ) async throws {
        guard let manifest = package[.manifest] else { return }
        try await session.queue.append(
            to: round.id,
            reader == .party || round.state.isReleased ? "package released" : "package previewed",
            subject: "\(ContentHash(of: manifest)) for \(reader.rawValue)",
            by: session.authority(in: round.id, because: because)
        )
    }
}
