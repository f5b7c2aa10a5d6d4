// How a read reaches another server, and how it bears a standby. A standby cancels a statement that holds up what it has
// to replay; nothing was changed, so it is asked again.

import ParleyModel
import ParleyPostgres

extension CoordinatorQueue {
    private static let ownSchema = "parley."
    /// How often a read is asked that replay cancels, and the first wait in between, which doubles.
    private static let tries = 5
    private static let firstWait: Duration = .milliseconds(100)

    /// The statement on the tables that this queue reads. Throws where it calls a function, which would run here.
    func located(_ sql: String) throws -> String {
        guard let foreignSchema else { return sql }
        var text = ""
        var rest = sql[...]
        while let found = rest.firstRange(of: Self.ownSchema) {
            text += rest[..<found.lowerBound] + "\(foreignSchema)."
            rest = rest[found.upperBound...]
            if rest.drop(while: { $0.isLetter || $0.isNumber || $0 == "_" }).first == "(" {
                throw ParleyFailure(
                    .invalidInput,
                    "This is asked of the server that has the round; from the desk rounds are only read.",
                    remedy: "Name that server's database: `parley servers list` says where it is."
                )
            }
        }
        return text + rest
    }

    /// A read-only transaction, asked again where a standby cancels it.
    nonisolated(nonsending) func readOnly<T>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> T
    ) async throws -> T {
        try await askedAgain { try await pool.transaction(readOnly: true, body) }
    }

    nonisolated(nonsending) func askedAgain<T>(_ body: nonisolated(nonsending) () async throws -> T) async throws -> T {
        var wait = Self.firstWait
        for _ in 1..<Self.tries {
            do {
                return try await body()
            } catch let error as PostgresError where error.sqlState == PostgresError.serializationFailure {
                try await Task.sleep(for: wait)
                wait *= 2
            }
        }
        do {
            return try await body()
        } catch let error as PostgresError where error.sqlState == PostgresError.serializationFailure {
            throw ParleyFailure(
                .database,
                "The server cancelled this read \(Self.tries) times: \(error)",
                remedy: "On a standby, set hot_standby_feedback = on or a longer max_standby_streaming_delay; or ask "
                    + "the primary."
            )
        }
    }
}

extension PostgresError {
    /// What a standby answers that cancels a statement for what it has to replay.
    fileprivate static let serializationFailure = "40001"
}
