// poll(2) on the caller's thread. Only callers with a thread of their own (an actor on a `DispatchQueueExecutor`) may
// use it: it blocks.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Waits in poll(2), blocking the calling thread.
public struct PollWaiter: SocketWaiting {
    /// What to wait for, and what came.
    public struct Interest: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// Bytes to read, or the end of the stream, or an error.
        public static let read = Interest(rawValue: 1)
        /// Room to write, or an error.
        public static let write = Interest(rawValue: 2)
    }

    public init() {}

    /// Blocks until one of `interest` holds or the deadline passes.
    /// - Returns: what holds; empty when the deadline came first. Errors and hang-ups count as everything asked for,
    ///   so that the caller's next read reports them.
    public func wait(
        _ descriptor: Int32,
        for interest: Interest,
        deadline: ContinuousClock.Instant?
    ) -> Interest {
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        if interest.contains(.read) { entry.events |= Int16(POLLIN) }
        if interest.contains(.write) { entry.events |= Int16(POLLOUT) }
        while true {
            let outcome = poll(&entry, 1, Self.milliseconds(until: deadline))
            if outcome < 0 && errno == EINTR { continue }
            if outcome < 0 { return interest }
            if outcome == 0 {
                if let deadline, ContinuousClock.now < deadline { continue }
                return []
            }
            var ready: Interest = []
            if entry.revents & Int16(POLLIN) != 0 { ready.insert(.read) }
            if entry.revents & Int16(POLLOUT) != 0 { ready.insert(.write) }
            return ready.isEmpty ? interest : ready
        }
    }

    public nonisolated(nonsending) func waitUntilReadable(
        _ descriptor: Int32,
        deadline: ContinuousClock.Instant?
    ) async -> Bool {
        !wait(descriptor, for: .read, deadline: deadline).isEmpty
    }

    /// Whole milliseconds to the deadline, rounded up, at most an hour at a time; -1 without a deadline.
    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = ContinuousClock.now.duration(to: deadline)
        if left <= .zero { return 0 }
        return Int32(min(left.wholeNanoseconds / 1_000_000 + 1, 3_600_000))
    }
}
