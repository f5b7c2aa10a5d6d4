// What the commands share that take a round to its next state.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue

struct RoundMove: ParsableArguments {
    @Argument(help: "The round.")
    var round: String
    @OptionGroup var options: ChangeOptions

    private struct Document: Encodable {
        let round: RoundName
        let from: RoundState
        let to: RoundState
        let moved: Bool
        let dryRun: Bool
    }

    /// Takes the round to the state that follows from where it is.
    func move(to state: (RoundRecord) -> RoundState) async throws {
        let document = try await options.database.open(logger: options.log.logger("parley")).use { session in
            let record = try await session.round(round)
            return try await move(record, to: state(record), session)
        }
        if options.json { return try Console.json(document) }
        let word = document.moved ? (options.dryRun ? "would be" : "is") : "was already"
        Console.print("Round '\(document.round)' \(word) \(document.to.rawValue).")
    }

    private func move(_ record: RoundRecord, to state: RoundState, _ session: Session) async throws -> Document {
        let authority = try await session.authority(in: record.id, because: options.because)
        var moved = record.state != state
        if moved {
            try await check(record, state, session.queue)
            if state == .running { try await session.queue.requireSignatures(record) }
            if !options.dryRun {
                moved =
                    try await state == .running
                    ? session.queue.start(record, by: authority)
                    : session.queue.move(record.id, to: state, by: authority)
            }
        }
        return Document(round: record.name, from: record.state, to: state, moved: moved, dryRun: options.dryRun)
    }

    private func check(_ record: RoundRecord, _ state: RoundState, _ queue: CoordinatorQueue) async throws {
        let possible = try await queue.transitions(from: record.state)
        guard !possible.contains(state) else { return }
        throw ParleyFailure(
            .invalidInput,
            "Round '\(record.name)' is \(record.state.rawValue) and cannot be \(state.rawValue).",
            remedy: possible.isEmpty
                ? "Nothing follows after \(record.state.rawValue)."
                : "From here it can be \(possible.map(\.rawValue).joined(separator: ", "))."
        )
    }
}
