// What the server makes of a statement, without running it: for tests that hold statements against the schema.

extension PostgresConnection {
    /// The types of a statement's parameters and its result columns.
    public struct StatementDescription: Sendable, Hashable {
        public let parameters: [PostgresType]
        public let columns: [PostgresRows.Column]
    }

    /// Prepares a statement and describes it.
    /// - Parameter types: types of the first parameters; the server infers the others
    public func describe(
        _ sql: String,
        types: [PostgresType] = []
    ) async throws(PostgresError) -> StatementDescription {
        try await withTurn { () async throws(PostgresError) -> StatementDescription in
            try await self.exchange(timeout: nil) { (handle, deadline) throws(PostgresError) in
                let key = StatementCache.Key(sql: sql, types: types.map(\.oid))
                let name: String
                if let known = self.statements.name(of: key) {
                    name = known
                } else {
                    name = try self.prepare(key, handle, deadline)
                }
                guard handle.send(describe: name) else { throw self.lost(handle) }
                try self.flush(handle, deadline: deadline)
                let result = try self.collect(handle, deadline: deadline)
                return StatementDescription(
                    parameters: (0..<result.parameterCount).map { PostgresType(oid: result.parameterType($0)) },
                    columns: PostgresRows(result).columns
                )
            }
        }
    }
}
