import Testing

// CorrectedEstimateTests.swift: PPI++ against exact fractions and ppi_py, and how often its interval holds the truth.
@testable import ParleyReduction

@Suite("Corrected estimates")
struct CorrectedEstimateTests {
    private func estimate(_ ratings: [Rating]) throws -> CorrectedEstimate {
        correctedEstimate(try RatingTable(ratings), cell: 0, judge: 1, gold: 0)
    }

    @Test("agree with exact fractions and ppi_py within 1e-12", arguments: JudgeFixtures.corrections)
    func fixtures(example: RatingCase) throws {
        let found = try estimate(example.ratings.map(Rating.init))
        let numbers = [
            Double(found.auditedSamples), Double(found.unlabelledSamples), found.labelMean, found.judgeError,
            found.judgeErrorStandardError, found.weight, found.estimate, found.standardError, found.interval?.lower,
            found.interval?.upper,
        ]
        let wrong = differences(numbers, example.expected, relative: 1e-12)
        #expect(wrong.isEmpty, "\(example.name): \(wrong)")
        #expect((found.interval == nil) == (found.intervalAbsence != nil))
    }

    @Test("say which interval they have, and why there is none")
    func methods() throws {
        func named(_ name: String) throws -> CorrectedEstimate {
            let example = try #require(JudgeFixtures.corrections.first { $0.name == name })
            return try estimate(example.ratings.map(Rating.init))
        }
        #expect(try named("one epoch").interval?.method == .predictionPoweredT)
        #expect(try named("a judge that says one thing").interval?.method == .wilson)
        #expect(try named("judge against the labels").interval?.method == .clusterT)
        #expect(try named("λ cut to 1, and nothing left to vary").intervalAbsence == .noVariation)
        #expect(try named("labels all alike and graded").intervalAbsence == .noVariation)
        #expect(try named("one audited sample").intervalAbsence == .oneCluster)
        #expect(try named("nothing audited").intervalAbsence == .noObservations)
        let below = try named("estimate below the range")
        #expect(below.estimate ?? 0 < 0 && below.interval?.lower == below.estimate)
    }

    @Test("count observations and verdicts that are missing, and keep the raw mean over all observations")
    func counts() throws {
        let one = Billionths.one
        let rows: [[Int64]] = [
            [0, 0, 0, 0, one], [1, 0, 0, 0, one], [1, 0, 0, 1, 0],
            [0, 0, 1, 0, 0], [1, 0, 1, 0],
            [0, 0, 2, 0, 0], [1, 0, 2, 0, one], [0, 0, 2, 1, 0], [1, 0, 2, 1, 0],
            [1, 0, 3, 0, one], [1, 0, 3, 1, 0], [1, 0, 4, 0, 0],
        ]
        let found = try estimate(rows.map(Rating.init))
        #expect(found.auditedSamples == 2 && found.auditedObservations == 3)
        #expect(found.unlabelledSamples == 2 && found.noVerdict == 1 && found.disagreements == 1)
        #expect(found.judge.observations == 7 && found.judge.clusters == 4)
        #expect(isClose(found.judge.mean, 3.0 / 7, relative: 1e-15))
        // Sample 0 counts with its audited observation alone: label 1, verdict 1.
        #expect(found.labelMean == 0.5)
        #expect(found.judgeError == 0.25)
    }

    @Test("restore the order of two cells that the judge got wrong")
    func order() throws {
        var generator = SeededGenerator(seed: 5)
        // Shares of 1 and, of the judge's errors, of 0 taken for 1: the worse cell looks better.
        let cells: [(truth: Double, flattery: Double)] = [(0.4, 0.35), (0.55, 0.05)]
        var ratings: [Rating] = []
        for (cell, shares) in cells.enumerated() {
            for sample in 0..<1_000 as Range<Int32> {
                let label = generator.flip(shares.truth)
                let verdict = label || generator.flip(shares.flattery)
                ratings.append(Rating(rater: 1, cell: Int32(cell), sample: sample, score: verdict ? Billionths.one : 0))
                guard sample % 4 == 0 else { continue }
                ratings.append(Rating(rater: 0, cell: Int32(cell), sample: sample, score: label ? Billionths.one : 0))
            }
        }
        let table = try RatingTable(ratings)
        let found = (0..<2 as Range<Int32>).map { correctedEstimate(table, cell: $0, judge: 1, gold: 0) }
        #expect(found[0].judge.mean ?? 0 > found[1].judge.mean ?? 1)
        #expect(found[0].interval?.upper ?? 1 < found[1].interval?.lower ?? 0)
        for (estimate, shares) in zip(found, cells) {
            let interval = try #require(estimate.interval)
            #expect(interval.lower < shares.truth && shares.truth < interval.upper)
            #expect(estimate.standardError ?? 1 < 0.031, "smaller than the labels' own: √(0.24 / 250)")
        }
    }

    @Test("have intervals that hold the truth about 95 times in 100, over 200 seeds", arguments: [20, 60] as [Int32])
    func coverage(audited: Int32) throws {
        var covered = 0
        for seed in 1...200 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed &* 31 &+ UInt64(audited))
            let ratings = (0..<(500 + audited)).flatMap { sample -> [Rating] in
                let label = generator.flip(0.5)
                let verdict = generator.flip(0.1) ? !label : label
                let judged = Rating(rater: 1, cell: 0, sample: sample, score: verdict ? Billionths.one : 0)
                guard sample < audited else { return [judged] }
                return [judged, Rating(rater: 0, cell: 0, sample: sample, score: label ? Billionths.one : 0)]
            }
            let interval = try #require(try estimate(ratings).interval)
            covered += interval.lower <= 0.5 && 0.5 <= interval.upper ? 1 : 0
        }
        // Three standard errors of 200 draws about 95 %, which `reduce-bench judge-coverage` measures closer.
        #expect(Double(covered) / 200 > 0.9 && Double(covered) / 200 < 0.995, "\(covered) of 200")
    }
}
