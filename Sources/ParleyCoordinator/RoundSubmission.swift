// From a plan to jobs: the datasets are read a second time, checked against the digests under which they were frozen,
// and streamed sealed into the database.

import ParleyEvidence
import ParleyModel
public import ParleyQueue
public import ParleyRounds

extension CoordinatorQueue {
    /// Submits a planned round, or continues the one of the same name and hash.
    /// - Parameter state: how far it goes: `draft`, `frozen` or `running`
    /// - Throws: `ParleyFailure` where a round of this name has another definition, and `incomplete` where it is to run
    ///   and lacks signatures: then it is frozen, and can be signed; `InvalidInput` where a dataset changed since it was
    ///   planned
    public func submit(
        _ plan: Plan,
        upTo state: RoundState = .running,
        by authority: Authority = Authority(actor: "")
    ) async throws -> Submission {
        var feed = SampleFeed(plan: plan)
        let reservations = plan.cells.map { $0.reservations.map { Reservation(tokens: $0.tokens, cost: $0.money) } }
        let submission = try await submit(
            plan.definition,
            upTo: state,
            by: authority,
            reservations: reservations
        ) { suite in try feed.next(suite) }
        if state == .running, let round = try await round(named: plan.definition.name), round.state == .frozen {
            _ = try await start(round, by: authority)
        }
        return submission
    }
}

/// Reads the samples of one suite after the other.
private struct SampleFeed {
    let plan: Plan
    private let blobs = BlobStore()
    private var reader: (suite: Int, reader: DatasetReader)?

    init(plan: Plan) { self.plan = plan }

    mutating func next(_ suite: Int) throws -> SealedSample? {
        if reader?.suite != suite {
            let name = plan.definition.suites[suite].name
            guard let source = plan.datasets[name] else {
                throw ParleyFailure(.failure, "The plan has no dataset for suite '\(name)'.")
            }
            reader = (suite, try source.makeReader())
        }
        guard let sample = try reader?.reader.next() else { return nil }
        return SealedSample(id: sample.id, contentHash: sample.contentHash, content: try blobs.store(sample))
    }
}
