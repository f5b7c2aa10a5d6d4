// What the commands share that deal with a whole round as the schema's owner.

import ParleyModel
import ParleyQueue

extension ChangeOptions {
    /// Runs the body with an owner's session of the database.
    func use<Result>(making: Bool = false, _ body: (RoundStore, Session) async throws -> Result) async throws -> Result
    {
        let logger = log.logger("parley")
        let session = try await making ? database.openOrMake(logger: logger) : database.open(logger: logger)
        return try await session.use { session in
            try await RoundStore.use(session.owner, logger: logger) { try await body($0, session) }
        }
    }
}

extension RoundStore {
    /// The round of this name, whose rows must be here.
    func present(_ name: String, _ session: Session) async throws -> Known {
        let record = try await session.round(name)
        guard let known = try await known(record.name) else {
            throw ParleyFailure(.database, "Round '\(name)' went away meanwhile.")
        }
        return known
    }
}
