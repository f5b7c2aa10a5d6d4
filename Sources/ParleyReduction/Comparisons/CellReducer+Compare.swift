// CellReducer+Compare.swift: from the sample sums of a state to the comparisons of a table.

import ParleyDispatch

extension CellReducer {
    /// Compares pairs of cells, with p values adjusted over all of them.
    ///
    /// - Parameters:
    ///   - state: what the reducer has seen.
    ///   - pairs: the cells to compare; the result has their order.
    ///   - rule: when a comparison says what.
    ///   - permutations: how to draw the signs of differences, or `nil` not to.
    /// - Throws: ``ReductionError/unknownPair(first:second:cellCount:)``.
    public func compare(
        _ state: State,
        pairs: [CellPair],
        rule: ComparisonRule = ComparisonRule(),
        permutations: PermutationPlan? = nil
    ) throws(ReductionError) -> [PairedComparison] {
        try compare(state, pairs: pairs, rule: rule, permutations: permutations, epochs: epochReduction(state))
    }

    /// The same with the reduced scores of the state, which the findings need too.
    func compare(
        _ state: State,
        pairs: [CellPair],
        rule: ComparisonRule,
        permutations: PermutationPlan?,
        epochs: EpochReduction
    ) throws(ReductionError) -> [PairedComparison] {
        for pair in pairs where !cells.indices.contains(pair.first) || !cells.indices.contains(pair.second) {
            throw .unknownPair(first: pair.first, second: pair.second, cellCount: cells.count)
        }
        let quantiles = IntervalQuantiles(level: 1 - rule.significance)
        let detectable = rule.minimumDetectable(standardError: 1)
        let comparisons = parallelMap(count: pairs.count, threads: threads) { index in
            let pair = pairs[index]
            let shared = SharedSamples(state.samples, layout: samples.layout, epochs: epochs, pair: pair)
            var comparison = PairedComparison(
                shared,
                pair: pair,
                rule: rule,
                quantiles: quantiles,
                detectable: detectable
            )
            if let first = range(of: pair.first, state), let second = range(of: pair.second, state),
                let difference = comparison.difference
            {
                let bounds = first.lowerBound - second.upperBound...first.upperBound - second.lowerBound
                comparison.interval = comparison.interval?.cut(to: bounds, around: difference)
            }
            if let permutations, comparison.test != .mcNemarExact {
                let seed = permutations.seed(cells[pair.first].identity, cells[pair.second].identity)
                comparison.permutation = PermutationTest(shared.differences.map(\.sum), plan: permutations, seed: seed)
            }
            return comparison
        }
        return adjusted(comparisons, rule: rule)
    }

    /// The scores that can occur in a cell, in billionths: what is declared, else 0 to 1 where all are 0 or 1.
    private func range(of cell: Int, _ state: State) -> ClosedRange<Int64>? {
        if let declared = cells[cell].scoreRange { return declared }
        let observations = cells[cell].observations(totals.totals(state.totals, of: cell))
        return observations.all > 0 && observations.graded == 0 ? 0...Billionths.one : nil
    }
}

/// The comparisons of one table with ``PairedComparison/adjustedPValue`` (Holm) and
/// ``PairedComparison/falseDiscoveryPValue`` (Benjamini and Hochberg) set over those that have a p value, and the
/// verdicts taken again from Holm's.
public func adjusted(_ comparisons: [PairedComparison], rule: ComparisonRule) -> [PairedComparison] {
    let pValues = comparisons.compactMap(\.pValue)
    let holm = holmAdjusted(pValues)
    let falseDiscovery = benjaminiHochbergAdjusted(pValues)
    var next = 0
    return comparisons.map { comparison in
        guard comparison.pValue != nil else { return comparison }
        var result = comparison
        result.adjustedPValue = holm[next]
        result.falseDiscoveryPValue = falseDiscovery[next]
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
    /// The comparison of a pair on its own, not yet adjusted; `detectable` is the rule's for a standard error of 1.
    init(
        _ shared: SharedSamples,
        pair: CellPair,
        rule: ComparisonRule,
        quantiles: IntervalQuantiles,
        detectable: Double
    ) {
        let differences = ClusteredMean(shared.differences, fraction: SharedSamples.fraction)
        let difference = differences.mean()
        let error = differences.residuals.isZero ? nil : differences.standardError()
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
        let detectable = error.map { detectable * $0 }
        self.init(
            pair: pair,
            sharedSamples: differences.clusters,
            samplesOnlyInFirst: shared.onlyInFirst,
            samplesOnlyInSecond: shared.onlyInSecond,
            firstMean: ClusteredMean(shared.first, fraction: SharedSamples.fraction).mean(),
            secondMean: ClusteredMean(shared.second, fraction: SharedSamples.fraction).mean(),
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
            falseDiscoveryPValue: nil,
            minimumDetectableDifference: detectable,
            verdict: rule.verdict(difference: difference, pValue: pValue, minimumDetectable: detectable)
        )
    }
}
