// RatingTable.swift: the ratings of one suite as a struct of arrays, the only input of the statistics about judges.
// Invariant: rows ascend by cell, sample, epoch and rater, so that a unit's rows are neighbours, and no row is there
// twice. Whatever walks over the table walks in this one order, whichever order the ratings came in.

/// Ratings by column, in the order of their units.
public struct RatingTable: Sendable, Equatable {
    /// Raters are numbered in `0 ..< raterLimit`: up to 40, the least common multiple of 1 … 39 leaves room for exact
    /// sums of fractions (see ``krippendorffAlpha(_:raters:metric:)``).
    public static let raterLimit: Int32 = 40
    /// The largest number of ratings of a table: with ``Billionths/scoreLimit`` it keeps all sums inside 256 bits.
    public static let ratingLimit = 1 << 24

    /// The rater's index.
    public private(set) var rater: [Int32] = []
    /// The cell index.
    public private(set) var cell: [Int32] = []
    /// The sample index.
    public private(set) var sample: [Int32] = []
    /// The repetition of the sample.
    public private(set) var epoch: [Int32] = []
    /// The score in billionths; 0 where there is none.
    public private(set) var score: [Int64] = []
    /// Whether the rater gave a score.
    public private(set) var hasScore: [Bool] = []
    /// The first row of every unit, and at the end the number of rows.
    private var starts: [Int] = []

    /// Makes a table of ratings in any order.
    ///
    /// - Throws: ``RatingError`` for a rating that breaks a limit, for a second rating of a unit by one rater, and for
    ///   more than ``ratingLimit`` ratings.
    public init(_ ratings: some Sequence<Rating>) throws(RatingError) {
        let rows = ratings.sorted { Self.order($0) < Self.order($1) }
        guard rows.count <= Self.ratingLimit else { throw .tooMany(limit: Self.ratingLimit) }
        for row in rows { try append(row) }
        starts.append(count)
    }

    /// The number of ratings.
    public var count: Int { rater.count }

    /// The number of units.
    public var unitCount: Int { starts.count - 1 }

    /// Two words that compare as cell, sample, epoch, rater do.
    private static func order(_ row: Rating) -> (UInt64, UInt64) {
        func pair(_ high: Int32, _ low: Int32) -> UInt64 {
            UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
        }
        return (pair(row.cell, row.sample), pair(row.epoch, row.rater))
    }

    private mutating func append(_ row: Rating) throws(RatingError) {
        try Self.check(row)
        let isNewUnit = cell.last != row.cell || sample.last != row.sample || epoch.last != row.epoch
        if isNewUnit {
            starts.append(count)
        } else if rater.last == row.rater {
            throw .ratedTwice(rater: row.rater, cell: row.cell, sample: row.sample, epoch: row.epoch)
        }
        rater.append(row.rater)
        cell.append(row.cell)
        sample.append(row.sample)
        epoch.append(row.epoch)
        score.append(row.score ?? 0)
        hasScore.append(row.score != nil)
    }

    private static func check(_ row: Rating) throws(RatingError) {
        let scores = -Billionths.scoreLimit...Billionths.scoreLimit
        let fields: [(RatingError.Field, Int64, ClosedRange<Int64>)] = [
            (.rater, Int64(row.rater), 0...Int64(raterLimit - 1)),
            (.cell, Int64(row.cell), 0...Int64(Int32.max)),
            (.sample, Int64(row.sample), 0...Int64(Int32.max)),
            (.epoch, Int64(row.epoch), 0...Int64(OutcomeColumns.epochLimit - 1)),
            (.score, row.score ?? 0, scores),
        ]
        for (field, value, allowed) in fields where !allowed.contains(value) {
            throw .outOfRange(field: field, value: value, allowed: allowed)
        }
    }
}

extension RatingTable {
    /// The rows of a unit of `0 ..< unitCount`.
    func rows(of unit: Int) -> Range<Int> { starts[unit]..<starts[unit + 1] }

    /// The units of one cell, ascending by sample and epoch.
    func units(of cell: Int32) -> Range<Int> {
        firstUnit(notBelow: Int64(cell))..<firstUnit(notBelow: Int64(cell) + 1)
    }

    /// The sample of a unit.
    func sample(ofUnit unit: Int) -> Int32 { sample[starts[unit]] }

    /// What a rater said of a unit; `nil` when it gave no verdict or was never asked.
    func score(ofUnit unit: Int, by rater: Int32) -> Int64? {
        for row in rows(of: unit) where self.rater[row] == rater { return hasScore[row] ? score[row] : nil }
        return nil
    }

    /// Calls `body` with the scores that these raters gave to each unit, where there is any.
    func forEachUnit(raters: Set<Int32>, _ body: ([Int64]) -> Void) {
        var scores: [Int64] = []
        for unit in 0..<unitCount {
            scores.removeAll(keepingCapacity: true)
            for row in rows(of: unit) where hasScore[row] && raters.contains(rater[row]) { scores.append(score[row]) }
            if !scores.isEmpty { body(scores) }
        }
    }

    private func firstUnit(notBelow wanted: Int64) -> Int {
        var (low, high) = (0, unitCount)
        while low < high {
            let middle = (low + high) / 2
            if Int64(cell[starts[middle]]) < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
