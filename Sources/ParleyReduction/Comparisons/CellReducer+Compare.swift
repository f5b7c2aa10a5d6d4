// CellReducer+Compare.swift: from the sample sums of a state to the comparisons of a table.

import ParleyDispatch

extension CellReducer {
    /// Compares pairs of cells, with Holm's adjustment over all of them.
    ///
    /// - Parameters:
    ///   - state: what the reducer has seen.
    ///   - pairs: the cells to compare; the result has their order.
    ///   - rule: when a comparison says what.
    /// - Throws: ``ReductionError/unknownPair(first:second:cellCount:)``.
    public func compare(
        _ state: State,
        pairs: [CellPair],
        rule: ComparisonRule = ComparisonRule()
    ) throws(ReductionError) -> [PairedComparison] {
        for pair in pairs where !cells.indices.contains(pair.first) || !cells.indices.contains(pair.second) {
            throw .unknownPair(first: pair.first, second: pair.second, cellCount: cells.count)
        }
        let quantiles = IntervalQuantiles(level: 1 - rule.significance)
        let comparisons = parallelMap(count: pairs.count, threads: threads) { index in
            let shared = SharedSamples(state.samples, layout: samples.layout, pair: pairs[index])
            return PairedComparison(shared, pair: pairs[index], rule: rule, quantiles: quantiles)
        }
        return adjustedByHolm(comparisons, rule: rule)
    }
}

/// The comparisons of one table with ``PairedComparison/adjustedPValue`` set by Holm's procedure over those that have
/// a p value, and the verdicts taken again from it.
public func adjustedByHolm(_ comparisons: [PairedComparison], rule: ComparisonRule) -> [PairedComparison] {
    let adjusted = holmAdjusted(comparisons.compactMap(\.pValue))
    var next = 0
    return comparisons.map { comparison in
        guard comparison.pValue != nil else { return comparison }
        var result = comparison
        result.adjustedPValue = adjusted[next]
        result.verdict = rule.verdict(
            difference: result.difference,
            pValue: result.adjustedPValue,
            minimumDetectable: result.minimumDetectableDifference
        )
        next += 1
        return result
    }
}

extension PairedComparison {
    /// The comparison of a pair on its own, not yet adjusted.
    init(_ shared: SharedSamples, pair: CellPair, rule: ComparisonRule, quantiles: IntervalQuantiles) {
        let differences = ClusteredMean(shared.differences)
        let difference = Self.unscaled(differences.mean(unit: Billionths.one))
        let error =
            differences.residuals.isZero ? nil : Self.unscaled(differences.standardError(unit: Billionths.one))
        let degrees = differences.clusters - 1
        let allBinary = differences.clusters > 0 && shared.binaryPairs == differences.clusters
        var test: Test?
        var pValue: Double?
        if allBinary {
            test = .mcNemarExact
            pValue = mcNemarExact(firstOnly: shared.firstOnly, secondOnly: shared.secondOnly)
        } else if let difference, let error {
            test = .pairedT
            pValue = studentTwoSided(difference / error, degrees: Double(degrees))
        }
        let detectable = error.map { rule.minimumDetectable(standardError: $0) }
        self.init(
            pair: pair,
            sharedSamples: differences.clusters,
            samplesOnlyInFirst: shared.onlyInFirst,
            samplesOnlyInSecond: shared.onlyInSecond,
            firstMean: Self.unscaled(ClusteredMean(shared.first).mean(unit: Billionths.one)),
            secondMean: Self.unscaled(ClusteredMean(shared.second).mean(unit: Billionths.one)),
            difference: difference,
            standardError: error,
            interval: error.flatMap { error in
                difference.map { quantiles.interval($0, error: error, degrees: degrees, method: .pairedT) }
            },
            test: test,
            firstOnly: allBinary ? shared.firstOnly : nil,
            secondOnly: allBinary ? shared.secondOnly : nil,
            pValue: pValue,
            adjustedPValue: nil,
            minimumDetectableDifference: detectable,
            verdict: rule.verdict(difference: difference, pValue: pValue, minimumDetectable: detectable)
        )
    }

    /// From billionths · 2⁻²⁴ to the score's unit; the division by a power of two is exact.
    private static func unscaled(_ value: Double?) -> Double? {
        value.map { $0 / Double(SharedSamples.fraction) }
    }
}
