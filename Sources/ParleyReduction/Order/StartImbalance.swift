// StartImbalance.swift: how far the cells of one suite ran apart. A provider's bad hour falls on all of them alike where
// they advance together; the largest gap between the fractions that were begun says by how much they did not.

/// The largest gap between two cells' fractions of begun outcomes, and when it was.
public struct StartImbalance: Hashable, Sendable {
    /// 0 to 1.
    public let gap: Double
    /// The start after which the gap stood, in microseconds.
    public let atMicros: Int64
}

/// The largest imbalance of some cells over time.
///
/// - Parameters:
///   - starts: of each cell, when its outcomes were begun, in microseconds, in any order
///   - planned: of each cell, how many outcomes it is to have; at least 1
/// - Returns: nil with fewer than two cells or without any start. Of equal gaps the earliest.
public func startImbalance(_ starts: [[Int64]], planned: [Int]) -> StartImbalance? {
    precondition(starts.count == planned.count, "startImbalance: \(starts.count) cells, \(planned.count) plans")
    precondition(planned.allSatisfy { $0 > 0 }, "startImbalance: a cell has no planned outcome")
    guard starts.count > 1 else { return nil }
    let events = starts.enumerated().flatMap { cell, times in times.map { (at: $0, cell: cell) } }
        .sorted { ($0.at, $0.cell) < ($1.at, $1.cell) }
    var begun = [Int](repeating: 0, count: starts.count)
    var largest: StartImbalance?
    for (place, event) in events.enumerated() {
        begun[event.cell] += 1
        // What was begun at the same moment counts together.
        if place + 1 < events.count, events[place + 1].at == event.at { continue }
        var (lowest, highest) = (Double.infinity, -Double.infinity)
        for cell in begun.indices {
            let fraction = Double(begun[cell]) / Double(planned[cell])
            lowest = min(lowest, fraction)
            highest = max(highest, fraction)
        }
        if largest.map({ highest - lowest > $0.gap }) ?? true {
            largest = StartImbalance(gap: highest - lowest, atMicros: event.at)
        }
    }
    return largest
}
