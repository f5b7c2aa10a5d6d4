// Finding the round that a command is about.

import ParleyModel
import ParleyQueue

extension Session {
    /// The round of this name.
    func round(_ name: String) async throws -> RoundRecord {
        if let record = try await queue.round(named: RoundName(name)) { return record }
        let names = try await queue.rounds().map(\.name.text)
        throw ParleyFailure(
            .invalidInput,
            "There is no round named '\(name)' here.",
            remedy: names.isEmpty ? "No round was submitted yet." : "There are: \(names.joined(separator: ", "))."
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
