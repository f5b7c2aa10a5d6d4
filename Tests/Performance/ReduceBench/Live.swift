// Live findings of a round of which most outcomes are held already: what a batch of changes costs, and what reading
// the findings after it costs.

import ArgumentParser
import Foundation
import ParleyReduction

/// Holds outcomes, folds batches of new ones in, and prints the milliseconds of each fold and each reading of findings.
struct Live: ParsableCommand {
    @Option(help: "Outcomes held before the batches.") var rows = 10_000_000
    @Option(help: "Changes in a batch.") var batch = 100_000
    @Option(help: "Batches of each kind.") var batches = 10
    @Option(help: "The most threads.") var threads = 2
    @Option(help: "The seed of everything random.") var seed: UInt64 = 1

    private struct Times: Encodable {
        var foldMs: [Double] = []
        var findingsMs: [Double] = []

        enum CodingKeys: String, CodingKey {
            case foldMs = "fold_ms"
            case findingsMs = "findings_ms"
        }
    }

    private struct Result: Encodable {
        var rows: Int
        var batch: Int
        var threads: Int
        var loadSeconds: Double
        /// New outcomes in random cells.
        var added = Times()
        /// New grades of neighbouring outcomes: at the usual size, those of ten cells.
        var superseded = Times()
        var completeMs = 0.0
        var fromNothingMs = 0.0

        enum CodingKeys: String, CodingKey {
            case rows, batch, threads, added, superseded
            case loadSeconds = "load_seconds"
            case completeMs = "complete_ms"
            case fromNothingMs = "from_nothing_ms"
        }
    }

    func run() throws {
        let shape = Shape(.dense, rows: rows + batch * batches)
        let plan = shape.samples.map { samples in
            let spec = CellSpec(planned: Int64(samples * Shape.epochs))
            return CellPlan(spec, samples: Int32(samples), epochs: Int32(Shape.epochs))
        }
        var arrivals = shape.arrivals(seed: seed)[...]
        func next(_ count: Int) -> [OutcomeRow] {
            defer { arrivals = arrivals.dropFirst(count) }
            return arrivals.prefix(count).map { shape.row($0, seed: seed) }
        }
        var live = LiveReduction(plan: plan, threads: threads)
        var loading = 0.0
        while arrivals.count > batch * batches {
            let changes = next(min(batch, arrivals.count - batch * batches)).map(OutcomeChange.add)
            loading += try milliseconds { try live.apply(changes, through: live.position) }
        }
        _ = try live.findings()
        var result = Result(rows: rows, batch: batch, threads: threads, loadSeconds: loading / 1_000)
        for _ in 0..<batches { try measure(next(batch).map(OutcomeChange.add), &live, &result.added) }
        for turn in 0..<batches { try measure(newGrades(shape, turn: turn), &live, &result.superseded) }
        result.completeMs = try milliseconds { _ = try live.findings(.complete) }
        result.fromNothingMs = try verify(&live, shape, plan)
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }

    private func measure(_ changes: [OutcomeChange], _ live: inout LiveReduction, _ times: inout Times) throws {
        times.foldMs.append(try milliseconds { try live.apply(changes, through: live.position) })
        times.findingsMs.append(try milliseconds { _ = try live.findings() })
    }

    /// A batch of outcomes that lie side by side, ten cells of a thousand, with the grades of another seed.
    private func newGrades(_ shape: Shape, turn: Int) -> [OutcomeChange] {
        (turn * batch..<(turn + 1) * batch).map { .supersede(shape.row(UInt32($0), seed: seed &+ 1)) }
    }

    /// The milliseconds of a reduction from nothing, which must find the same.
    private func verify(_ live: inout LiveReduction, _ shape: Shape, _ plan: [CellPlan]) throws -> Double {
        let graded = (0..<batches).flatMap { turn in newGrades(shape, turn: turn) }
        let known = Set(graded.map(\.key))
        var rows = graded.compactMap(\.row)
        for index in shape.arrivals(seed: seed) {
            let change = OutcomeChange.add(shape.row(index, seed: seed))
            if let row = change.row, !known.contains(change.key) { rows.append(row) }
        }
        let columns = try OutcomeColumns(rows)
        var expected: [CellFinding] = []
        let took = try milliseconds {
            expected = try reduceCells(columns: [columns], cells: plan.map(\.spec), threads: threads)
        }
        for (found, expected) in zip(try live.findings(.complete).map(\.finding), expected) where found != expected {
            throw ValidationError("live is \(found), from nothing \(expected)")
        }
        return took
    }

    private func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let begin = ContinuousClock.now
        try body()
        return (ContinuousClock.now - begin) / .milliseconds(1)
    }
}
