// FixtureCases.swift: the shapes of the cases that make_fixtures.py and make_judge_fixtures.py write.

/// p values and their adjusted ones.
struct AdjustmentCase: Sendable {
    var raw: [Double]
    var adjusted: [Double]
}

/// Values and their percentiles 50, 95 and 99.
struct QuantileCase: Sendable {
    var values: [Int64]
    var expected: [Int64]
}

/// Observations, in billionths, with their sample ids; what is expected stands with the table.
struct ClusteredCase: Sendable {
    var name: String
    var samples: [Int32]
    var scores: [Int64]
    var expected: [Double]
}

/// Rows of (sample, billionths) of two cells; expected difference, standard error, p, lower, upper, detectable.
struct PairedCase: Sendable {
    var name: String
    var first: [[Int64]]
    var second: [[Int64]]
    var expected: [Double]
}

/// Observations, in billionths, with their sample ids; for each reducer the expected samples, mean and standard error.
struct EpochCase: Sendable {
    var name: String
    var samples: [Int32]
    var scores: [Int64]
    var reducers: [String]
    var expected: [[Double]]
}

/// Rows of (rater, cell, sample, epoch, billionths), without the last where there is no verdict; what is expected
/// stands with the table.
struct RatingCase: Sendable {
    var name: String
    var ratings: [[Int64]]
    var expected: [Double?]
}

/// Differences in billionths, and the p value of flipping their signs.
struct SignFlipCase: Sendable {
    var differences: [Int64]
    var pValue: Double
}

/// Estimates with their standard errors; what is expected stands with the table.
struct EffectsCase: Sendable {
    var name: String
    var estimates: [Double]
    var errors: [Double]
    var expected: [Double]
}
