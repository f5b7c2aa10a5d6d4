// How judges' grades become one score, calculated the plain way: the oracle of the database's function and of the
// package's reader, which must agree with it and so with one another.

public import ParleyModel

extension Grader.Combination {
    /// The combined score, in billionths, of the scores that there are of so many judges.
    public func naive(_ scores: [Int64], judges: Int) -> Int64? {
        if scores.count * 2 <= judges { return nil }
        func mean(_ values: [Int64]) -> Int64 {
            let sum = values.reduce(0, +), count = Int64(values.count)
            let (quotient, rest) = sum.quotientAndRemainder(dividingBy: count)
            return abs(rest) * 2 >= count ? quotient + sum.signum() : quotient
        }
        let sorted = scores.sorted()
        switch self {
        case .majority: return sorted.first { value in sorted.filter { $0 == value }.count * 2 > judges }
        case .mean: return mean(sorted)
        case .median:
            let middle = sorted.count / 2
            return sorted.count % 2 == 1 ? sorted[middle] : mean([sorted[middle - 1], sorted[middle]])
        }
    }

    /// Scores of some of up to seven judges.
    public static func randomScores(_ random: inout SeededGenerator) -> (scores: [Int64], judges: Int) {
        let judges = Int.random(in: 1...7, using: &random)
        let scores = (0..<Int.random(in: 0...judges, using: &random)).map { _ in
            Int64.random(in: -3...3, using: &random) * (Bool.random(using: &random) ? 1 : 333_333_333_333)
        }
        return (scores, judges)
    }
}
