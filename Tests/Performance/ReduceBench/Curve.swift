// Whether the reduction stays linear: seconds, nanoseconds a row and the process's peak of memory for one size of round.
// One size a process, so that the peak is that size's own.

import ArgumentParser
import Foundation
import ParleyReduction

/// Reduces generated outcomes, cells × 500 samples × 20 epochs, and prints what it took as JSON.
struct Curve: ParsableCommand {
    @Option(help: "The number of outcomes, a multiple of 10,000.") var rows = 10_000_000
    @Option(help: "The most threads.") var threads = 2
    @Option(help: "How often; the fastest counts.") var times = 3
    @Option(help: "The seed of everything random.") var seed: UInt64 = 1

    private struct Point: Encodable {
        var rows: Int
        var cells: Int
        var threads: Int
        var seconds: Double
        var nanosecondsPerRow: Double
        var peakBytes: Int

        enum CodingKeys: String, CodingKey {
            case rows, cells, threads, seconds
            case nanosecondsPerRow = "ns_per_row"
            case peakBytes = "peak_bytes"
        }
    }

    func run() throws {
        let shape = Shape(cells: max(1, rows / (500 * Shape.epochs)), samples: 500)
        let columns = try outcomes(shape)
        let specs = shape.samples.map { CellSpec(planned: Int64($0 * Shape.epochs)) }
        var fastest = Double.infinity
        for _ in 0..<times {
            let begin = ContinuousClock.now
            let findings = try reduceCells(columns: [columns], cells: specs, threads: threads)
            fastest = min(fastest, (ContinuousClock.now - begin) / .seconds(1))
            guard findings.allSatisfy({ $0.neverRun == 0 }) else { throw ValidationError("outcomes were lost") }
        }
        let point = Point(
            rows: columns.count,
            cells: shape.cellCount,
            threads: threads,
            seconds: fastest,
            nanosecondsPerRow: fastest * 1e9 / Double(columns.count),
            peakBytes: peakBytes()
        )
        print(String(decoding: try JSONEncoder().encode(point), as: UTF8.self))
    }

    private func outcomes(_ shape: Shape) throws -> OutcomeColumns {
        let arrivals = shape.arrivals(seed: seed)
        var columns = OutcomeColumns()
        columns.reserve(arrivals.count)
        for index in arrivals { try columns.append(shape.row(index, seed: seed)) }
        return columns
    }

    /// The most memory that the process ever held.
    private func peakBytes() -> Int {
        var usage = rusage()
        guard getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return usage.ru_maxrss * 1_024
    }
}
