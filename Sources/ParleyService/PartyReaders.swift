// Sessions in the names of parties: a small pool of connections for each login. What lets the service log in as a party
// is libpq's own (PGPASSFILE, a certificate, pg_hba.conf); the coordinator's password is never sent in another's name.

public import Logging
public import ParleyPostgres
import ParleyQueue

/// Readers by login.
public actor PartyReaders {
    /// Connections of one login.
    private static let connections = 2
    /// Logins with open connections.
    private static let mostLogins = 32

    private let database: PostgresConfiguration
    private let logger: Logger
    private var pools: [String: PostgresPool] = [:]

    /// - Parameter database: how the coordinator connects
    public init(database: PostgresConfiguration, logger: Logger) {
        var database = database
        database.password = nil
        self.database = database
        self.logger = logger
    }

    func reader(_ login: String) async -> PartyReader {
        if let pool = pools[login] { return PartyReader(pool: pool) }
        if pools.count >= Self.mostLogins { await close() }
        let pool = PostgresPool(database.with(user: login), maximum: Self.connections, logger: logger)
        pools[login] = pool
        return PartyReader(pool: pool)
    }

    /// Closes what is idle now, and what is lent when it comes back.
    public func close() async {
        let all = pools
        pools = [:]
        for pool in all.values { await pool.close() }
    }
}
