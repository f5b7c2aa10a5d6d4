// How several judges' grades become one score: the rule of the database's view `parley.observations`, so that a reader
// can hold each graded outcome against its grades without the database.

import ParleyModel

extension Grader {
    /// The score of the grades of one answer; nil where too many judges are missing, or no majority agrees. Means are
    /// rounded to the nearest billionth, halves away from zero.
    func combinedScore(_ grades: [Grade]) -> Score? {
        let scores = grades.filter { $0.kind == .scored }.compactMap { $0.score?.billionths }.sorted()
        guard scores.count * 2 > judges.count else { return nil }
        switch combination {
        case .majority:
            let counts = Dictionary(scores.map { ($0, 1) }, uniquingKeysWith: +)
            return counts.first { $0.value * 2 > judges.count }.map { Score(billionths: $0.key) }
        case .mean: return Self.mean(scores[...])
        case .median: return Self.mean(scores[((scores.count + 1) / 2 - 1)...(scores.count / 2)])
        }
    }

    private static func mean(_ scores: ArraySlice<Int64>) -> Score? {
        let sum = scores.reduce(Int128(0)) { $0 + Int128($1) }
        let count = Int128(scores.count)
        let magnitude = (Int128(sum.magnitude) * 2 + count) / (2 * count)
        return Score(billionths: Int64(clamping: sum < 0 ? -magnitude : magnitude))
    }
}
