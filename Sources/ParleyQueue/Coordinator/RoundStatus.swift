// How far a round is.

public import ParleyModel
import ParleyPostgres

/// How far one stream is. Counts are jobs.
public struct StreamStatus: Hashable, Sendable {
    public let id: StreamID
    public let cell: Int
    public let stage: Stage
    /// Index of the judge; nil for probes.
    public let judge: Int?
    public let suite: SuiteName
    public let account: String
    public let model: ModelName
    public let party: PartyName
    /// Why it is paused; nil while it runs.
    public let pauseReason: String?
    /// Whether nothing more of it is claimed, for good.
    public let isCancelled: Bool
    /// The most jobs it can have; in the grade stage only answers are graded.
    public let planned: Int
    public let ready: Int
    public let waiting: Int
    public let leased: Int
    public let dead: Int
    /// Of the dead, those that nobody ruled on.
    public let unruled: Int
}

/// How far a round is. The parts are read one after another and may be apart by what happened in between.
public struct RoundStatus: Hashable, Sendable {
    public let round: RoundID
    public let streams: [StreamStatus]
    /// Finished probe jobs by kind.
    public let probes: [OutcomeKind: Int]
    /// Finished grade jobs by kind.
    public let grades: [OutcomeKind: Int]
    /// Jobs of both stages that were finished during the last minute.
    public let finishedLastMinute: Int
    /// What the outcomes cost, judges included.
    public let cost: Money

    /// Probe jobs in the plan.
    public var planned: Int { streams.reduce(0) { $0 + ($1.stage == .probe ? $1.planned : 0) } }
    /// Finished probe jobs.
    public var done: Int { probes.values.reduce(0, +) }
    public var ready: Int { streams.reduce(0) { $0 + ($1.isCancelled ? 0 : $1.ready) } }
    public var waiting: Int { streams.reduce(0) { $0 + ($1.isCancelled ? 0 : $1.waiting) } }
    /// Jobs that were cancelled before they were done.
    public var cancelled: Int { streams.reduce(0) { $0 + ($1.isCancelled ? $1.ready + $1.waiting : 0) } }
    public var leased: Int { streams.reduce(0) { $0 + $1.leased } }
    public var dead: Int { streams.reduce(0) { $0 + $1.dead } }
    /// Of the dead, those that nobody ruled on.
    public var unruled: Int { streams.reduce(0) { $0 + $1.unruled } }
    public var paused: [StreamStatus] { streams.filter { $0.pauseReason != nil } }
}

extension CoordinatorQueue {
    /// How far a round's streams are; none where there is no such round. Counts no outcome.
    public func streams(round: RoundID) async throws -> [StreamStatus] {
        try await query(.streams, [.int64(round.rawValue)]).map { row in
            StreamStatus(
                id: StreamID(try row.int64("id")),
                cell: Int(try row.int32("cell_no")),
                stage: try row.int16("stage") == 0 ? .probe : .grade,
                judge: try row.int16OrNil("grader").map(Int.init),
                suite: SuiteName(try row.text("suite")),
                account: try row.text("account"),
                model: ModelName(try row.text("model")),
                party: PartyName(try row.text("party")),
                pauseReason: try row.textOrNil("pause_reason"),
                isCancelled: try row.bool("cancelled"),
                planned: Int(try row.int64("planned")),
                ready: Int(try row.int64("ready")),
                waiting: Int(try row.int64("waiting")),
                leased: Int(try row.int64("leased")),
                dead: Int(try row.int64("dead")),
                unruled: Int(try row.int64("unruled"))
            )
        }
    }

    /// How far a round is. Counts all its outcomes: ask every few seconds, not more often.
    public func status(round: RoundID) async throws -> RoundStatus {
        try await status(round: round, of: streams(round: round))
    }

    /// The same where its streams were read just now.
    public func status(round: RoundID, of streams: [StreamStatus]) async throws -> RoundStatus {
        if streams.isEmpty { throw Self.noRound(round) }
        var done: [Stage: [OutcomeKind: Int]] = [:]
        var lastMinute = 0
        var cost = Money.zero
        for row in try await query(.doneByKind, [.int64(round.rawValue)]) {
            let stage: Stage = try row.int16("stage") == 0 ? .probe : .grade
            done[stage, default: [:]][try OutcomeKind(stored: row.int16("kind"))] = Int(try row.int64("jobs"))
            lastMinute += Int(try row.int64("last_minute"))
            cost = cost + Money(billionths: try row.int64("cost"))
        }
        return RoundStatus(
            round: round,
            streams: streams,
            probes: done[.probe] ?? [:],
            grades: done[.grade] ?? [:],
            finishedLastMinute: lastMinute,
            cost: cost
        )
    }
}

extension OutcomeKind {
    /// A kind that a column with a range check holds.
    init(stored value: Int16) throws {
        guard let kind = UInt8(exactly: value).flatMap(OutcomeKind.init(rawValue:)) else {
            throw ParleyFailure(.database, "The database holds an outcome of kind \(value), which is none.")
        }
        self = kind
    }
}

extension PostgresRow {
    /// Five token columns from a position on.
    func usage(_ column: Int) throws -> Usage {
        Usage(
            input: try int64(column),
            output: try int64(column + 1),
            cacheRead: try int64(column + 2),
            cacheWrite: try int64(column + 3),
            reasoning: try int64(column + 4)
        )
    }
}
