// One session with the server: an actor on a serial queue of its own, so that libpq may block there and nowhere else.
//
// Concurrency: libpq is called only from actor-isolated methods, hence on the connection's queue. A statement runs from
// start to end without suspending, so statements cannot interleave; what spans several calls (a transaction) takes the
// connection's `turn`, and other tasks queue behind it. A connection that breaks stays broken: it is never reset, and
// the pool makes another.

import Dispatch
public import Logging
import ParleyDispatch

/// A session with a PostgreSQL server.
public actor PostgresConnection {
    nonisolated let executor: DispatchQueueExecutor
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Where this connection leads.
    public nonisolated let configuration: PostgresConfiguration
    nonisolated let logger: Logger

    var handle: LibPQConnection?
    var canceller: Canceller?
    var statements = StatementCache()
    var turn = Turn()
    var listeners = Listeners()
    let waiter = PollWaiter()
    var source: ReadSourceWaiter?
    /// A COPY is under way: no statement may be sent.
    var isCopying = false
    /// Rows of the last COPY to us that came to its end.
    var copiedRows = 0

    private init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        executor = DispatchQueueExecutor(label: "parley.postgres.connection")
    }

    /// Connects and logs in.
    /// - Throws: `connect` with the server's or libpq's reason, also after `configuration.connectTimeout`
    public static func connect(
        _ configuration: PostgresConfiguration,
        logger: Logger = Logger(label: "parley.postgres")
    ) async throws(PostgresError) -> PostgresConnection {
        let connection = PostgresConnection(configuration, logger: logger)
        try await connection.open()
        return connection
    }

    /// Whether statements can be sent. A broken connection never becomes usable again.
    public var isUsable: Bool { handle.map { !$0.isBad } ?? false }

    /// Whether a transaction is open on the server.
    public var isInTransaction: Bool { handle?.isInTransaction ?? false }

    /// Whether the connection can be lent again: usable, and without a transaction left open.
    var isIdle: Bool { isUsable && !isInTransaction }

    /// The server process that serves this session.
    public var backendProcess: Int32 { handle?.backendProcess ?? 0 }

    /// The server's version, such as 150010 for 15.10.
    public var serverVersion: Int32 { handle?.serverVersion ?? 0 }

    /// Ends the session. Later calls throw `connectionLost`; streams of notifications end.
    public func close() {
        listeners.finish()
        source?.cancel()
        source = nil
        canceller = nil
        handle = nil
    }

    /// Cancels the statement that runs, if any; that call throws `cancelled`. May be called from any task.
    public nonisolated func cancel() {
        cancelReference.request()
    }

    nonisolated let cancelReference = CancelReference()

    private func open() throws(PostgresError) {
        guard let made = LibPQConnection(parameters: configuration.connectionParameters) else {
            throw .connect("There is no memory for a connection to \(configuration).")
        }
        let deadline = ContinuousClock.now + configuration.connectTimeout
        var progress: LibPQConnection.Progress = made.isBad ? .failed : .writing
        while progress != .done {
            if progress == .failed {
                throw .connect("Connecting to \(configuration) failed: \(made.message.trimmed)")
            }
            let interest: PollWaiter.Interest = progress == .reading ? .read : .write
            if waiter.wait(made.descriptor, for: interest, deadline: deadline).isEmpty {
                throw .connect("Connecting to \(configuration) took longer than \(configuration.connectTimeout).")
            }
            progress = made.continueConnecting()
        }
        made.dropNotices()
        guard made.useNonBlocking(), let cancel = made.makeCancel() else {
            throw .connect("Connecting to \(configuration) failed: \(made.message.trimmed)")
        }
        handle = made
        let canceller = Canceller(cancel)
        self.canceller = canceller
        cancelReference.set(canceller)
        logger.debug("connected", metadata: ["backend": "\(made.backendProcess)"])
    }

    /// The session's handle, or `connectionLost`.
    func live() throws(PostgresError) -> LibPQConnection {
        guard let handle else { throw .connectionLost("The connection to \(configuration) is closed.") }
        if handle.isBad { throw .connectionLost("The connection to \(configuration) was lost earlier.") }
        return handle
    }

    isolated deinit {
        listeners.finish()
        source?.cancel()
        handle = nil
    }
}
