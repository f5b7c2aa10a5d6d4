// The executed order of a round, read from its outcomes: each has the time at which its job was first claimed.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// Every probe outcome of a round in the order in which it was first claimed.
    public func executedOrder(round: RoundID) async throws -> [OrderDocument.Start] {
        var all: [OrderDocument.Start] = []
        for stream in try await exportStreams(round: round) where stream.judge == nil {
            var first = stream.jobs.lowerBound
            while first < stream.jobs.upperBound {
                let page = first..<min(first + 1 << 14, stream.jobs.upperBound)
                let starts = try await starts(round: round, jobs: page)
                for observation in try await observations(round: round, jobs: page) {
                    guard let at = starts[observation.job] else { continue }
                    all.append(
                        OrderDocument.Start(
                            cell: observation.cell,
                            sample: observation.sample,
                            epoch: observation.epoch,
                            atMicros: at,
                            score: observation.score
                        )
                    )
                }
                first = page.upperBound
            }
        }
        return all.sorted { ($0.atMicros, $0.cell, $0.epoch, $0.sample) < ($1.atMicros, $1.cell, $1.epoch, $1.sample) }
    }
}
