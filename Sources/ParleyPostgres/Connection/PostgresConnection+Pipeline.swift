// Several statements in one round trip (libpq's pipeline mode). The batch is one implicit transaction unless one is
// open: after an error nothing of it has taken effect, and the error names the statement.

extension PostgresConnection {
    /// One statement of a batch.
    public struct Statement: Sendable {
        public let sql: String
        public let parameters: [PostgresValue]

        public init(_ sql: String, _ parameters: [PostgresValue] = []) {
            self.sql = sql
            self.parameters = parameters
        }
    }

    /// Runs a batch in one round trip, plus one for each statement that this connection has not prepared before.
    /// - Returns: one result a statement, in order
    /// - Throws: the first statement's error that failed, with its place in `report.statementIndex`
    public func pipeline(
        _ batch: [Statement],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> [PostgresRows] {
        if batch.isEmpty { return [] }
        return try await withTurn { () async throws(PostgresError) -> [PostgresRows] in
            try await self.exchange(timeout: timeout) { (handle, deadline) throws(PostgresError) in
                try self.runBatch(batch, handle, deadline)
            }
        }
    }

    private func runBatch(
        _ batch: [Statement],
        _ handle: LibPQConnection,
        _ deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> [PostgresRows] {
        let keys = batch.map { StatementCache.Key(sql: $0.sql, types: $0.parameters.map(\.type.oid)) }
        // A larger batch could evict its own statements.
        guard Set(keys).count <= statements.capacity else {
            throw .usage("A pipeline may hold \(statements.capacity) different statements, this one has more.")
        }
        var names: [String] = []
        for (index, key) in keys.enumerated() {
            do throws(PostgresError) {
                if let known = statements.name(of: key) {
                    names.append(known)
                } else {
                    names.append(try prepare(key, handle, deadline))
                }
            } catch {
                throw error.at(statement: index)
            }
        }
        do throws(PostgresError) {
            return try exchangeBatch(batch, names, handle, deadline)
        } catch {
            if error.sqlState == "0A000" || error.sqlState == "26000" { keys.forEach { _ = statements.remove($0) } }
            throw error
        }
    }

    private func exchangeBatch(
        _ batch: [Statement],
        _ names: [String],
        _ handle: LibPQConnection,
        _ deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> [PostgresRows] {
        guard handle.enterPipeline() else { throw lost(handle) }
        for (statement, name) in zip(batch, names) {
            guard handle.send(execute: name, values: statement.parameters.map { $0.encoded() }) else {
                throw lost(handle)
            }
        }
        guard handle.syncPipeline() else { throw lost(handle) }
        try flush(handle, deadline: deadline)
        var all: [PostgresRows] = []
        var failure: PostgresError?
        for index in batch.indices {
            while let result = try next(handle, deadline: deadline) {
                switch result.status {
                case .failed where failure == nil: failure = error(result, handle).at(statement: index)
                case .command, .rows: all.append(PostgresRows(result))
                default: break
                }
            }
            if handle.isBad { throw failure.map { $0.asLost } ?? lost(handle) }
        }
        guard try next(handle, deadline: deadline)?.status == .synced, handle.leavePipeline() else {
            throw lost(handle)
        }
        if let failure { throw failure }
        return all
    }
}

extension PostgresError {
    /// The same error with its place in a batch.
    func at(statement index: Int) -> PostgresError {
        guard var report else { return self }
        report.statementIndex = index
        return .reported(kind, report)
    }

    /// The same report as the reason for a lost connection.
    var asLost: PostgresError { report.map { .reported(.connectionLost, $0) } ?? self }
}
