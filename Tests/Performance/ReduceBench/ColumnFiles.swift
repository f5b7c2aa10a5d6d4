// One raw file a column: what numpy, and through it every peer, maps without parsing.

import Foundation
import ParleyReduction

struct ColumnFiles {
    private var cell: [Int32] = []
    private var sample: [Int32] = []
    private var kind: [UInt8] = []
    /// Billionths; the lowest number where there is none.
    private var score: [Int64] = []
    private var tokens: [[UInt32]] = [[], [], [], []]
    private var cost: [Int64] = []
    private var latency: [Int64] = []

    static let tokenNames = ["input", "output", "cached", "reasoning"]

    mutating func reserve(_ rows: Int) {
        cell.reserveCapacity(rows)
        sample.reserveCapacity(rows)
        kind.reserveCapacity(rows)
        score.reserveCapacity(rows)
        for index in tokens.indices { tokens[index].reserveCapacity(rows) }
        cost.reserveCapacity(rows)
        latency.reserveCapacity(rows)
    }

    mutating func append(_ row: OutcomeRow) {
        cell.append(row.cell)
        sample.append(row.sample)
        kind.append(row.kind.rawValue)
        score.append(row.score ?? .min)
        for (index, value) in [row.tokensIn, row.tokensOut, row.tokensCached, row.tokensReasoning].enumerated() {
            tokens[index].append(UInt32(value))
        }
        cost.append(row.cost)
        latency.append(row.latency)
    }

    func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func write(_ name: String, _ column: [some Any]) throws {
            try column.withUnsafeBytes { try Data($0).write(to: folder.appendingPathComponent(name)) }
        }
        try write("cell", cell)
        try write("sample", sample)
        try write("kind", kind)
        try write("score", score)
        for (name, column) in zip(Self.tokenNames, tokens) { try write(name, column) }
        try write("cost", cost)
        try write("latency", latency)
    }

    /// The columns of a folder. The epoch is not written: no statistic of the benchmark needs it.
    static func columns(of folder: URL) throws -> OutcomeColumns {
        func read<Element>(_ name: String, _ type: Element.Type) throws -> [Element] {
            try Data(contentsOf: folder.appendingPathComponent(name)).withUnsafeBytes {
                Array($0.bindMemory(to: type))
            }
        }
        let (cell, sample) = (try read("cell", Int32.self), try read("sample", Int32.self))
        let (kind, score) = (try read("kind", UInt8.self), try read("score", Int64.self))
        let tokens = try tokenNames.map { try read($0, UInt32.self) }
        let (cost, latency) = (try read("cost", Int64.self), try read("latency", Int64.self))
        var columns = OutcomeColumns()
        columns.reserve(cell.count)
        for row in cell.indices {
            try columns.append(
                OutcomeRow(
                    cell: cell[row],
                    sample: sample[row],
                    kind: KindCode.allCases[Int(kind[row])],
                    score: score[row] == .min ? nil : score[row],
                    tokensIn: Int64(tokens[0][row]),
                    tokensOut: Int64(tokens[1][row]),
                    tokensCached: Int64(tokens[2][row]),
                    tokensReasoning: Int64(tokens[3][row]),
                    cost: cost[row],
                    latency: latency[row]
                )
            )
        }
        return columns
    }
}
