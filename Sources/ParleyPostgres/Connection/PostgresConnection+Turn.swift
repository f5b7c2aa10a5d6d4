// Waiting for one's turn. A task that runs inside a transaction carries the transaction's token as a task-local value;
// every other task that calls the connection meanwhile queues behind it.

extension PostgresConnection {
    /// The connection and transaction in which the current task runs.
    struct Membership: Sendable {
        let connection: ObjectIdentifier
        let token: Turn.Token
    }

    @TaskLocal static var membership: Membership?

    /// The calling task's transaction on this connection, if it is open.
    var currentToken: Turn.Token? {
        guard let membership = Self.membership, membership.connection == ObjectIdentifier(self),
            turn.owner == membership.token
        else { return nil }
        return membership.token
    }

    /// Runs one statement when it is the calling task's turn.
    func withTurn<T>(
        _ body: () async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        if currentToken != nil { return try await body() }
        let token = try await takeTurn()
        defer { passTurn(token) }
        return try await body()
    }

    /// Waits until the connection is free and takes it.
    /// - Throws: `cancelled` when the task is cancelled while it waits
    func takeTurn() async throws(PostgresError) -> Turn.Token {
        let token = turn.makeToken()
        if turn.take(token) { return token }
        let granted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: false)
                } else {
                    turn.wait(Turn.Waiter(token: token, continuation: continuation))
                }
            }
        } onCancel: {
            Task { await self.abandonTurn(token) }
        }
        if !granted { throw .cancelled("The task was cancelled while it waited for the connection.") }
        return token
    }

    /// Gives the connection on, if the token still holds it.
    func passTurn(_ token: Turn.Token) {
        guard turn.owner == token else { return }
        turn.release()?.continuation.resume(returning: true)
    }

    private func abandonTurn(_ token: Turn.Token) {
        turn.abandon(token)?.continuation.resume(returning: false)
    }
}
