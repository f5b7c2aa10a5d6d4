// Rounds held against one another, wherever they are. A round of this database is read by column and row; one of another
// server as the counts that it sums up there.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension RoundDirectory.Entry {
    /// Hands over what the round's scores are reduced from, page by page.
    nonisolated(nonsending) func scores(
        _ body: (ScorePage) throws -> Void
    ) async throws {
        if queue.readsElsewhere {
            let counts = try await queue.sampleCounts(round: record.id)
            return try body(ScorePage(counts: counts.lazy.map { (FindingsInput($0), $0.observations) }))
        }
        let sealed = try await queue.segments(round: record.id)
        try await queue.read(sealed, of: record.id) { segments in try body(ScorePage(segments)) }
        try await queue.observations(round: record.id, without: sealed) { page in
            try body(ScorePage(page.map(FindingsInput.init)))
        }
    }
}

/// What changed from one round to another, as far as both are.
/// - Parameters:
///   - relevantDifference: the smallest difference that matters, in the scores' unit
///   - key: opens held-out suites, whose samples cannot be paired without it
public func comparison(
    earlier: RoundDirectory.Entry,
    later: RoundDirectory.Entry,
    relevantDifference: Double,
    with key: SealKey? = nil
) async throws -> RoundComparisonDocument {
    var comparer = RoundComparer(
        earlier: try await earlier.queue.anchors(of: earlier.record.id, with: key),
        later: try await later.queue.anchors(of: later.record.id, with: key)
    )
    for (side, round) in [(RoundComparer.Side.later, later), (.earlier, earlier)] {
        try await round.scores { page in try comparer.add(page, of: side) }
    }
    let finished = comparer
    return try await onReductionQueue { try finished.document(relevantDifference: relevantDifference) }
}

/// What each of several rounds found, and what changed from each to the next, as far as they are.
/// - Parameters:
///   - rounds: the earliest first
///   - relevantDifference: the smallest difference that matters, in the scores' unit
///   - key: opens held-out suites, whose samples cannot be paired without it
public func seriesFindings(
    _ rounds: [RoundDirectory.Entry],
    relevantDifference: Double,
    with key: SealKey? = nil
) async throws -> SeriesFindings {
    var anchors: [RoundComparer.Round] = []
    for round in rounds { anchors.append(try await round.queue.anchors(of: round.record.id, with: key)) }
    var reducer = SeriesReducer(anchors)
    for (place, round) in rounds.enumerated() {
        try await round.scores { page in try reducer.add(page, of: place) }
    }
    let finished = reducer
    return try await onReductionQueue { try finished.document(relevantDifference: relevantDifference) }
}

extension FindingsInput {
    /// Without tokens, cost and times, which comparisons leave out.
    init(_ count: SampleCount) {
        self.init(
            cell: count.cell,
            sample: count.sample,
            epoch: count.firstEpoch - 1,
            kind: count.kind,
            score: count.score,
            usage: Usage(),
            cost: Money(billionths: 0),
            latencyMicros: 0
        )
    }
}
