// What both daemons count of their connections to the database.

/// The metrics of a pool of connections.
public struct DatabaseMetrics: Sendable {
    private let calls: Histogram
    private let waits: Histogram
    private let connections: MetricFamily<Gauge>
    private let waiting: Gauge

    public init(_ registry: MetricRegistry) {
        calls = registry.histogram(
            "parley_database_call_seconds",
            "Time for which a connection was used: mostly that of one statement, the round trip included.",
            bounds: .shortTimes
        ).of()
        waits = registry.histogram(
            "parley_database_wait_seconds",
            "Time until a connection of the pool was free.",
            bounds: .shortTimes
        ).of()
        connections = registry.gauge(
            "parley_database_connections",
            "Connections of the pool: idle, lent, and the most there may be.",
            labels: ["state"]
        )
        waiting = registry.gauge("parley_database_waiting", "Tasks that wait for a connection.").of()
    }

    /// Takes the time until a connection was lent.
    public func waited(_ time: Duration) { waits.observe(time) }

    /// Takes the time for which it was lent.
    public func used(_ time: Duration) { calls.observe(time) }

    /// Takes how many connections there are, and how many tasks wait for one.
    public func counted(open: Int, idle: Int, maximum: Int, waiting tasks: Int) {
        connections.of("idle").set(idle)
        connections.of("lent").set(open - idle)
        connections.of("maximum").set(maximum)
        waiting.set(tasks)
    }
}
