import Testing

// CellFindingTests.swift: counts, sums and denominators by kind against a naive count; then the corners: nothing,
// one sample, all alike, all refused, all excluded.
@testable import ParleyReduction

@Suite("Cell findings")
struct CellFindingTests {
    private func finding(_ rows: [OutcomeRow], _ spec: CellSpec = CellSpec(planned: 10)) throws -> CellFinding {
        try reduceCells(columns: [OutcomeColumns(rows)], cells: [spec])[0]
    }

    private func scored(_ scores: [Double?], sample: (Int) -> Int = { $0 }) -> [OutcomeRow] {
        scores.enumerated().map { index, score in
            OutcomeRow(
                cell: 0,
                sample: Int32(sample(index)),
                epoch: Int32(index),
                kind: .scored,
                score: score.flatMap { Billionths.nearest(to: $0) }
            )
        }
    }

    @Test("state every denominator by kind, and sums that a naive loop confirms", arguments: [1, 2, 3] as [UInt64])
    func naive(seed: UInt64) throws {
        let rows = RandomRound(seed: seed).rows
        let findings = try reduceCells(columns: [OutcomeColumns(rows)], cells: RandomRound.cells)
        for (cell, finding) in findings.enumerated() {
            let own = rows.filter { $0.cell == Int32(cell) }
            for kind in KindCode.allCases {
                #expect(finding.finished[kind] == Int64(own.filter { $0.kind == kind }.count))
                let parts = finding.included[kind] + finding.excluded[kind] + finding.apart[kind]
                #expect(parts + finding.unscored[kind] == finding.finished[kind])
            }
            #expect(finding.cell == cell)
            #expect(finding.included.total == finding.score.observations)
            #expect(finding.neverRun == 400 - Int64(own.count))
            #expect(finding.cost == own.reduce(0) { $0 + Int128($1.cost) })
            #expect(finding.tokens.input == own.reduce(0) { $0 + $1.tokensIn })
            #expect(finding.tokens.output == own.reduce(0) { $0 + $1.tokensOut })
            #expect(finding.tokens.cached == own.reduce(0) { $0 + $1.tokensCached })
            #expect(finding.tokens.reasoning == own.reduce(0) { $0 + $1.tokensReasoning })
            #expect(finding.latency == naiveQuantiles(own.filter { $0.kind != .failed }.map(\.latency)))
        }
        #expect(findings[2].score.isRate)
        #expect(!findings[0].score.isRate)
    }

    @Test("count right, wrong and refused as a naive loop does, up to all outcomes", arguments: [1, 2, 3] as [UInt64])
    func answers(seed: UInt64) throws {
        let rows = RandomRound(seed: seed).rows
        let findings = try reduceCells(columns: [OutcomeColumns(rows)], cells: RandomRound.cells)
        #expect(findings[0].answers == nil && findings[1].answers == nil, "graded scores")
        for (cell, spec) in RandomRound.cells.enumerated().dropFirst(2) {
            var expected = AnswerCounts(right: 0, wrong: 0, refused: 0, other: 0)
            for row in rows where row.cell == Int32(cell) {
                let score: Int64? =
                    switch spec.treatments[row.kind] {
                    case .asScored: row.score
                    case .scoreAs(let score): score
                    case .exclude, .reportApart: nil
                    }
                switch (row.kind, score) {
                case (.refused, _): expected.refused += 1
                case (_, 0): expected.wrong += 1
                case (_, Billionths.one): expected.right += 1
                default: expected.other += 1
                }
            }
            #expect(findings[cell].answers == expected)
        }
    }

    @Test("tell answers from refusals that have scores of their own only where the sum does")
    func scoredRefusals() throws {
        let spec = CellSpec(planned: 10, treatments: KindTreatments(refused: .asScored), epochReducer: .max)
        func answers(_ scores: [Double], refused: [Double?]) throws -> AnswerCounts? {
            let refusals = refused.enumerated().map { index, score in
                OutcomeRow(
                    cell: 0,
                    sample: Int32(index),
                    epoch: 9,
                    kind: .refused,
                    score: score.flatMap(Billionths.nearest)
                )
            }
            return try finding(scored(scores) + refusals, spec).answers
        }
        #expect(try answers([1, 0], refused: [1, 0]) == nil)
        #expect(try answers([0, 0], refused: [0]) == AnswerCounts(right: 0, wrong: 2, refused: 1, other: 0))
        #expect(try answers([1, 1], refused: [1, nil]) == AnswerCounts(right: 2, wrong: 0, refused: 2, other: 0))
        #expect(try answers([1, 0], refused: [nil]) == AnswerCounts(right: 1, wrong: 1, refused: 1, other: 0))
        #expect(try answers([], refused: [0, 1]) == AnswerCounts(right: 0, wrong: 0, refused: 2, other: 0))
        #expect(try answers([], refused: []) == nil)
        #expect(try answers([0.5], refused: [1]) == nil)
    }

    @Test("say how far missing outcomes could move the mean")
    func missing() throws {
        // 4 of 10 ran, 3 of them right; one more failed and one has no score.
        var rows = scored([1, 1, 1, 0, nil])
        rows.append(OutcomeRow(cell: 0, sample: 9, kind: .failed, score: nil))
        let bounds = try #require(try finding(rows).missing)
        #expect(bounds == MissingBounds(missing: 6, lower: 0.3, upper: 0.9))
        #expect(try finding(scored([1, 0]), CellSpec(planned: 2)).missing == nil)
        #expect(try finding(scored([0.5, 2]), CellSpec(planned: 3)).missing == nil, "scores without bounds")
        let scale = CellSpec(planned: 3, scoreRange: -Billionths.one...3 * Billionths.one)
        #expect(try finding(scored([0.5, 2]), scale).missing == MissingBounds(missing: 1, lower: 0.5, upper: 5.5 / 3))
        #expect(try finding(scored([1, 0]), CellSpec(planned: 3, epochReducer: .max)).missing == nil)
    }

    @Test("of a cell that never ran have no mean, no interval and no latency")
    func nothing() throws {
        let found = try finding([])
        #expect(found.neverRun == 10)
        #expect(found.score.mean == nil)
        #expect(found.score.standardError == nil)
        #expect(found.score.interval == nil)
        #expect(found.score.intervalAbsence == .noObservations)
        #expect(!found.score.isRate)
        #expect(found.latency == nil)
    }

    @Test("of one sample, once or often, have a mean and no interval", arguments: [1, 7])
    func oneSample(epochs: Int) throws {
        let found = try finding(scored([Double?](repeating: 1, count: epochs), sample: { _ in 4 }))
        #expect(found.score.mean == 1)
        #expect(found.score.clusters == 1)
        #expect(found.score.standardError == nil)
        #expect(found.score.interval == nil)
        #expect(found.score.intervalAbsence == .oneCluster)
    }

    @Test("of equal rates take Wilson, on the samples when these repeat")
    func equalRates() throws {
        let single = try finding(scored([1, 1, 1, 1])).score
        #expect(single.interval == wilsonInterval(rate: 1, observations: 4, level: 0.95))
        #expect(single.standardError == 0)
        let repeated = try finding(scored([0, 0, 0, 0, 0, 0], sample: { $0 / 2 })).score
        var expected = wilsonInterval(rate: 0, observations: 3, level: 0.95)
        expected?.method = .wilsonOnClusters
        #expect(repeated.interval == expected)
        #expect(repeated.interval?.lower == 0)
    }

    @Test("of equal graded scores have no interval, for equal is not certain")
    func equalGrades() throws {
        let found = try finding(scored([0.7, 0.7, 0.7])).score
        #expect(found.mean == 0.7)
        #expect(found.interval == nil)
        #expect(found.intervalAbsence == .noVariation)
    }

    @Test("cut intervals to the score's range")
    func clipped() throws {
        let spec = CellSpec(planned: 10, scoreRange: 0...Billionths.one)
        let interval = try #require(try finding(scored([0.01, 0.9]), spec).score.interval)
        #expect(interval.lower == 0)
        #expect(interval.upper == 1)
        #expect(interval.method == .clusterT)
        let open = try #require(try finding(scored([0.01, 0.9])).score.interval)
        #expect(open.lower < 0)
        #expect(open.upper > 1)
    }

    @Test("of refusals alone follow the suite: apart, excluded, or a score")
    func allRefused() throws {
        let rows = (0..<6 as Range<Int32>).map { OutcomeRow(cell: 0, sample: $0, kind: .refused, score: nil) }
        let apart = try finding(rows)
        #expect(apart.apart.refused == 6)
        #expect(apart.score.intervalAbsence == .noObservations)
        let excluding = CellSpec(planned: 10, treatments: KindTreatments(refused: .exclude))
        #expect(try finding(rows, excluding).excluded.refused == 6)
        let scoring = CellSpec(planned: 10, treatments: KindTreatments(refused: .scoreAs(Billionths.one)))
        let success = try finding(rows, scoring)
        #expect(success.included.refused == 6)
        #expect(success.score.mean == 1)
        #expect(success.score.interval?.method == .wilson)
    }

    @Test("leave an answer without a score out; unscored is not zero")
    func unscored() throws {
        let found = try finding(scored([1, nil, 1, nil]))
        #expect(found.score.mean == 1)
        #expect(found.score.observations == 2)
        #expect(found.unscored[.scored] == 2)
    }

    @Test("refuse more outcomes than planned, and more observations than epochs")
    func refusals() throws {
        let rows = scored([1, 1, 1])
        #expect(throws: ReductionError.moreFinishedThanPlanned(cell: 0, planned: 2, finished: 3)) {
            try finding(rows, CellSpec(planned: 2))
        }
        let same = [OutcomeRow](repeating: rows[0], count: 4_097)
        let expected = ReductionError.moreObservationsThanEpochs(cell: 0, sample: 0)
        #expect(throws: expected) { try finding(same, CellSpec(planned: 5_000)) }
        // So many of one sample that the number of them leaves its bits.
        let many = [OutcomeRow](repeating: rows[0], count: 65_536)
        let unknown = ReductionError.moreObservationsThanEpochs(cell: 0, sample: nil)
        #expect(throws: unknown) { try finding(many, CellSpec(planned: 70_000)) }
    }
}

/// The nearest-rank quantiles of a sorted copy.
private func naiveQuantiles(_ latencies: [Int64]) -> LatencyQuantiles? {
    guard !latencies.isEmpty else { return nil }
    let sorted = latencies.sorted()
    func quantile(_ percent: Int) -> Int64 { sorted[(percent * sorted.count + 99) / 100 - 1] }
    return LatencyQuantiles(count: Int64(sorted.count), p50: quantile(50), p95: quantile(95), p99: quantile(99))
}

extension KindCounts {
    /// A shorter name for the tests.
    fileprivate var refused: Int64 { self[.refused] }
}
