// Transactions. The body runs where its caller runs; the connection belongs to it from begin to commit.

import Logging

/// How much a transaction sees of others; PostgreSQL's three levels.
public enum TransactionIsolation: String, Sendable, CaseIterable {
    case readCommitted = "read committed"
    case repeatableRead = "repeatable read"
    case serializable
}

extension PostgresConnection {
    /// Runs `body` in a transaction: commits when it returns, rolls back when it throws.
    ///
    /// Calls that `body` makes on the connection belong to the transaction, also from its child tasks. Calls of other
    /// tasks wait until it has ended. Transactions do not nest.
    ///
    /// - Throws: what `body` throws; or why the commit failed. After `connectionLost` from the commit itself the
    ///   transaction may or may not have taken effect.
    public nonisolated(nonsending) func transaction<T>(
        isolation: TransactionIsolation = .readCommitted,
        readOnly: Bool = false,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> T
    ) async throws -> T {
        let token = try await begin("begin isolation level \(isolation.rawValue)\(readOnly ? " read only" : "")")
        let membership = Membership(connection: ObjectIdentifier(self), token: token)
        do {
            let value = try await Self.$membership.withValue(membership) { try await body(self) }
            try await commit(token)
            return value
        } catch {
            await rollBack(token)
            throw error
        }
    }

    private func begin(_ sql: String) async throws(PostgresError) -> Turn.Token {
        if currentToken != nil {
            throw .usage("A transaction was begun inside a transaction of the same connection; use the outer one.")
        }
        let token = try await takeTurn()
        do {
            _ = try await exchange(timeout: nil) { (handle, deadline) throws(PostgresError) in
                try self.runScript(sql, handle, deadline)
            }
        } catch {
            passTurn(token)
            throw error
        }
        return token
    }

    private func commit(_ token: Turn.Token) async throws(PostgresError) {
        let result = try await exchange(timeout: nil) { (handle, deadline) throws(PostgresError) in
            try self.runScript("commit", handle, deadline)
        }
        if result.commandTag == "ROLLBACK" {
            throw .usage("The transaction was rolled back: a statement in it failed, and the body returned regardless.")
        }
        passTurn(token)
    }

    /// Rolls back, also in a cancelled task; a connection on which that fails is closed.
    private func rollBack(_ token: Turn.Token) {
        defer { passTurn(token) }
        guard let handle, !handle.isBad, handle.isInTransaction else { return }
        do throws(PostgresError) {
            _ = try runScript("rollback", handle, ContinuousClock.now + .seconds(30))
        } catch {
            logger.debug("rollback failed", metadata: ["error": "\(error.shortDescription)"])
            close()
        }
    }
}
