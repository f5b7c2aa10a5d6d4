// RandomEffects.swift: several estimates of one kind of thing, and how much they differ beyond their own errors.
// Sums run in the order of the effects, which is that of the round's definition and so the same everywhere.

/// What several independent estimates yᵢ with standard errors sᵢ say together, when each has a true value of its own.
///
/// The true values scatter with variance τ² around μ. Weights are wᵢ = 1/sᵢ², and w*ᵢ = 1/(sᵢ² + τ²) once τ² is known.
/// Sources: W. Cochran, "The combination of estimates from different experiments", Biometrics 10 (1954), for Q;
/// R. DerSimonian and N. Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7 (1986), for τ² and μ;
/// J. Higgins and S. Thompson, "Quantifying heterogeneity in a meta-analysis", Statistics in Medicine 21 (2002), for I².
public struct RandomEffects: Sendable, Equatable {
    /// k, at least 2.
    public var count: Int
    /// Cochran's Q = Σ wᵢ (yᵢ − Σwy/Σw)².
    public var q: Double
    /// P(χ² > Q) with k − 1 degrees of freedom: how often chance alone would make the estimates differ so much.
    public var pValue: Double
    /// I² = max(0, (Q − (k − 1)) / Q): the share of the scatter that is not chance.
    public var iSquared: Double
    /// τ² = max(0, (Q − (k − 1)) / (Σw − Σw²/Σw)), in the square of the score's unit.
    public var tauSquared: Double
    /// μ = Σ w*y / Σ w*.
    public var mean: Double
    /// 1 / √Σ w*.
    public var standardError: Double
    /// μ ± z · standard error. With few estimates it covers less than it says.
    public var interval: ConfidenceInterval
    /// μ ± t(k − 1) · √(Σ w*(y − μ)² / ((k − 1) Σ w*)); `nil` when all estimates are equal. Sources: J. Hartung and
    /// G. Knapp, "A refined method for the meta-analysis of controlled clinical trials with binary outcome", Statistics
    /// in Medicine 20 (2001); J. IntHout, J. Ioannidis and G. Borm, BMC Medical Research Methodology 14 (2014), for why
    /// it is to be preferred.
    public var hartungKnapp: ConfidenceInterval?

    /// - Parameters:
    ///   - effects: in an order that does not depend on chance.
    ///   - level: the confidence level of the intervals, between 0 and 1.
    /// - Returns: `nil` with fewer than two effects.
    public init?(_ effects: [Effect], level: Double = 0.95) {
        precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1")
        self.init(effects, quantiles: IntervalQuantiles(level: level))
    }

    init?(_ effects: [Effect], quantiles: IntervalQuantiles) {
        guard effects.count > 1, let pool = RandomEffectsPool(effects) else { return nil }
        let degrees = Double(effects.count - 1)
        count = effects.count
        q = pool.q
        pValue = chiSquareUpperTail(pool.q, degrees: degrees)
        iSquared = pool.q > degrees ? (pool.q - degrees) / pool.q : 0
        tauSquared = pool.tauSquared
        mean = pool.mean
        standardError = pool.variance.squareRoot()
        let half = quantiles.normal * standardError
        interval = ConfidenceInterval(
            lower: mean - half,
            upper: mean + half,
            level: quantiles.level,
            method: .randomEffects
        )
        let scatter = zip(effects, pool.weights).reduce(0) { sum, pair in
            let distance = pair.0.estimate - pool.mean
            return sum + pair.1 * distance * distance
        }
        hartungKnapp =
            scatter > 0
            ? quantiles.interval(
                mean,
                error: (scatter * pool.variance / degrees).squareRoot(),
                degrees: Int64(effects.count - 1),
                method: .hartungKnapp
            ) : nil
    }
}

/// The part of a random-effects estimate that leaving one effect out needs again.
struct RandomEffectsPool: Sendable, Equatable {
    let q: Double
    /// 0 of a single effect, of which it cannot be known.
    let tauSquared: Double
    let mean: Double
    /// 1 / Σ w*.
    let variance: Double
    /// w*.
    let weights: [Double]

    /// - Returns: `nil` without effects.
    init?(_ effects: [Effect]) {
        guard !effects.isEmpty else { return nil }
        let fixed = effects.map { 1 / ($0.standardError * $0.standardError) }
        let centre = Self.mean(effects, fixed)
        q = zip(effects, fixed).reduce(0) { sum, pair in
            let distance = pair.0.estimate - centre
            return sum + pair.1 * distance * distance
        }
        // Σw − Σw²/Σw = 2 Σᵢ wᵢ Σ_{j<i} wⱼ / Σw, which does not cancel where one weight is far above the others.
        var total = 0.0
        var products = 0.0
        for weight in fixed {
            products += weight * total
            total += weight
        }
        let excess = q - Double(effects.count - 1)
        let tau = excess > 0 && products > 0 ? excess / (2 * (products / total)) : 0
        tauSquared = tau
        weights = effects.map { 1 / ($0.standardError * $0.standardError + tau) }
        mean = Self.mean(effects, weights)
        variance = 1 / weights.reduce(0, +)
    }

    /// Σ wy / Σ w, as the first estimate and the mean distance from it, so that equal estimates have that mean exactly.
    private static func mean(_ effects: [Effect], _ weights: [Double]) -> Double {
        let first = effects[0].estimate
        let distance = zip(effects, weights).reduce(0) { $0 + $1.1 * ($1.0.estimate - first) }
        return first + distance / weights.reduce(0, +)
    }
}
