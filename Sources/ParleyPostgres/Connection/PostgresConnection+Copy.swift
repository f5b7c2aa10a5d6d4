// COPY in both directions, chunk by chunk, so that memory stays small. The connection belongs to the copy from start to
// end. The producer and the consumer run where the caller runs and must not call this connection meanwhile.

import ParleyDispatch

extension PostgresConnection {
    /// Runs `COPY … FROM STDIN`, sending the chunks that `next` gives until it gives nil.
    ///
    /// Chunks need not end at row boundaries. When `next` throws, the server discards all rows.
    /// - Parameter sql: for example `copy t (a, b) from stdin (format binary)`; see `BinaryCopyWriter`
    /// - Returns: number of rows copied
    @discardableResult
    public nonisolated(nonsending) func copyIn(
        _ sql: String,
        _ next: nonisolated(nonsending) () async throws -> [UInt8]?
    ) async throws -> Int {
        let (token, owned) = try await beginCopy(sql, .copyIn)
        do {
            while let chunk = try await next() { try await sendCopy(chunk) }
        } catch {
            await abandonCopyIn()
            await endCopy(token, owned)
            throw error
        }
        do {
            let count = try await finishCopyIn()
            await endCopy(token, owned)
            return count
        } catch {
            await endCopy(token, owned)
            throw error
        }
    }

    /// Runs `COPY … TO STDOUT`, handing whole rows to `onChunk`, many at a time.
    ///
    /// When `onChunk` throws, the statement is cancelled.
    /// - Parameter sql: for example `copy t (a, b) to stdout (format binary)`; see `BinaryCopyReader`
    /// - Returns: number of rows copied
    @discardableResult
    public nonisolated(nonsending) func copyOut(
        _ sql: String,
        _ onChunk: nonisolated(nonsending) ([UInt8]) async throws -> Void
    ) async throws -> Int {
        let (token, owned) = try await beginCopy(sql, .copyOut)
        do {
            while let chunk = try await receiveCopy() { try await onChunk(chunk) }
            let count = await copiedRows
            await endCopy(token, owned)
            return count
        } catch {
            await abandonCopyOut()
            await endCopy(token, owned)
            throw error
        }
    }

    private func beginCopy(
        _ sql: String,
        _ expected: LibPQResult.Status
    ) async throws(PostgresError) -> (token: Turn.Token, owned: Bool) {
        let inherited = currentToken
        let token: Turn.Token
        if let inherited { token = inherited } else { token = try await takeTurn() }
        do throws(PostgresError) {
            try await exchange(timeout: nil) { (handle, deadline) throws(PostgresError) in
                guard handle.send(script: sql) else { throw self.lost(handle) }
                try self.flush(handle, deadline: deadline)
                guard let result = try self.next(handle, deadline: deadline) else { throw self.lost(handle) }
                if result.status == expected { return }
                if result.status != .failed {
                    self.close()
                    throw .usage("This is not the COPY that was expected: \(sql). The connection is closed.")
                }
                while try self.next(handle, deadline: deadline) != nil {}
                throw self.error(result, handle)
            }
        } catch {
            if inherited == nil { passTurn(token) }
            throw error
        }
        isCopying = true
        return (token, inherited == nil)
    }

    private func sendCopy(_ chunk: [UInt8]) async throws(PostgresError) {
        let handle = try live()
        if Task.isCancelled { throw .cancelled("The task was cancelled during COPY.") }
        while true {
            let state = handle.put(copy: chunk)
            if state < 0 { throw lost(handle) }
            try flush(handle, deadline: nil)
            if state > 0 { return }
        }
    }

    private func finishCopyIn() async throws(PostgresError) -> Int {
        isCopying = false
        return try await exchange(timeout: nil) { (handle, deadline) throws(PostgresError) in
            guard handle.endCopy(error: nil) >= 0 else { throw self.lost(handle) }
            try self.flush(handle, deadline: deadline)
            return try self.collect(handle, deadline: deadline).affectedRows
        }
    }

    private func abandonCopyIn() {
        guard let handle, !handle.isBad else { return }
        let deadline = ContinuousClock.now + .seconds(30)
        _ = handle.endCopy(error: "the producer failed")
        do throws(PostgresError) {
            try flush(handle, deadline: deadline)
            _ = try collect(handle, deadline: deadline)
        } catch {
            // The refusal is what was asked for; a connection that did not come back from it is bad and says so.
            if error.kind == .timeout { close() }
        }
    }

    /// The next rows: at least 64 KiB, or what is left; nil at the end.
    private func receiveCopy() async throws(PostgresError) -> [UInt8]? {
        guard isCopying else { return nil }
        let handle = try live()
        if Task.isCancelled { throw .cancelled("The task was cancelled during COPY.") }
        var chunk: [UInt8] = []
        chunk.reserveCapacity((1 << 16) + (1 << 10))
        while chunk.count < 1 << 16 {
            switch handle.nextCopyRow(into: &chunk) {
            case .taken: continue
            case .none:
                _ = waiter.wait(handle.descriptor, for: .read, deadline: nil)
                guard handle.consumeInput() else { throw lost(handle) }
            case .failed: throw lost(handle)
            case .end:
                isCopying = false
                copiedRows = try collect(handle, deadline: nil).affectedRows
                return chunk.isEmpty ? nil : chunk
            }
        }
        return chunk
    }

    private func abandonCopyOut() {
        guard isCopying, let handle, !handle.isBad else { return }
        canceller?.requestNow()
        let deadline = ContinuousClock.now + .seconds(30)
        do throws(PostgresError) {
            var dropped: [UInt8] = []
            while true {
                switch handle.nextCopyRow(into: &dropped) {
                case .taken: dropped.removeAll(keepingCapacity: true)
                case .none:
                    if waiter.wait(handle.descriptor, for: .read, deadline: deadline).isEmpty { return close() }
                    guard handle.consumeInput() else { throw lost(handle) }
                case .failed, .end:
                    _ = try collect(handle, deadline: deadline)
                    return
                }
            }
        } catch {
            // The cancellation's own error ends the COPY.
        }
    }

    private func endCopy(_ token: Turn.Token, _ owned: Bool) {
        isCopying = false
        if owned { passTurn(token) }
    }
}
