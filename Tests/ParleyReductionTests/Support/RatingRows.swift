// RatingRows.swift: tables of the fixtures' rows, and random ratings with gaps.
@testable import ParleyReduction

extension Rating {
    /// A fixture's row: rater, cell, sample, epoch and, where there is a verdict, the score.
    init(_ row: [Int64]) {
        self.init(
            rater: Int32(row[0]),
            cell: Int32(row[1]),
            sample: Int32(row[2]),
            epoch: Int32(row[3]),
            score: row.count > 4 ? row[4] : nil
        )
    }

    /// Four raters over four cells: two judges, one that often has no verdict, and labels (rater 3) of some units.
    static func random(seed: UInt64, samples: Int32 = 30) -> [Rating] {
        var generator = SeededGenerator(seed: seed)
        let between: [Int64] = seed.isMultiple(of: 2) ? [] : [333_333_333, 666_666_667]
        let scores = [0, Billionths.one] + between
        var ratings: [Rating] = []
        for cell in 0..<4 as Range<Int32> {
            for sample in 0..<samples {
                for epoch in 0..<(1 + sample % 3) {
                    let truth = scores.randomElement(using: &generator)
                    for rater in 0..<4 as Range<Int32> where rater < 3 || generator.flip(0.3) {
                        let said = generator.flip(0.7) ? truth : scores.randomElement(using: &generator)
                        let score = generator.flip(rater == 2 ? 0.6 : 0.95) ? said : nil
                        ratings.append(Rating(rater: rater, cell: cell, sample: sample * 7, epoch: epoch, score: score))
                    }
                }
            }
        }
        return ratings
    }
}

/// The places where numbers found are not the expected ones, or are there and should not be.
func differences(_ found: [Double?], _ expected: [Double?], relative: Double) -> [String] {
    zip(found, expected).enumerated().compactMap { place, pair in
        guard let expected = pair.1 else { return pair.0 == nil ? nil : "\(place): \(pair.0 ?? .nan) is not nil" }
        return isClose(pair.0, expected, relative: relative) ? nil : "\(place): \(pair.0 ?? .nan) is not \(expected)"
    }
}
