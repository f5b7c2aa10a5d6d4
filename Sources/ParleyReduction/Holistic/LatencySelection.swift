// LatencySelection.swift: the holistic aggregate: exact quantiles of all cells at once, without sorting.
// The rows are read twice. First their codes are counted by cell, which says in which code each quantile falls; then
// only the latencies of those codes, a few in a hundred, are kept and searched. It is radix selection with its first
// digit taken for all cells together. Where no cache holds the counters of all cells, the latencies are moved together
// by cell, and each cell is searched in the same way by itself.

import ParleyDispatch

/// Exact latency quantiles by cell.
public struct LatencySelection: Aggregate {
    /// Counters by cell × code. Combines by addition, as a distributive state does; what it cannot do is end without
    /// the rows: ``finalize(_:_:threads:)`` reads them again.
    public struct State: Sendable, Equatable {
        var counts: LargeArray<UInt32>
    }

    /// The number of cells.
    public let cellCount: Int
    private let code: LatencyCode
    private let isByCell: Bool
    private let largest: Int64

    /// Makes the aggregate.
    ///
    /// - Parameters:
    ///   - cellCount: the number of cells.
    ///   - columns: all rows that will be reduced, fewer than 2³² of them.
    public init(cellCount: Int, columns: [OutcomeColumns]) {
        self.init(cellCount: cellCount, columns: columns, cached: CachedAccumulators())
    }

    init(cellCount: Int, columns: [OutcomeColumns], cached: CachedAccumulators) {
        let rows = columns.reduce(0) { $0 + $1.count }
        precondition(rows <= UInt32.max, "one reduction takes fewer than 2³² rows")
        self.cellCount = cellCount
        largest = columns.reduce(0) { max($0, $1.bounds.largestLatency) }
        let code = LatencyCode(largestLatency: largest, cellCount: cellCount, counters: max(65_536, rows))
        isByCell = code.count * cellCount > cached.latencies
        self.code = isByCell ? LatencyCode(largestLatency: largest, cellCount: 1, counters: .max) : code
    }

    /// All counters zero.
    public func initialize() -> State {
        State(counts: LargeArray(zeros: isByCell ? 0 : cellCount * code.count))
    }

    /// Counts the codes of the rows.
    public func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>) {
        if isByCell { return }
        let cells = columns.cell.span
        let marks = columns.mark.span
        let latencies = columns.latency.span
        let code = code
        precondition(rows.lowerBound >= 0 && rows.upperBound <= columns.count, "rows of these columns")
        state.counts.withMutableSpan { counts in
            for row in rows {
                // Unchecked: rows were checked above, cells by the layout, latencies by the bounds of the columns.
                let position = unsafe Int(cells[unchecked: row]) &* code.count &+ code(latencies[unchecked: row])
                let isTimed: UInt32 = unsafe OutcomeMark.isKind(.failed, marks[unchecked: row]) ? 0 : 1
                unsafe counts[unchecked: position] &+= isTimed
            }
        }
    }

    /// Adds the counters of the other state.
    public func combine(_ state: inout State, _ other: State) {
        other.counts.withSpan { other in
            state.counts.withMutableSpan { counts in
                for index in 0..<counts.count { counts[index] &+= other[index] }
            }
        }
    }

    /// Chooses the quantiles of each cell; `nil` for a cell without latencies.
    ///
    /// - Parameters:
    ///   - state: the counters of all rows of `columns`, and of no others.
    ///   - columns: the rows.
    ///   - threads: the most threads to use.
    public func finalize(_ state: State, _ columns: [OutcomeColumns], threads: Int = 1) -> [LatencyQuantiles?] {
        if isByCell {
            return largest < UInt32.max
                ? byCell(columns, TimedLatencies<UInt32>(), threads: threads)
                : byCell(columns, TimedLatencies<UInt64>(), threads: threads)
        }
        let wanted = parallelMap(count: cellCount, threads: threads) { cell in
            state.counts.withSpan { Wanted($0.extracting(cell * code.count..<(cell + 1) * code.count)) }
        }
        let codes = wanted.map(\.codes)
        let offsets = prefixSums(wanted.map(\.kept))
        let kept = foldRows(of: columns, threads: threads) {
            // Room for all, since one thread may meet them all, and for the row that is written last and not kept; what
            // is not written to costs nothing.
            (rows: LargeArray<Kept>(zeros: offsets[cellCount] + 1), count: 0)
        } body: { kept, part, rows in
            kept.rows.withMutableSpan { keep(&$0, &kept.count, part, rows: rows, codes: codes) }
        }
        var next = offsets
        var values = LargeArray<Int64>(zeros: offsets[cellCount])
        values.withMutableSpan { values in
            for share in kept {
                share.rows.withSpan { rows in
                    for index in 0..<share.count {
                        let row = rows[index]
                        values[next[Int(row.cell)]] = row.latency
                        next[Int(row.cell)] += 1
                    }
                }
            }
        }
        let found = values
        return parallelMap(count: cellCount, threads: threads) { cell in
            found.withSpan { wanted[cell].quantiles(in: $0.extracting(offsets[cell]..<offsets[cell + 1]), code: code) }
        }
    }

    private func byCell<Word>(
        _ columns: [OutcomeColumns],
        _ source: TimedLatencies<Word>,
        threads: Int
    ) -> [LatencyQuantiles?] {
        let latencies = ScatteredByCell(cellCount: cellCount, columns: columns, threads: threads, source: source)
        let code = code
        return parallelMap(count: cellCount, threads: threads) { cell in
            latencies.withElements(of: cell) { own in
                var counts = [UInt32](repeating: 0, count: code.count)
                for row in own.indices where own[row] != Word.max { counts[code(Int64(own[row]))] += 1 }
                let wanted = Wanted(counts.span)
                var kept: [Int64] = []
                kept.reserveCapacity(wanted.kept)
                for row in own.indices where own[row] != Word.max {
                    let latency = Int64(own[row])
                    if any(wanted.codes .== Int32(truncatingIfNeeded: code(latency))) { kept.append(latency) }
                }
                return wanted.quantiles(in: kept.span, code: code)
            }
        }
    }

    private func keep(
        _ kept: inout MutableSpan<Kept>,
        _ count: inout Int,
        _ columns: OutcomeColumns,
        rows: Range<Int>,
        codes: [SIMD4<Int32>]
    ) {
        let cells = columns.cell.span
        let marks = columns.mark.span
        let latencies = columns.latency.span
        let codes = codes.span
        let code = code
        precondition(rows.lowerBound >= 0 && rows.upperBound <= columns.count, "rows of these columns")
        for row in rows {
            // Unchecked: as in `update`.
            let cell = unsafe cells[unchecked: row]
            let latency = unsafe latencies[unchecked: row]
            let matches = unsafe codes[unchecked: Int(cell)] .== Int32(truncatingIfNeeded: code(latency))
            let isKept = unsafe any(matches) && !OutcomeMark.isKind(.failed, marks[unchecked: row])
            // Written whether or not it is kept: one row in ten is, and a branch that guesses wrong costs more.
            unsafe kept[unchecked: count] = Kept(cell: cell, latency: latency)
            count &+= isKept ? 1 : 0
        }
    }
}

/// Of every row its latency, or the largest word where it has none.
private struct TimedLatencies<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>: RowSource {
    @inline(__always)
    func element(_ columns: OutcomeColumns, row: Int) -> Word {
        OutcomeMark.isKind(.failed, columns.mark[row]) ? .max : Word(truncatingIfNeeded: columns.latency[row])
    }
}

/// A latency that lies in one of its cell's wanted codes.
private struct Kept: Sendable, BitwiseCopyable {
    var cell: Int32
    var latency: Int64
}

/// Where the quantiles of one cell fall.
private struct Wanted: Sendable {
    private static let percents = LatencyQuantiles.percents

    /// The number of latencies.
    var count = 0
    /// The codes of the three quantiles, ascending, and a fourth that no latency has.
    var codes = SIMD4<Int32>(repeating: -1)
    /// By quantile: its rank among the cell's kept latencies of its code, from 1.
    var ranks = SIMD4<Int>()
    /// The cell's latencies in any of the codes.
    var kept = 0

    init(_ counts: Span<UInt32>) {
        for code in counts.indices { count += Int(counts[code]) }
        guard count > 0 else { return }
        var before = 0
        var index = 0
        for code in counts.indices where counts[code] > 0 {
            let size = counts[code]
            let lastKept = kept
            while index < Self.percents.count {
                let rank = LatencyQuantiles.rank(percent: Self.percents[index], count: count)
                guard rank <= before + Int(size) else { break }
                codes[index] = Int32(code)
                ranks[index] = rank - before
                kept = lastKept + Int(size)
                index += 1
            }
            before += Int(size)
            if index == Self.percents.count { break }
        }
    }

    func quantiles(in kept: Span<Int64>, code: LatencyCode) -> LatencyQuantiles? {
        guard count > 0 else { return nil }
        let found = codes.indices.prefix(Self.percents.count).map { index in
            var own: [Int64] = []
            for position in kept.indices where code(kept[position]) == Int(codes[index]) { own.append(kept[position]) }
            return nthSmallest(of: own, rank: ranks[index])
        }
        return LatencyQuantiles(count: Int64(count), p50: found[0], p95: found[1], p99: found[2])
    }
}
