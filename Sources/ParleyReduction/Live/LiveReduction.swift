// LiveReduction.swift: findings of a round that still runs. Batches of changes go in, findings come out at any time.
// All sums are exact integers, so that an outcome that is superseded or invalidated is subtracted and leaves nothing
// behind. Invariant: complete findings equal, bit for bit, a reduction of the outcomes that hold, from nothing.

import ParleyDispatch

/// Findings that follow an append-only log of outcomes.
///
/// ```swift
/// var live = LiveReduction(plan: plan)
/// try live.apply([.add(row), .invalidate(OutcomeKey(cell: 3, sample: 14))], through: LogPosition(1_592))
/// let now = try live.findings()
/// let last = try live.findings(.complete)
/// ```
///
/// It holds 48 bytes for every planned outcome. It is a value: a copy that is changed copies them all.
public struct LiveReduction: Sendable {
    /// What is known of one cell.
    private struct Cell: Sendable {
        var finding: CellFinding
        var holistic: HolisticResults
        var isFindingStale = false
        var isHolisticStale = false
        /// The last position at which `holistic` held, where it is stale.
        var holisticPosition: LogPosition
    }

    /// The plan, by cell index.
    public let plan: [CellPlan]
    /// How far the log was read.
    public private(set) var position: LogPosition
    private let finalizer: CellFinalizer
    private let threads: Int
    private var held: HeldOutcomes
    private var totals: CellTotals.State
    private var samples: SampleSums.State
    private var cells: [Cell]

    /// Makes a reduction of no outcomes.
    ///
    /// - Parameters:
    ///   - plan: the specification of every cell and its planned samples and epochs; its position is the cell's index.
    ///   - level: the confidence level of the intervals, between 0 and 1.
    ///   - bootstrap: how to draw the cells' means again, or `nil` not to.
    ///   - position: where in the log the first batch begins.
    ///   - threads: the most threads to use; no result depends on it. With more than one, findings block their caller
    ///     while Dispatch's threads work.
    public init(
        plan: [CellPlan],
        level: Double = 0.95,
        bootstrap: BootstrapPlan? = nil,
        position: LogPosition = .start,
        threads: Int = 1
    ) {
        self.plan = plan
        self.position = position
        self.threads = threads
        finalizer = CellFinalizer(
            cells: plan.map(\.spec),
            layout: ClusterLayout(plan: plan),
            level: level,
            bootstrap: bootstrap
        )
        held = HeldOutcomes(plan: plan)
        totals = finalizer.totals.initialize()
        samples = finalizer.samples.initialize()
        cells = plan.indices.map { [finalizer] cell in
            let nothing = finalizer.nothing(of: cell)
            return Cell(finding: nothing.finding, holistic: nothing.holistic, holisticPosition: position)
        }
    }

    /// Takes in a batch of changes, in the order of the log.
    ///
    /// - Parameters:
    ///   - changes: any number of them.
    ///   - position: that of the last change; not before ``position``.
    /// - Throws: ``LiveReductionError`` for the first change that cannot be; nothing of the batch is then taken in.
    public mutating func apply(
        _ changes: [OutcomeChange],
        through position: LogPosition
    ) throws(LiveReductionError) {
        guard position >= self.position else { throw .behind(position: self.position, batch: position) }
        let places = try places(of: changes)
        let hasChanged = fold(changes, places: places)
        for cell in cells.indices where hasChanged[cell] {
            // What was computed held until this batch.
            if !cells[cell].isHolisticStale { cells[cell].holisticPosition = self.position }
            cells[cell].isFindingStale = true
            cells[cell].isHolisticStale = true
        }
        self.position = position
    }

    /// The finding of every cell, by index. Only cells that changed since the last call are computed.
    ///
    /// - Parameter extent: whether to bring latencies, bootstraps and epoch-reduced scores up to date as well.
    /// - Throws: ``ReductionError/moreFinishedThanPlanned(cell:planned:finished:)``.
    public mutating func findings(_ extent: FindingExtent = .algebraic) throws(ReductionError) -> [LiveFinding] {
        if extent == .complete { refreshHolistic() }
        try refreshFindings()
        return cells.map { cell in
            LiveFinding(
                finding: cell.finding,
                position: position,
                holisticPosition: cell.isHolisticStale ? cell.holisticPosition : position
            )
        }
    }
}

extension LiveReduction {
    /// The place of every change.
    private func places(of changes: [OutcomeChange]) throws(LiveReductionError) -> [Int] {
        var places: [Int] = []
        places.reserveCapacity(changes.count)
        for (index, change) in changes.enumerated() {
            guard let place = held.place(change.key) else { throw .outsidePlan(index: index, key: change.key) }
            do throws(OutcomeRowError) {
                if let row = change.row { try OutcomeColumns.check(row) }
            } catch { throw .invalidRow(index: index, error) }
            places.append(place)
        }
        return places
    }

    /// Subtracts what the changes take away, adds what they bring, and says which cells changed.
    private mutating func fold(_ changes: [OutcomeChange], places: [Int]) -> [Bool] {
        var hasChanged = [Bool](repeating: false, count: cells.count)
        for start in stride(from: 0, to: changes.count, by: HeldOutcomes.blockSize) {
            let block = start..<min(changes.count, start + HeldOutcomes.blockSize)
            let deltas = held.exchange(changes[block], places: places[block])
            finalizer.totals.add(deltas, to: &totals)
            finalizer.samples.add(deltas, to: &samples)
            for delta in deltas { hasChanged[delta.cell] = true }
        }
        return hasChanged
    }

    private mutating func refreshHolistic() {
        let stale = cells.indices.filter { cells[$0].isHolisticStale }
        let (finalizer, held, samples) = (finalizer, held, samples)
        let results = parallelMap(count: stale.count, threads: threads) { index in
            finalizer.holistic(of: stale[index], held: held, samples)
        }
        for (cell, result) in zip(stale, results) {
            cells[cell].holistic = result
            cells[cell].isHolisticStale = false
            cells[cell].isFindingStale = true
        }
    }

    private mutating func refreshFindings() throws(ReductionError) {
        let stale = cells.indices.filter { cells[$0].isFindingStale }
        let holistic = stale.map { cells[$0].holistic }
        let (finalizer, totals, samples) = (finalizer, totals, samples)
        let results = parallelMap(count: stale.count, threads: threads) { index in
            Result { () throws(ReductionError) in
                let own = try finalizer.totals(of: stale[index], totals, samples)
                return finalizer.finding(of: stale[index], own, samples, holistic: holistic[index])
            }
        }
        for (cell, result) in zip(stale, results) {
            cells[cell].finding = try result.get()
            cells[cell].isFindingStale = false
        }
    }
}
