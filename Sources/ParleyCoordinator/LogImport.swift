// Logs of another program as a finished round. The import goes the way that every result goes: jobs are claimed under a
// lease and committed by their fence, so what holds of outcomes holds of these. Only this worker has the tag that the
// jobs ask for, so that no other one calls a model for them.

public import ParleyEvidence
public import ParleyModel
public import ParleyPostgres
public import ParleyQueue

/// Brings logs into the database.
public struct LogImport: Sendable {
    private static let batch = 200
    /// A failed observation takes this many tries to be dead; each waits a little longer.
    private static let pause = Duration.milliseconds(250)

    private let queue: CoordinatorQueue
    private let workers: PostgresPool
    private let logs: InspectImport

    /// - Parameter workers: connections under a worker's role
    public init(_ logs: InspectImport, queue: CoordinatorQueue, workers: PostgresPool) {
        self.logs = logs
        self.queue = queue
        self.workers = workers
    }

    /// Submits the round and commits all that the logs hold. Again after an interruption it goes on where it was.
    /// - Returns: the round, and how many outcomes were committed now
    public func run() async throws -> (round: RoundID, committed: Int) {
        let definition = logs.definition
        let blobs = BlobStore()
        var numbers = [Int](repeating: 0, count: definition.suites.count)
        let tag = "import:\(definition.name)"
        let tags = definition.models.reduce(into: [ModelName: [String]]()) { $0[$1.name] = [tag] }
        let round = try await queue.submit(definition, tags: tags) { suite in
            guard let sample = try logs.sample(suite: suite, number: numbers[suite]) else { return nil }
            numbers[suite] += 1
            return SealedSample(
                id: sample.id,
                contentHash: sample.contentHash,
                content: try blobs.store(sample, at: .unbound)
            )
        }.round
        let worker = try await WorkerQueue.register(
            WorkerQueue.Registration(name: "import", host: "import", process: 0, version: "import", tags: [tag]),
            pool: workers
        )
        var committed = 0
        while true {
            let jobs = try await worker.claim(limit: Self.batch)
            if jobs.isEmpty {
                guard case .unfinished = try await queue.finishIfDone(round) else { break }
                try await Task.sleep(for: Self.pause)
                continue
            }
            committed += try await settle(jobs, worker, blobs)
        }
        try await worker.retire()
        return (round, committed)
    }

    private func settle(_ jobs: [ClaimedJob], _ worker: WorkerQueue, _ blobs: BlobStore) async throws -> Int {
        var commits: [Commit] = []
        var failures: [FailedAttempt] = []
        for job in jobs {
            let record = try logs.record(cell: job.cell, sample: job.sample, epoch: job.epoch)
            guard let record, record.kind != .failed else {
                failures.append(
                    FailedAttempt(
                        key: job.key,
                        failureClass: .invalidRequest,
                        message: record?.failure ?? "no log holds this sample and epoch",
                        fingerprint: "import",
                        usage: Usage()
                    )
                )
                continue
            }
            commits.append(
                Commit(
                    key: job.key,
                    kind: record.kind,
                    score: record.kind == .unscorable ? nil : record.score,
                    usage: record.usage,
                    cost: record.totalCost,
                    latencyMicros: record.latencyMicros,
                    modelReturned: record.modelReturned,
                    transcript: try record.transcript.map { try blobs.store($0, at: .unbound) }
                )
            )
        }
        if !failures.isEmpty { _ = try await worker.fail(failures) }
        guard !commits.isEmpty else { return 0 }
        return try await worker.commit(commits).count { $0 == .committed }
    }
}
