// SignFlipTest.swift: a test of paired differences that assumes no distribution, by flipping their signs.
// The draws of a comparison follow from the plan's seed and the names of its two cells: no thread, order or neighbour
// changes them, and a swapped pair has the same p value.

/// How the signs of differences are drawn.
public struct PermutationPlan: Sendable, Equatable {
    /// Draws for each comparison; at least 1,000. 10,000 leave a standard error of 0.002 at p = 0.05.
    public var draws: Int
    /// The seed of all draws. Frozen with the round.
    public var seed: UInt64

    /// Makes a plan.
    public init(draws: Int = 10_000, seed: UInt64) {
        precondition(draws >= 1_000, "a permutation test needs at least 1,000 draws")
        self.draws = draws
        self.seed = seed
    }

    /// The seed of the draws between two cells, in either order.
    func seed(_ first: UInt64, _ second: UInt64) -> UInt64 {
        CounterRandom.mix(seed &+ CounterRandom.mix(first) &+ CounterRandom.mix(second))
    }
}

/// What flipping the signs of paired differences says of them.
///
/// If two cells do not differ, the difference dⱼ of each shared sample is as likely as −dⱼ. So p is the share of all
/// choices of signs with |Σ ±dⱼ| ≥ |Σ dⱼ|. With at most ``exactLimit`` differences that are not zero all 2ᵐ choices are
/// counted, else B are drawn and p = (1 + those that reach it) / (1 + B), which holds its level for any B. Sources:
/// R. Fisher, "The Design of Experiments" (1935), section 21; B. Phipson and G. Smyth, "Permutation p-values should
/// never be zero", Statistical Applications in Genetics and Molecular Biology 9 (2010).
///
/// All sums are exact. What was rounded before, sample means to 10⁻⁹ · 2⁻²⁴, could turn sums that are equal into sums
/// that are not: those that fall short by less than 2⁻¹⁸ billionths a sample count as reaching it.
public struct PermutationTest: Sendable, Equatable {
    /// The most differences of which every choice of signs is counted.
    public static let exactLimit = 16

    /// The two-sided p value.
    public var pValue: Double
    /// Choices of signs: all that there are where the test is exact, else those that were drawn.
    public var draws: Int
    /// Whether every choice was counted.
    public var isExact: Bool

    /// Makes a test from its parts.
    public init(pValue: Double, draws: Int, isExact: Bool) {
        self.pValue = pValue
        self.draws = draws
        self.isExact = isExact
    }

    /// The test of differences in units of 10⁻⁹ · 2⁻²⁴, in the order of their samples; `nil` without any.
    ///
    /// Sums are taken in 64 bits where Σ|dⱼ| fits them, at once or after division by the greatest common divisor: for
    /// scores up to 1 always up to 549 samples, and in practice up to several thousand. Beyond, in 128 bits.
    init?(_ differences: [Int128], plan: PermutationPlan, seed: UInt64) {
        guard !differences.isEmpty else { return nil }
        let own = differences.filter { $0 != 0 }
        let threshold = max(0, abs(own.reduce(0, +)) - Int128(own.count) * Self.roundingUnits)
        let largest = own.reduce(0) { $0 + abs($1) }
        let divisor = largest <= Int128(Int64.max) ? 1 : own.reduce(0, greatestCommonDivisor)
        // Rounded up, because every sum is a multiple of the divisor.
        let reduced = divisor == 1 ? threshold : (threshold + divisor - 1) / max(1, divisor)
        if largest / max(1, divisor) <= Int128(Int64.max) {
            self.init(own.map { Int64($0 / divisor) }, reaching: Int64(reduced), plan: plan, seed: seed)
        } else {
            self.init(own, reaching: threshold, plan: plan, seed: seed)
        }
    }

    /// What rounding may have added to or taken from a difference: half a unit from a mean over epochs, some tens from
    /// a probability of k draws.
    private static let roundingUnits: Int128 = 64

    private init<Number: FixedWidthInteger & SignedInteger & Sendable>(
        _ differences: [Number],
        reaching threshold: Number,
        plan: PermutationPlan,
        seed: UInt64
    ) {
        let sums = SignFlipSums(differences)
        guard differences.count > Self.exactLimit else {
            let draws = 1 << differences.count
            let reached = sums.countReachingOfAll(threshold)
            self.init(pValue: Double(reached) / Double(draws), draws: draws, isExact: true)
            return
        }
        let reached = sums.countReaching(threshold, draws: plan.draws, seed: seed)
        self.init(pValue: Double(1 + reached) / Double(1 + plan.draws), draws: plan.draws, isExact: false)
    }
}
