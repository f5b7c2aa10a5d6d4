// A move of a round between two servers. Who has it is decided by one commit, the removal at the source; all before it
// can be repeated, and so can what comes after it:
//
//     1 hold      source: leaving        nothing of it is claimed; what is in flight ends
//     2 archive   source ─▶ file
//     3 restore   target: arriving       nothing of it is claimed there either
//     4 remove    source: moved          from here on it is the target's
//     5 settle    target: here
//     6 sweep     source: its tables go

import Foundation
public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// A move of a round from one database to another.
public struct RoundTransfer: Sendable {
    private let source: RoundStore
    private let target: RoundStore
    private let authority: CoordinatorQueue.Authority

    public init(from source: RoundStore, to target: RoundStore, by authority: CoordinatorQueue.Authority) {
        self.source = source
        self.target = target
        self.authority = authority
    }

    /// What a move did.
    public struct Result: Sendable {
        /// Its number at the target.
        public let round: RoundID
        /// nil where it had been moved before.
        public let manifest: ArchiveManifest?
    }

    /// Moves it; a move that was cut off goes on.
    /// - Parameters:
    ///   - file: where the archive is written on the way
    ///   - takingBack: whether what is in flight is taken back from workers; else it ends by itself
    ///   - patience: the longest wait for what is in flight
    /// - Throws: `incomplete` where jobs were still in flight after that; the round stays held
    public func run(_ name: RoundName, file: String, takingBack: Bool, patience: Duration) async throws -> Result {
        let known = try await found(name)
        let there = try await target.known(name)
        if known.presence == .moved, known.elsewhere == "to \(target.place)", let there {
            if there.presence == .arriving, let archive = known.archive, there.archive == archive {
                try await target.settle(there.id, arrival(known, archive), by: authority)
            }
            try await source.sweep()
            return Result(round: there.id, manifest: nil)
        }
        if let there, there.presence == .here || there.presence == .leaving {
            throw ParleyFailure(
                .invalidInput,
                "A round named '\(name)' is there already, in \(target.place).",
                remedy: "`parley round list --database URL` says where rounds are."
            )
        }
        try await source.hold(known.id, to: target.place, by: authority)
        if takingBack { try await source.takeBack(known.id) }
        try await drain(known, patience)
        let manifest = try await source.archive(found(name), to: file)
        let round = try await target.restore(file)
        let archive = try manifest.hash
        try await source.remove(
            known.id,
            .moved(to: target.place, archive: archive),
            archived: manifest.copied
        )
        try await target.settle(round, arrival(known, archive), by: authority)
        return Result(round: round, manifest: manifest)
    }

    /// Gives up a move that was cut off before the round was the target's.
    public func giveUp(_ name: RoundName) async throws {
        let known = try await found(name)
        guard known.presence == .leaving else {
            throw ParleyFailure(.invalidInput, "Round '\(name)' is not being moved: \(known.presence.rawValue).")
        }
        if let there = try await target.known(name) { try await target.discard(there.id) }
        try await source.release(known.id, by: authority)
    }

    /// The round at the source.
    /// - Throws: `invalidInput` where the source does not know it
    public func found(_ name: RoundName) async throws -> RoundStore.Known {
        if let known = try await source.known(name) { return known }
        throw ParleyFailure(.invalidInput, "There is no round named '\(name)' in \(source.place).")
    }

    private func arrival(_ known: RoundStore.Known, _ archive: ContentHash) -> RoundStore.Arrival {
        RoundStore.Arrival(
            name: known.name,
            number: known.id,
            definitionHash: known.definitionHash,
            archive: archive,
            from: source.place
        )
    }

    private func drain(_ known: RoundStore.Known, _ patience: Duration) async throws {
        let end = ContinuousClock.now + patience
        while true {
            let held = try await source.held(known.id)
            if held == 0 { return }
            guard ContinuousClock.now < end else {
                throw ParleyFailure(
                    .incomplete,
                    "\(held) jobs of round '\(known.name)' are in flight; it is held, and nothing more is claimed.",
                    remedy: "Run the same command again, with --now to take them back, or with --give-up."
                )
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
