// Statements: prepared once per text and parameter types, run with binary parameters and results.

extension PostgresConnection {
    /// Runs one statement.
    ///
    /// - Parameters:
    ///   - sql: one statement with parameters `$1`, `$2`, …
    ///   - parameters: one value for each
    ///   - timeout: cancels the statement after this long and throws `timeout`
    /// - Throws: `server` when the server refuses it, `connectionLost`, `timeout`, `cancelled`
    public func query(
        _ sql: String,
        _ parameters: [PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws(PostgresError) -> PostgresRows {
        try await withTurn { () async throws(PostgresError) -> PostgresRows in
            let result = try await self.exchange(timeout: timeout) { (handle, deadline) throws(PostgresError) in
                try self.run(sql, parameters, handle, deadline)
            }
            return PostgresRows(result)
        }
    }

    /// Runs several statements without parameters or results, in one implicit transaction unless they say otherwise.
    public func execute(script: String, timeout: Duration? = nil) async throws(PostgresError) {
        try await withTurn { () async throws(PostgresError) -> Void in
            _ = try await self.exchange(timeout: timeout) { (handle, deadline) throws(PostgresError) in
                try self.runScript(script, handle, deadline)
            }
        }
    }

    func runScript(
        _ script: String,
        _ handle: LibPQConnection,
        _ deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> LibPQResult {
        guard handle.send(script: script) else { throw lost(handle) }
        try flush(handle, deadline: deadline)
        return try collect(handle, deadline: deadline)
    }

    private func run(
        _ sql: String,
        _ parameters: [PostgresValue],
        _ handle: LibPQConnection,
        _ deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> LibPQResult {
        let key = StatementCache.Key(sql: sql, types: parameters.map(\.type.oid))
        let known = statements.name(of: key)
        let name: String
        if let known { name = known } else { name = try prepare(key, handle, deadline) }
        do throws(PostgresError) {
            return try runPrepared(name, parameters, handle, deadline)
        } catch {
            // A migration changed the statement's result (0A000), or somebody deallocated it (26000).
            guard known != nil, error.sqlState == "0A000" || error.sqlState == "26000" else { throw error }
            _ = statements.remove(key)
            if handle.isInTransaction { throw error }
            return try runPrepared(try prepare(key, handle, deadline), parameters, handle, deadline)
        }
    }

    private func runPrepared(
        _ name: String,
        _ parameters: [PostgresValue],
        _ handle: LibPQConnection,
        _ deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> LibPQResult {
        guard handle.send(execute: name, values: parameters.map { $0.encoded() }) else { throw lost(handle) }
        try flush(handle, deadline: deadline)
        return try collect(handle, deadline: deadline)
    }

    /// Prepares a statement and keeps it, deallocating the least recently used one when the cache is full.
    func prepare(
        _ key: StatementCache.Key,
        _ handle: LibPQConnection,
        _ deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> String {
        let name = statements.freshName()
        guard handle.send(prepare: name, sql: key.sql, types: key.types) else { throw lost(handle) }
        try flush(handle, deadline: deadline)
        _ = try collect(handle, deadline: deadline)
        if let evicted = statements.insert(key, name: name) {
            _ = try runScript("deallocate \(evicted)", handle, deadline)
        }
        return name
    }
}
