// What others may know of a pool: how long its connections are waited for and used, and how many there are.

/// Is told how a pool is used. Both are called by the tasks that use it, and must not wait.
public struct PoolObserver: Sendable {
    /// Called with the time until a connection was lent.
    public let waited: @Sendable (Duration) -> Void
    /// Called with the time for which a connection was lent: mostly that of one statement.
    public let used: @Sendable (Duration) -> Void

    public init(waited: @escaping @Sendable (Duration) -> Void, used: @escaping @Sendable (Duration) -> Void) {
        self.waited = waited
        self.used = used
    }
}

/// A pool at one moment, in connections and, last, tasks.
public struct PoolCensus: Hashable, Sendable {
    public let maximum: Int
    /// Idle, lent, and being made.
    public let open: Int
    public let idle: Int
    public let waiting: Int
}
