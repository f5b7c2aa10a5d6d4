// How a claim is renewed and how it ends. Heartbeat, commit, fail and release may be repeated without harm, so they are
// sent again after a lost connection: a few times, on a new connection, for which the pool waits with jitter.

import Logging
public import ParleyModel
import ParleyPostgres

extension WorkerQueue {
    /// How often a statement that may be repeated is sent.
    static let sendings = 4

    /// Extends this worker's lease, under which it holds all its jobs.
    /// - Parameters:
    ///   - keys: all that it holds; what it has held for longer than a lease and does not name goes back
    ///   - vitals: how it fares, for people to see
    /// - Returns: the jobs that are no longer this worker's; what they produce would be dropped
    public nonisolated(nonsending) func heartbeat(
        _ keys: [LeaseKey],
        telling vitals: WorkerVitals? = nil
    ) async throws -> [JobID] {
        let rows =
            if let vitals {
                try await send(.heartbeatTelling, keys.columns + vitals.columns)
            } else {
                try await send(.heartbeat, keys.columns)
            }
        let lost = try rows.map { JobID(try $0.int64(0)) }
        if !lost.isEmpty {
            let gone = Set(lost)
            await forget(keys.filter { gone.contains($0.job) })
        }
        return lost
    }

    /// Records finished jobs.
    /// - Returns: what became of each, in the order given
    /// - Throws: SQLSTATE 23514 when a result contradicts itself, for instance `scored` without a score; then none of
    ///   the batch is recorded
    public nonisolated(nonsending) func commit(_ commits: [Commit]) async throws -> [CommitAnswer] {
        if commits.isEmpty { return [] }
        let columns = CommitColumns(commits)
        if !columns.repeated.isEmpty { return try await commit(commits, apart: columns.repeated) }
        let rows = try await send(.commit, columns.values)
        await finished(commits)
        if rows.isEmpty { return [CommitAnswer](repeating: .committed, count: commits.count) }
        let answers = try Dictionary(
            rows.map { (try $0.int64(0), CommitAnswer(rawValue: try $0.int16(1)) ?? .lost) },
            uniquingKeysWith: { first, _ in first }
        )
        return commits.map { answers[$0.key.job.rawValue] ?? .committed }
    }

    /// Two results of one job in a batch, as after a failover that forgot a claim and gave it out again: the later is
    /// committed after the earlier, and is dropped.
    private nonisolated(nonsending) func commit(
        _ commits: [Commit],
        apart later: [Int]
    ) async throws -> [CommitAnswer] {
        let later = Set(later)
        var answers = [CommitAnswer](repeating: .committed, count: commits.count)
        for part in [commits.indices.filter { !later.contains($0) }, later.sorted()] {
            for (place, answer) in zip(part, try await commit(part.map { commits[$0] })) { answers[place] = answer }
        }
        return answers
    }

    /// Reports failed attempts.
    /// - Returns: what becomes of each job, in the order given
    public nonisolated(nonsending) func fail(_ attempts: [FailedAttempt]) async throws -> [FailAnswer] {
        if attempts.isEmpty { return [] }
        let rows = try await send(
            .fail,
            attempts.map(\.key).columns + [
                .textArray(attempts.map(\.failureClass.rawValue)),
                .textArray(attempts.map { $0.message.storable(bytes: 8192) }),
                .textArray(attempts.map { $0.fingerprint.storable(bytes: 512) }),
                .int64Array(attempts.map(\.retryAfterMicros)), .int64Array(attempts.map(\.usage?.input)),
                .int64Array(attempts.map(\.usage?.output)), .int64Array(attempts.map(\.usage?.cacheRead)),
                .int64Array(attempts.map(\.usage?.cacheWrite)), .int64Array(attempts.map(\.usage?.reasoning)),
                .int64Array(attempts.map(\.cost?.billionths)),
            ]
        )
        let answers = try Dictionary(
            rows.map { (try $0.int64(0), try FailAnswer(row: $0)) },
            uniquingKeysWith: { first, _ in first }
        )
        await failed(attempts)
        return attempts.map { answers[$0.key.job.rawValue] ?? .lost }
    }

    /// Gives jobs back unspent, for a worker that drains.
    /// - Returns: how many were still this worker's
    @discardableResult
    public nonisolated(nonsending) func release(_ keys: [LeaseKey]) async throws -> Int {
        if keys.isEmpty { return 0 }
        // Whether the database hears of it or not: then the lease ends it.
        await forget(keys)
        return Int(try await send(.release, keys.columns).only().int64(0))
    }

    /// Sends a statement that may be repeated; this worker's number goes before the parameters.
    nonisolated(nonsending) func send(
        _ statement: WorkerStatement,
        _ parameters: [PostgresValue]
    ) async throws -> PostgresRows {
        var sent = 0
        while true {
            do {
                sent += 1
                return try await pool.query(statement.rawValue, [.int64(worker.rawValue)] + parameters)
            } catch let error as PostgresError
                where sent < Self.sendings && [.connection, .transient].contains(error.retryClass)
            {
                logger.debug("statement repeated", metadata: ["error": "\(error.shortDescription)", "sent": "\(sent)"])
            }
        }
    }
}

extension WorkerVitals {
    fileprivate var columns: [PostgresValue] {
        [.int32(Int32(clamping: mostInFlight))]
            + [
                Double(processors), processorsUsed, loopLagSeconds, overSeconds, providerSeconds, queueSeconds,
                backoffSeconds, localSeconds,
            ].map(PostgresValue.float64)
    }
}

extension [LeaseKey] {
    /// Three columns: jobs, fences, blocks.
    var columns: [PostgresValue] {
        [
            .int64Array(map(\.job.rawValue)), .int64Array(map(\.fence)), .int64Array(map { $0.block?.rawValue }),
        ]
    }
}

extension String {
    /// What a text column takes: no U+0000, and at most so many bytes.
    func storable(bytes limit: Int) -> String {
        let clean = utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self
        return String(clean.prefix(bytes: limit))
    }
}

extension FailAnswer {
    /// A row of `parley.fail`.
    init(row: PostgresRow) throws {
        switch try row.text("disposition") {
        case "requeued": self = .requeued(nextTryMicros: try row.timestamptz("next_try_at"))
        case "deferred": self = .deferred(nextTryMicros: try row.timestamptz("next_try_at"))
        case "released": self = .released
        case "dead": self = .dead
        case "paused": self = .paused
        default: self = .lost
        }
    }
}
