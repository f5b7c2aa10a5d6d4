// The parts of `scripts/bench reduce` that are Parley's own: making outcomes of a given shape, and reducing them with
// the shipped reduction. `Tests/Performance/bench_reduce.py` puts them beside the peers.

import ArgumentParser
import Foundation
import ParleyDispatch
import ParleyReduction

@main
struct ReduceBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reduce-bench",
        abstract: "Parts of the reduction's benchmark; run scripts/bench reduce.",
        subcommands: [
            Generate.self, Reduce.self, Live.self, Curve.self, Bandwidth.self, Coverage.self, JudgeCoverage.self,
            Permutations.self,
        ]
    )
}

/// Writes outcomes as one raw little-endian file a column, which every peer can map.
struct Generate: ParsableCommand {
    @Option(help: "The number of outcomes.") var rows = 10_000_000
    @Option(help: "dense, zipf, sparse or one-cell.") var shape = Shape.Name.dense
    @Option(help: "The seed of everything random.") var seed: UInt64 = 1
    @Argument(help: "An empty folder.") var folder: String

    func run() throws {
        let shape = Shape(shape, rows: rows)
        var files = ColumnFiles()
        files.reserve(rows)
        for index in shape.arrivals(seed: seed) { files.append(shape.row(index, seed: seed)) }
        try files.write(to: URL(fileURLWithPath: folder))
        print(shape.cellCount)
    }
}

/// Reduces the outcomes of a folder, several times, and prints the seconds that each took.
struct Reduce: ParsableCommand {
    @Option(help: "The number of cells.") var cells: Int
    @Option(help: "The most threads.") var threads = 2
    @Option(help: "How often.") var times = 5
    @Option(help: "Resamples of each cell's bootstrap.") var bootstrap: Int?
    @Option(help: "Where to write the findings, as CSV.") var findings: String?
    @Argument(help: "The folder.") var folder: String

    func run() throws {
        let columns = try ColumnFiles.columns(of: URL(fileURLWithPath: folder))
        let specs = [CellSpec](repeating: CellSpec(planned: Int64(columns.count)), count: cells)
        var found: [CellFinding] = []
        for _ in 0..<times {
            let begin = ContinuousClock.now
            found = try reduceCells(
                columns: [columns],
                cells: specs,
                bootstrap: bootstrap.map { BootstrapPlan(resamples: $0, seed: 1) },
                threads: threads
            )
            print((ContinuousClock.now - begin) / .seconds(1))
        }
        if let findings { try csv(found).write(toFile: findings, atomically: false, encoding: .utf8) }
    }

    private func csv(_ findings: [CellFinding]) -> String {
        let kinds = KindCode.allCases
        var lines = ["cell,n,mean,se,p50,p95,p99,input,output,cost," + kinds.map { "\($0)" }.joined(separator: ",")]
        if bootstrap != nil { lines[0] += ",bse,plow,phigh,blow,bhigh" }
        for finding in findings where finding.finished.total > 0 {
            let score = finding.score
            var fields = ["\(finding.cell)", "\(score.observations)"]
            fields += [score.mean, score.standardError].map { "\($0 ?? .nan)" }
            fields += [finding.latency?.p50, finding.latency?.p95, finding.latency?.p99].map { "\($0 ?? -1)" }
            fields += ["\(finding.tokens.input)", "\(finding.tokens.output)", "\(finding.cost)"]
            fields += kinds.map { "\(finding.finished[$0])" }
            if let drawn = score.bootstrap {
                let ends = [drawn.percentile.lower, drawn.percentile.upper, drawn.bca?.lower, drawn.bca?.upper]
                fields.append("\(drawn.standardError)")
                fields += ends.map { "\($0 ?? .nan)" }
            }
            lines.append(fields.joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The bytes a second that the same threads read when they do nothing but add up: the limit of any reduction.
struct Bandwidth: ParsableCommand {
    @Option(help: "The threads.") var threads = 2
    @Option(help: "MiB to read.") var size = 512

    func run() {
        let words = [UInt64](repeating: 3, count: size << 17)
        var best = 0.0
        for _ in 0..<7 {
            let begin = ContinuousClock.now
            let sums = parallelMap(count: threads, threads: threads) { share in
                var sum = SIMD8<UInt64>()
                words[words.count * share / threads..<words.count * (share + 1) / threads].withUnsafeBytes { bytes in
                    for vector in bytes.bindMemory(to: SIMD8<UInt64>.self) { sum &+= vector }
                }
                return sum.wrappedSum()
            }
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            precondition(sums.reduce(0, &+) > 0)
            best = max(best, Double(words.count * 8) / seconds)
        }
        print(best)
    }
}
