// HomeBiasSides.swift: the arithmetic of HomeBias, by whole numbers: the judges' differences on either side, by sample.

/// One side of a home bias: a judge, and the cells of its vendor's models.
public struct HomeSide: Sendable, Equatable {
    /// The judge's number as a rater.
    public var judge: Int32
    /// The cells of its vendor's models.
    public var cells: Set<Int32>

    /// Makes a side.
    public init(judge: Int32, cells: Set<Int32>) {
        self.judge = judge
        self.cells = cells
    }
}

/// The home bias of two judges.
///
/// - Parameters:
///   - table: the ratings.
///   - first: a judge and its vendor's models.
///   - second: another judge and its vendor's models. Exchanged with the first, the interaction is the same.
///   - level: of the interval.
public func homeBias(_ table: RatingTable, first: HomeSide, second: HomeSide, level: Double = 0.95) -> HomeBias {
    precondition(first.judge != second.judge, "a home bias needs two judges")
    precondition(first.cells.isDisjoint(with: second.cells), "a model has one vendor")
    let onFirst = differences(table, first.cells, judges: (first.judge, second.judge))
    let onSecond = differences(table, second.cells, judges: (first.judge, second.judge))
    let shared = onFirst.keys.filter { onSecond[$0] != nil }.sorted()
    let sides =
        shared.isEmpty
        ? HomeBiasSides(independent: onFirst.sortedBySample, onSecond.sortedBySample)
        : HomeBiasSides(paired: shared.compactMap { onFirst[$0] }, shared.compactMap { onSecond[$0] })
    let quantiles = IntervalQuantiles(level: level)
    let interval = sides.error.flatMap { error in
        sides.interaction.map {
            quantiles.interval($0, error: error, degrees: sides.degrees, method: sides.method)
        }
    }
    return HomeBias(
        sharedSamples: Int64(shared.count),
        samplesOnlyOfFirst: Int64(onFirst.count - shared.count),
        samplesOnlyOfSecond: Int64(onSecond.count - shared.count),
        differenceOnFirst: sides.first.mean(),
        differenceOnSecond: sides.second.mean(),
        interaction: sides.interaction,
        standardError: sides.error,
        interval: interval,
        pValue: sides.error.flatMap { error in
            sides.interaction.map { studentTwoSided($0 / error, degrees: Double(sides.degrees)) }
        }
    )
}

/// By sample, the first judge's score less the second's, summed over what both scored in these cells.
private func differences(
    _ table: RatingTable,
    _ cells: Set<Int32>,
    judges: (first: Int32, second: Int32)
) -> [Int32: Cluster] {
    var clusters: [Int32: Cluster] = [:]
    for cell in cells {
        for unit in table.units(of: cell) {
            guard let own = table.score(ofUnit: unit, by: judges.first),
                let other = table.score(ofUnit: unit, by: judges.second)
            else { continue }
            var cluster = clusters[table.sample(ofUnit: unit)] ?? Cluster(count: 0, sum: 0)
            cluster.count += 1
            cluster.sum += Int128(own) - Int128(other)
            clusters[table.sample(ofUnit: unit)] = cluster
        }
    }
    return clusters
}

extension [Int32: Cluster] {
    fileprivate var sortedBySample: [Cluster] { sorted { $0.key < $1.key }.map(\.value) }
}

/// The means of both sides, and what is known of the error of their difference.
private struct HomeBiasSides {
    let first: ClusteredMean
    let second: ClusteredMean
    let interaction: Double?
    /// `nil` where it cannot be known, and where it would be 0.
    let error: Double?
    let degrees: Int64
    let method: ConfidenceInterval.Method

    init(paired first: [Cluster], _ second: [Cluster]) {
        let differences = zip(first, second).map { own, other in
            let numerator = own.sum * Int128(other.count) - other.sum * Int128(own.count)
            let denominator = Int128(own.count) * Int128(other.count)
            return Cluster(count: 1, sum: SharedSamples.scaledRatio(numerator, denominator))
        }
        let mean = ClusteredMean(differences, fraction: SharedSamples.fraction)
        self.first = ClusteredMean(first.map(\.meanOfOne), fraction: SharedSamples.fraction)
        self.second = ClusteredMean(second.map(\.meanOfOne), fraction: SharedSamples.fraction)
        interaction = mean.mean()
        error = mean.residuals.isZero ? nil : mean.standardError()
        degrees = mean.clusters - 1
        method = .pairedT
    }

    init(independent first: [Cluster], _ second: [Cluster]) {
        let sides = [first, second].map { side in
            ClusteredMean(side.map(\.meanOfOne), fraction: SharedSamples.fraction)
        }
        let errors = sides.compactMap { $0.standardError() }
        let means = sides.compactMap { $0.mean() }
        self.first = sides[0]
        self.second = sides[1]
        interaction = means.count == 2 ? means[0] - means[1] : nil
        let isKnown = errors.count == 2 && sides.contains { !$0.residuals.isZero }
        error = isKnown ? (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot() : nil
        degrees = min(sides[0].clusters, sides[1].clusters) - 1
        method = .clusterT
    }
}
