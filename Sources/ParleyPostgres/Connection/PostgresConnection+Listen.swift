// Notifications. One long-lived read source a listening connection, made at the first `listen` and cancelled before the
// connection is finished; while nothing comes in, the connection's queue is free for statements.

import ParleyDispatch

extension PostgresConnection {
    /// Listens to a channel. The stream ends when the connection is lost or closed; then listen again on another
    /// connection and look once for what was missed. Slow readers lose the oldest beyond 1024 notifications.
    public func listen(_ channel: String) async throws(PostgresError) -> AsyncStream<PostgresNotification> {
        if !listeners.hears(channel) { try await execute(script: "listen \(Self.quoted(channel))") }
        let (stream, continuation) = AsyncStream.makeStream(
            of: PostgresNotification.self,
            bufferingPolicy: .bufferingNewest(1024)
        )
        let id = listeners.add(channel, continuation)
        continuation.onTermination = { [weak self] _ in
            Task { await self?.stopListening(channel, id) }
        }
        try startPump()
        return stream
    }

    /// A name as SQL writes it.
    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Hands what has come in to the listeners.
    func takeNotifications() {
        guard let handle else { return }
        while let notice = handle.nextNotification() {
            listeners.deliver(
                PostgresNotification(channel: notice.channel, payload: notice.payload, backendProcess: notice.process)
            )
        }
        if handle.isBad { listeners.finish() }
    }

    private func stopListening(_ channel: String, _ id: UInt64) async {
        guard listeners.remove(channel, id), isUsable else { return }
        // A connection that fails here ends its streams by itself.
        _ = try? await execute(script: "unlisten \(Self.quoted(channel))")
    }

    private func startPump() throws(PostgresError) {
        guard source == nil else { return }
        let descriptor = try live().descriptor
        let source = ReadSourceWaiter(descriptor: descriptor)
        self.source = source
        // Holds the source and not the connection, so that a connection nobody holds any more goes away.
        Task { [weak self] in
            while await source.waitUntilReadable(descriptor, deadline: nil) {
                guard await self?.pump() == true else { return }
            }
        }
    }

    /// Reads what has come in between statements; false when the connection is gone.
    private func pump() -> Bool {
        guard let handle else { return false }
        // Reads until nothing is left, the end of the stream included: a source that is resumed on a socket whose end it
        // has already reported may not report it again.
        while !handle.isBad, !waiter.wait(handle.descriptor, for: .read, deadline: .now).isEmpty {
            guard handle.consumeInput() else { break }
        }
        takeNotifications()
        return !handle.isBad
    }
}
