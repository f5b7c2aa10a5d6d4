// Which part of a round a command is about, and why it is done.

import ArgumentParser
import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct PartOptions: ParsableArguments {
    @Argument(help: "The round.")
    var round: String
    @Option(help: ArgumentHelp("Only models of this party.", valueName: "name"))
    var party: String?
    @Option(help: ArgumentHelp("Only this model.", valueName: "name"))
    var model: String?
    @Option(help: ArgumentHelp("Only this suite.", valueName: "name"))
    var suite: String?

    var part: RoundPart {
        RoundPart(party: party.map { Name($0) }, model: model.map { Name($0) }, suite: suite.map { Name($0) })
    }

    /// The part in words, for messages.
    var text: String {
        let parts = [party.map { "party \($0)" }, model.map { "model \($0)" }, suite.map { "suite \($0)" }]
            .compactMap { $0 }
        return parts.isEmpty ? "round '\(round)'" : "\(parts.joined(separator: ", ")) of round '\(round)'"
    }

    /// Opens the round and does something to this part of it.
    func control(
        _ action: CoordinatorQueue.Action,
        now: Bool,
        because reason: String,
        _ database: DatabaseOptions,
        _ log: LogOptions
    ) async throws -> CoordinatorQueue.Effect {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            if [.pause, .cancel].contains(action), !record.state.isOpen { throw ended(record) }
            do {
                return try await session.queue.control(
                    action,
                    record.id,
                    part,
                    now: now,
                    by: session.authority(in: record.id, because: reason)
                )
            } catch let error as PostgresError where error.sqlState == "P0002" {
                throw await nothingFound(record, session)
            }
        }
    }

    /// The error for a round that has no jobs to be run any more.
    private func ended(_ record: RoundRecord) -> ParleyFailure {
        ParleyFailure(
            .invalidInput,
            "Round '\(record.name)' has ended: it is \(record.state.rawValue), and nothing of it runs.",
            remedy: "Where its findings should not stand: `parley round retire \(record.name)`."
        )
    }

    /// The error for a part that the round does not have.
    func nothingFound(_ record: RoundRecord, _ session: Session) async -> ParleyFailure {
        let streams = (try? await session.queue.status(round: record.id).streams) ?? []
        func names(_ values: [String]) -> String { Set(values).sorted().joined(separator: ", ") }
        return ParleyFailure(
            .invalidInput,
            "There is no \(text).",
            remedy: "Parties: \(names(streams.map(\.party.text))). Models: \(names(streams.map(\.model.text))). "
                + "Suites: \(names(streams.map(\.suite.text)))."
        )
    }
}

extension CoordinatorQueue.Effect {
    /// What was done, for people.
    func text(_ verb: String, _ part: String) -> String {
        if !isChange { return "Nothing to do: \(part) was \(verb) before." }
        let taken = jobs > 0 ? " \(jobs) jobs in flight were taken back." : ""
        let waited = waits > 0 ? " Models that are called at once, and no longer waited for: \(waits)." : ""
        return "\(part.prefix(1).uppercased())\(part.dropFirst()) is \(verb).\(taken)\(waited)"
    }
}
