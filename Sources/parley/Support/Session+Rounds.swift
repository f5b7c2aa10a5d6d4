// Finding the round that a command is about, and who is asking.

import Foundation
import ParleyCoordinator
import ParleyModel
import ParleyQueue

extension Session {
    /// Who runs this command, for the ledger of events: `PARLEY_ACTOR`, else the user's login.
    static var person: String {
        let environment = ProcessInfo.processInfo.environment
        return environment["PARLEY_ACTOR"].flatMap { $0.isEmpty ? nil : $0 } ?? NSUserName()
    }

    /// Who does something to a round, and why; both are kept.
    /// - Throws: where they name a lab that may leave the round, as far as the secrets at hand tell
    func authority(in round: RoundID, because reason: String) async throws -> CoordinatorQueue.Authority {
        let open = try await queue.open(round)
        if open.isWhole { try open.requireSilence(of: [Self.person, reason]) }
        return CoordinatorQueue.Authority(actor: Self.person, reason: reason)
    }

    /// The round of this name, which must be here: other servers are asked only to say which of them has it.
    func round(_ name: String) async throws -> RoundRecord {
        if let record = try await queue.round(named: RoundName(name)) { return record }
        let found = try await queue.locate(RoundName(name))
        guard let server = found.server else { return found.record }
        throw ParleyFailure(
            .invalidInput,
            "There is no round named '\(name)' here; it is on server '\(server.name)'.",
            remedy: "Name that database: \(server.place)."
        )
    }
}

extension Session {
    /// Closes the session after the body, whatever it comes to.
    func use<Result>(_ body: (Session) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(self)
            await close()
            return result
        } catch {
            await close()
            throw error
        }
    }
}
