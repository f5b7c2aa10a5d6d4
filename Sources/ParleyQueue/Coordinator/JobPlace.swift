// Where a job is, and what decides whether the streams of a round are claimed: which workers there are for them, who
// paused them. All that `parley why` goes by.

public import ParleyModel
import ParleyPostgres

/// A job, and where it is.
public struct JobPlace: Hashable, Sendable {
    /// Where a job is. It is in exactly one place.
    public enum Place: Hashable, Sendable {
        /// Never claimed, or not there yet: a grade whose answer is not given.
        case unclaimed
        /// For its next try.
        case waiting(for: Duration, attempt: Int, fingerprint: String?)
        case held(worker: WorkerID, name: String, host: String, for: Duration, leaseLeft: Duration)
        case finished(OutcomeKind)
        case dead(failureClass: String, message: String, ruling: String?, by: String?)
    }

    public let round: RoundID
    public let stream: StreamID
    public let cell: Int
    /// From 0.
    public let sample: Int
    /// From 1.
    public let epoch: Int
    public let place: Place
}

/// Who could work on a stream, and who paused it.
public struct StreamRoute: Hashable, Sendable {
    public let stream: StreamID
    public let tags: [String]
    /// Workers that live and take jobs; those of them with its tags; those of them that its round admits.
    public let alive: Int
    public let fitting: Int
    public let admitted: Int
    /// Of its tags, what the nearest worker lacks that its round admits; nil where there is no such worker.
    public let lacks: [String]?
    /// Who paused it, and since when; nil while it runs.
    public let pausedBy: String?
    public let pausedFor: Duration?

    /// Whether a worker can be given its jobs.
    public var isServed: Bool { admitted > 0 }
}

extension CoordinatorQueue {
    /// Where a job is; nil where no plan has it.
    public func place(of job: JobID) async throws -> JobPlace? {
        try await query(.jobPlace, [.int64(job.rawValue)]).first.map { row in
            JobPlace(
                round: RoundID(try row.int64("round_id")),
                stream: StreamID(try row.int64("stream_id")),
                cell: Int(try row.int32("cell_no")),
                sample: Int(try row.int32("sample_no")),
                epoch: Int(try row.int32("epoch")),
                place: try Self.place(row)
            )
        }
    }

    private static func place(_ row: PostgresRow) throws -> JobPlace.Place {
        if let kind = try row.int16OrNil("kind") { return .finished(try OutcomeKind(stored: kind)) }
        if let failure = try row.textOrNil("class") {
            return .dead(
                failureClass: failure,
                message: try row.textOrNil("message") ?? "",
                ruling: try row.textOrNil("ruling"),
                by: try row.textOrNil("ruled_by")
            )
        }
        if let worker = try row.int64OrNil("worker_id") {
            return .held(
                worker: WorkerID(worker),
                name: try row.textOrNil("name") ?? "",
                host: try row.textOrNil("host") ?? "",
                for: .seconds(try row.float64OrNil("held_for") ?? 0),
                leaseLeft: .seconds(try row.float64OrNil("lease_left") ?? 0)
            )
        }
        if let wait = try row.float64OrNil("wait") {
            return .waiting(
                for: .seconds(wait),
                attempt: Int(try row.int32OrNil("attempt") ?? 0),
                fingerprint: try row.textOrNil("fingerprint")
            )
        }
        return .unclaimed
    }

    /// Who could work on the streams of a round.
    public func routes(round: RoundID) async throws -> [StreamRoute] {
        try await query(.routes, [.int64(round.rawValue)]).map { row in
            StreamRoute(
                stream: StreamID(try row.int64("id")),
                tags: try row.textArray("tags").compactMap { $0 },
                alive: Int(try row.int64("alive")),
                fitting: Int(try row.int64("fitting")),
                admitted: Int(try row.int64("admitted")),
                lacks: try row.textArrayOrNil("lacks")?.compactMap { $0 },
                pausedBy: try row.textOrNil("paused_by"),
                pausedFor: try row.float64OrNil("paused_for").map { .seconds($0) }
            )
        }
    }

    /// Signatures of parties that a round's definition lacks before it may run.
    public func signaturesLacking(round: RoundID) async throws -> Int {
        Int(try await query(.definitionLacks, [.int64(round.rawValue)]).only().int32("lacking"))
    }

    /// For how long the job of a round that is due longest has been due; nil where none is.
    public func oldestDue(round: RoundID) async throws -> Duration? {
        try await query(.oldestDue, [.int64(round.rawValue)]).only().float64OrNil("age").map { .seconds($0) }
    }
}
