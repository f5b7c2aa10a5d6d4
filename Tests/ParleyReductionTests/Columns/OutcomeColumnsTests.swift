import Testing

// OutcomeColumnsTests.swift: what goes in comes out, and what breaks a limit does not get in.
@testable import ParleyReduction

@Suite("Outcome columns")
struct OutcomeColumnsTests {
    @Test("give back the rows that were appended")
    func roundTrip() throws {
        let rows = RandomRound(seed: 5).rows
        let columns = try OutcomeColumns(rows)
        #expect(columns.count == rows.count)
        #expect(columns.invariantsHold)
        #expect(rows.indices.allSatisfy { columns[$0] == rows[$0] })
        #expect(columns[-1] == nil)
        #expect(columns[columns.count] == nil)
    }

    @Test("tell a score of zero from no score")
    func zeroIsAScore() throws {
        var columns = OutcomeColumns()
        try columns.append(OutcomeRow(cell: 0, sample: 0, kind: .scored, score: 0))
        try columns.append(OutcomeRow(cell: 0, sample: 1, kind: .scored, score: nil))
        #expect(columns.mark.map { $0 / 8 } == [1, 0])
        #expect(columns[0]?.score == 0)
        #expect(columns[1]?.score == nil)
    }

    @Test("refuse a row beyond a limit and stay as they were")
    func limits() throws {
        let good = OutcomeRow(cell: 0, sample: 0, kind: .scored, score: 1)
        var columns = try OutcomeColumns([good])
        func refused(_ field: OutcomeRowError.Field, _ change: (inout OutcomeRow) -> Void) {
            var row = good
            change(&row)
            let error = #expect(throws: OutcomeRowError.self) { try columns.append(row) }
            #expect(error?.field == field)
        }
        refused(.cell) { $0.cell = -1 }
        refused(.sample) { $0.sample = -1 }
        refused(.epoch) { $0.epoch = OutcomeColumns.epochLimit }
        refused(.score) { $0.score = Billionths.scoreLimit + 1 }
        refused(.score) { $0.score = .min }
        refused(.tokensIn) { $0.tokensIn = -1 }
        refused(.tokensOut) { $0.tokensOut = .max }
        refused(.tokensCached) { $0.tokensCached = -1 }
        refused(.tokensReasoning) { $0.tokensReasoning = -1 }
        refused(.cost) { $0.cost = -1 }
        refused(.latency) { $0.latency = -1 }
        #expect(columns == (try OutcomeColumns([good])))
    }

    @Test("notice columns that break the invariants")
    func invariants() throws {
        let good = try OutcomeColumns([OutcomeRow(cell: 0, sample: 0, kind: .scored, score: nil)])
        var short = good
        short.latency.removeLast()
        var phantom = good
        phantom.score[0] = 5
        var unknown = good
        unknown.mark[0] = 99
        #expect(good.invariantsHold)
        var untold = good
        untold.latency[0] = 7
        #expect(![short, phantom, unknown, untold].contains { $0.invariantsHold })
    }

    @Test("say what is wrong with a row and what to do")
    func message() {
        let error = OutcomeRowError(field: .epoch, value: 5_000, allowed: 0...4_095)
        #expect(error.description.hasPrefix("an outcome's epoch is 5000; it must lie in 0 to 4095."))
    }
}
