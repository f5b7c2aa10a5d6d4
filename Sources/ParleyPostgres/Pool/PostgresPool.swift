// A small pool of connections. Connections are made when needed, up to a limit; broken ones are thrown away, and making
// new ones backs off with jitter while the server is away. Tasks that wait are served in the order in which they came.
//
// Invariant: open ≤ maximum, where `open` counts idle, lent and being made. A lent connection comes back once.

public import Logging

/// Lends connections to one database.
public actor PostgresPool {
    /// How to connect.
    public nonisolated let configuration: PostgresConfiguration
    private let maximum: Int
    private let logger: Logger
    private nonisolated let observer: PoolObserver?
    private var idle: [PostgresConnection] = []
    private var open = 0
    private var closed = false
    private var waiters: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    private var made: UInt64 = 0
    private var backoff = Backoff()

    /// Makes an empty pool; no connection is made before the first is needed.
    /// - Parameter maximum: most connections open at once
    public init(
        _ configuration: PostgresConfiguration,
        maximum: Int = 4,
        logger: Logger = Logger(label: "parley.postgres.pool"),
        observer: PoolObserver? = nil
    ) {
        precondition(maximum > 0, "PostgresPool: the maximum must be positive, is \(maximum)")
        self.configuration = configuration
        self.maximum = maximum
        self.logger = logger
        self.observer = observer
    }

    /// Lends a connection to `body`, which runs where the caller runs. Never touch the connection afterwards.
    /// - Throws: what `body` throws; `connect` when none can be made; `cancelled` when the task is cancelled while it
    ///   waits for one
    public nonisolated(nonsending) func withConnection<T>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> T
    ) async throws -> T {
        let asked = ContinuousClock.now
        let connection = try await take()
        let lent = ContinuousClock.now
        observer?.waited(lent - asked)
        defer { observer?.used(ContinuousClock.now - lent) }
        do {
            let value = try await body(connection)
            await giveBack(connection)
            return value
        } catch {
            await giveBack(connection)
            throw error
        }
    }

    /// Runs one statement on any connection.
    public nonisolated(nonsending) func query(
        _ sql: String,
        _ parameters: [PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws -> PostgresRows {
        try await withConnection { try await $0.query(sql, parameters, timeout: timeout) }
    }

    /// Runs `body` in a transaction on any connection; see `PostgresConnection.transaction`.
    public nonisolated(nonsending) func transaction<T>(
        isolation: TransactionIsolation = .readCommitted,
        readOnly: Bool = false,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> T
    ) async throws -> T {
        try await withConnection { connection in
            try await connection.transaction(isolation: isolation, readOnly: readOnly, body)
        }
    }

    /// Closes idle connections now and lent ones when they come back; later calls throw a usage error.
    public func close() async {
        closed = true
        let all = idle
        idle = []
        open -= all.count
        for connection in all { await connection.close() }
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.continuation.resume(returning: false) }
    }

    /// How many connections there are, and who waits for one.
    public var census: PoolCensus {
        PoolCensus(maximum: maximum, open: open, idle: idle.count, waiting: waiters.count)
    }

    private func take() async throws(PostgresError) -> PostgresConnection {
        while true {
            if Task.isCancelled {
                wakeOne()  // this task may have been woken for a place that it will not use
                throw .cancelled("The task was cancelled while it waited for a connection.")
            }
            if closed { throw .usage("The pool of connections to \(configuration) is closed.") }
            if let connection = idle.popLast() {
                if await connection.isUsable { return connection }
                open -= 1
                await connection.close()
                continue
            }
            if open < maximum { return try await make() }
            _ = await wait()
        }
    }

    private func make() async throws(PostgresError) -> PostgresConnection {
        open += 1
        do throws(PostgresError) {
            try await backoff.pause()
            let connection = try await PostgresConnection.connect(configuration, logger: logger)
            backoff.succeeded()
            return connection
        } catch {
            backoff.failed()
            open -= 1
            wakeOne()
            throw error
        }
    }

    private func giveBack(_ connection: PostgresConnection) async {
        let usable = await connection.isIdle
        if closed || !usable {
            open -= 1
            await connection.close()
        } else {
            idle.append(connection)
        }
        wakeOne()
    }

    private func wakeOne() {
        if !waiters.isEmpty { waiters.removeFirst().continuation.resume(returning: true) }
    }

    private func wait() async -> Bool {
        made += 1
        let id = made
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: false)
                } else {
                    waiters.append((id, continuation))
                }
            }
        } onCancel: {
            Task { await self.abandon(id) }
        }
    }

    private func abandon(_ id: UInt64) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
        waiters.remove(at: index).continuation.resume(returning: false)
    }
}
