// What the coordinator does about the calendar: plans the windows of every series ahead, and turns those that are due.
// All of it may be repeated and done by several: the database turns each edge once.

import ParleyModel
public import ParleyQueue
public import ParleyRounds

extension CoordinatorQueue {
    /// How far ahead windows are planned, in seconds: two years.
    private static let horizon: Int64 = 2 * 366 * 86_400

    /// Takes in a series and plans its windows.
    /// - Returns: how many windows changed
    @discardableResult
    public func plan(_ series: Series, by actor: String) async throws -> Int {
        let windows = try series.windows(until: try await now() / 1_000_000 + Self.horizon)
        return try await planSeries(
            series.name,
            definition: try JSONValue(encoding: series).canonical,
            windows.map {
                NewWindow(
                    occurrence: $0.occurrence,
                    kind: $0.kind.rawValue,
                    opensAt: $0.opensAt,
                    closesAt: $0.closesAt
                )
            },
            by: actor
        )
    }

    /// Plans ahead what has come nearer.
    func planAhead() async throws {
        for (_, definition) in try await series() {
            try await plan(try JSONValue(parsing: definition).decode(Series.self), by: "calendar")
        }
    }
}
