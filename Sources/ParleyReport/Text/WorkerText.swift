// What a worker told of itself as short texts, for the tables of a terminal.

public import ParleyModel

/// A worker's vitals as cells of a table; dashes before it told anything.
public struct WorkerText {
    /// For instance ` of 500`.
    public let most: String
    /// Used of what it may use: `1.25/2`.
    public let processors: String
    /// For instance `3 ms`.
    public let lag: String
    /// Per cent of provider, queue, backoff and local.
    public let shares: [String]

    public init(_ vitals: WorkerVitals?) {
        most = vitals.map { " of \($0.mostInFlight)" } ?? ""
        processors = vitals.map { "\(NumberText.fixed($0.processorsUsed, decimals: 2))/\($0.processors)" } ?? "–"
        lag = vitals.map { NumberText.latency(milliseconds: $0.loopLagSeconds * 1000) } ?? "–"
        let parts = vitals?.shares ?? []
        shares =
            parts.isEmpty
            ? Array(repeating: "–", count: 4) : parts.map { NumberText.fixed($0.share * 100, decimals: 0) + " %" }
    }
}
