// Sending and receiving: flush, wait, consume, and turn what came into rows or an error. All of it blocks the
// connection's own queue. After an error all results of the statement are drained, so that the session can go on.

import ParleyDispatch

extension PostgresConnection {
    /// Runs one exchange with the server, cancellable by the calling task, by `cancel()` and by the deadline.
    func exchange<T: Sendable>(
        timeout: Duration?,
        _ body: (LibPQConnection, ContinuousClock.Instant?) throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        if Task.isCancelled { throw .cancelled("The task was cancelled before the statement was sent.") }
        let handle = try live()
        if isCopying { throw .usage("A statement was sent during a COPY on the same connection.") }
        guard let canceller else { throw .connectionLost("The connection to \(configuration) is closed.") }
        canceller.begin()
        let outcome = await withTaskCancellationHandler {
            await self.perform(handle, timeout, body)
        } onCancel: {
            canceller.request()
        }
        let wasCancelled = canceller.end()
        takeNotifications()
        do {
            return try outcome.get()
        } catch {
            throw error.refined(cancelled: wasCancelled)
        }
    }

    /// Runs the blocking part. Being an async method of the actor, it enters the connection's queue whatever the closure
    /// that calls it runs on; the check holds that to be so.
    private func perform<T: Sendable>(
        _ handle: LibPQConnection,
        _ timeout: Duration?,
        _ body: (LibPQConnection, ContinuousClock.Instant?) throws(PostgresError) -> T
    ) async -> Result<T, PostgresError> {
        executor.checkIsolated()
        do throws(PostgresError) {
            return .success(try body(handle, timeout.map { ContinuousClock.now + $0 }))
        } catch {
            return .failure(error)
        }
    }

    /// Sends what libpq has buffered, reading meanwhile so that neither side blocks the other.
    func flush(_ handle: LibPQConnection, deadline: ContinuousClock.Instant?) throws(PostgresError) {
        while true {
            let state = handle.flush()
            if state == 0 { return }
            if state < 0 { throw lost(handle) }
            let ready = waiter.wait(handle.descriptor, for: [.read, .write], deadline: deadline)
            if ready.isEmpty { try expire(handle) }
            if ready.contains(.read) && !handle.consumeInput() { throw lost(handle) }
        }
    }

    /// The next result of the statement, or nil after its last.
    func next(_ handle: LibPQConnection, deadline: ContinuousClock.Instant?) throws(PostgresError) -> LibPQResult? {
        var deadline = deadline
        var expired = false
        while handle.isBusy {
            if waiter.wait(handle.descriptor, for: .read, deadline: deadline).isEmpty {
                if expired { try expire(handle) }
                expired = true
                canceller?.requestNow()
                deadline = ContinuousClock.now + .seconds(5)
                continue
            }
            if !handle.consumeInput() && handle.isBad && handle.isBusy { throw lost(handle) }
        }
        return handle.nextResult()
    }

    /// All results of one statement or script: the last one's rows, or the first error.
    func collect(
        _ handle: LibPQConnection,
        deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> LibPQResult {
        var last: LibPQResult?
        var failure: LibPQResult?
        while let result = try next(handle, deadline: deadline) {
            switch result.status {
            case .failed, .aborted: if failure == nil { failure = result }
            case .copyIn, .copyOut:
                // Leaves the COPY state, or libpq would hand out the same result for ever.
                if result.status == .copyIn { _ = handle.endCopy(error: "use copyIn or copyOut for COPY") }
                if result.status == .copyOut { handle.abandonCopyOut() }
                throw .usage("COPY was sent as a plain statement: use copyIn or copyOut. The connection is closed.")
            case .command, .rows, .synced: last = result
            }
        }
        if let failure { throw error(failure, handle) }
        guard let last else { throw lost(handle) }
        return last
    }

    /// The error that a failed result holds; `connectionLost` when the session ended with it.
    func error(_ result: LibPQResult, _ handle: LibPQConnection) -> PostgresError {
        guard let state = result.field(.sqlState) else {
            return handle.isBad ? lost(handle) : .usage("libpq refused: \(result.message.trimmed)")
        }
        let report = PostgresError.Report(
            sqlState: state,
            message: result.field(.primary) ?? result.message.trimmed,
            detail: result.field(.detail),
            hint: result.field(.hint),
            position: result.field(.position).flatMap { Int($0) },
            constraint: result.field(.constraint),
            table: result.field(.table),
            column: result.field(.column),
            context: result.field(.context)
        )
        return .reported(handle.isBad ? .connectionLost : .server, report)
    }

    /// The connection broke: says so with libpq's reason.
    func lost(_ handle: LibPQConnection) -> PostgresError {
        .connectionLost("The connection to \(configuration) was lost: \(handle.message.trimmed)")
    }

    /// The server does not answer even the cancellation: the session is given up.
    private func expire(_ handle: LibPQConnection) throws(PostgresError) {
        close()
        throw .timeout(
            "The server did not answer within the deadline, nor to a cancellation; the connection is closed."
        )
    }
}

extension PostgresError {
    /// SQLSTATE 57014 is sent for both a cancellation and a statement timeout: which one it was, only we know.
    func refined(cancelled: Bool) -> PostgresError {
        guard kind == .server, sqlState == "57014", let report else { return self }
        return .reported(cancelled ? .cancelled : .timeout, report)
    }
}
