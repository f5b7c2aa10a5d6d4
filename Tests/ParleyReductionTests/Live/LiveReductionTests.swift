import Testing

// LiveReductionTests.swift: whatever was added, superseded and invalidated, the findings are those of the outcomes that
// survive, reduced from nothing.
@testable import ParleyReduction

@Suite("Live findings")
struct LiveReductionTests {
    @Test(
        "equal a reduction of the surviving outcomes, bit for bit, at every point",
        arguments: 1...10 as ClosedRange<UInt64>,
        [1, 2]
    )
    func fromNothing(seed: UInt64, threads: Int) throws {
        let reducers: [EpochReducer] = [.median, .mode, .max, .atLeast(2), .passAt(2), .passHat(3)]
        let plan = RandomLog.plan(reducer: reducers[Int(seed) % reducers.count])
        let bootstrap = seed.isMultiple(of: 2) ? BootstrapPlan(resamples: 100, seed: seed) : nil
        var live = LiveReduction(plan: plan, bootstrap: bootstrap, threads: threads)
        var log = RandomLog(seed: seed)
        for point in 0..<12 {
            let (changes, position) = log.batch()
            try live.apply(changes, through: position)
            // Findings asked for now and then must not disturb the later ones.
            if point % 3 == 1 { _ = try live.findings() }
            guard point % 2 == 0 else { continue }
            let expected = try reduceCells(
                columns: log.columns(),
                cells: plan.map(\.spec),
                bootstrap: bootstrap,
                threads: threads
            )
            let algebraic = try live.findings().map(\.finding)
            for (found, expected) in zip(algebraic, expected) where found.cell != 3 {
                #expect(withoutHolistic(found) == withoutHolistic(expected), "seed \(seed), batch \(point)")
            }
            let complete = try live.findings(.complete).map(\.finding)
            #expect(complete == expected, "seed \(seed), batch \(point)")
            #expect(bitImage(complete) == bitImage(expected), "seed \(seed), batch \(point)")
        }
    }

    private func withoutHolistic(_ finding: CellFinding) -> CellFinding {
        var result = finding
        result.latency = nil
        result.score.bootstrap = nil
        return result
    }

    @Test("of a plan without outcomes are those of no outcomes")
    func nothing() throws {
        let plan = RandomLog.plan()
        var live = LiveReduction(plan: plan, bootstrap: BootstrapPlan(resamples: 100, seed: 1))
        let expected = try reduceCells(columns: [], cells: plan.map(\.spec))
        #expect(try live.findings().map(\.finding) == expected)
        #expect(try live.findings(.complete).map(\.finding) == expected)
    }

    @Test("say up to which position each part of them holds")
    func positions() throws {
        var live = LiveReduction(plan: RandomLog.plan(), position: LogPosition(100))
        let row = OutcomeRow(cell: 1, sample: 3, kind: .scored, score: 0, latency: 7)
        try live.apply([.add(row)], through: LogPosition(101))
        var found = try live.findings()
        #expect(found.map(\.position.rawValue) == [101, 101, 101, 101, 101])
        #expect(found.map(\.holisticPosition.rawValue) == [101, 100, 101, 101, 101])
        #expect(found[1].finding.finished.total == 1)
        #expect(found[1].finding.latency == nil, "not computed yet")
        #expect(try live.findings(.complete)[1].holisticPosition == LogPosition(101))
        // A row that is handed over twice changes nothing.
        try live.apply([.add(row)], through: LogPosition(102))
        found = try live.findings()
        #expect(found[1].holisticPosition == LogPosition(102))
        #expect(found[1].finding.latency == LatencyQuantiles(count: 1, p50: 7, p95: 7, p99: 7))
        // The latency of a cell that changed twice holds until the first of the changes.
        try live.apply([.invalidate(OutcomeKey(cell: 1, sample: 3))], through: LogPosition(110))
        try live.apply([.add(row), .supersede(row)], through: LogPosition(120))
        found = try live.findings()
        #expect(found[1].holisticPosition == LogPosition(102))
        #expect(found[1].position == LogPosition(120))
    }

    @Test("stay as they are when a batch is refused")
    func refusals() throws {
        var live = LiveReduction(plan: RandomLog.plan(), position: LogPosition(5))
        let good = OutcomeRow(cell: 0, sample: 0, kind: .scored, score: Billionths.one)
        try live.apply([.add(good)], through: LogPosition(6))
        let before = try live.findings(.complete)
        let other = OutcomeChange.supersede(OutcomeRow(cell: 0, sample: 0, kind: .refused, score: nil))
        let keys = [
            OutcomeKey(cell: 5, sample: 0), OutcomeKey(cell: -1, sample: 0), OutcomeKey(cell: 0, sample: 40),
            OutcomeKey(cell: 0, sample: -1), OutcomeKey(cell: 0, sample: 0, epoch: 4),
            OutcomeKey(cell: 0, sample: 0, epoch: -1),
        ]
        for key in keys {
            #expect(throws: LiveReductionError.outsidePlan(index: 1, key: key)) {
                try live.apply([other, .invalidate(key)], through: LogPosition(9))
            }
        }
        var bad = good
        bad.latency = -1
        let limit = OutcomeRowError(field: .latency, value: -1, allowed: 0...OutcomeColumns.latencyLimit)
        #expect(throws: LiveReductionError.invalidRow(index: 1, limit)) {
            try live.apply([other, .add(bad)], through: LogPosition(9))
        }
        #expect(throws: LiveReductionError.behind(position: LogPosition(6), batch: LogPosition(4))) {
            try live.apply([other], through: LogPosition(4))
        }
        #expect(try live.findings(.complete) == before)
        let message = LiveReductionError.outsidePlan(index: 1, key: keys[2]).description
        #expect(message.hasPrefix("change 1 of the batch is about epoch 0 of sample 40 in cell 0, which is not in"))
    }

    @Test("refuse more outcomes than planned, as a reduction from nothing does")
    func moreThanPlanned() throws {
        var live = LiveReduction(plan: [CellPlan(CellSpec(planned: 1), samples: 2, epochs: 1)])
        let rows = [0, 1].map { OutcomeChange.add(OutcomeRow(cell: 0, sample: $0, kind: .scored, score: 0)) }
        try live.apply(rows, through: LogPosition(2))
        #expect(throws: ReductionError.moreFinishedThanPlanned(cell: 0, planned: 1, finished: 2)) {
            try live.findings()
        }
    }
}
