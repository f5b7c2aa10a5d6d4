// What the pages show, as the queue tells it. Everything that counts is kept for a moment (`Looks`).

import Foundation
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
public import ParleyQueue
import ParleyReport

/// What the dashboard shows.
public struct DashboardSource: Sendable {
    static let examplesPerClass = 5
    static let eventsShown = 12
    static let outcomesPerPage = 50

    let queue: CoordinatorQueue
    private let houses = Looks<[RoundRecord], OperationsDocument>(age: .seconds(2))
    private let courses = Looks<[RoundRecord], [LimitCourse]>(age: .seconds(10))
    private let rounds = Looks<RoundRecord, DashboardRound>(age: .seconds(2))
    private let reports = Looks<RoundRecord, FindingsDocument>(age: .seconds(15))
    /// Kept long: it holds what was read of a round. With a lab that leaves its cells are gone, and the others' numbers
    /// change.
    private let live = Looks<[Int64], LiveFindings>(age: .seconds(3600))

    public init(queue: CoordinatorQueue) { self.queue = queue }

    func house() async throws -> OperationsDocument {
        let queue = queue
        return try await houses.value(queue.rounds()) { try await queue.operations() }
    }

    func limits() async throws -> (LimitsDocument, [LimitCourse]) {
        let (queue, entries) = (queue, try await house().accounts)
        return (
            LimitsDocument(limits: entries),
            try await courses.value(queue.rounds()) { try await queue.limitCourses(of: entries) }
        )
    }

    func record(_ name: String) async throws -> RoundRecord {
        if let record = try await queue.round(named: RoundName(name)) { return record }
        throw ParleyFailure(.invalidInput, "There is no round named '\(name)'.")
    }

    func round(_ record: RoundRecord) async throws -> DashboardRound {
        let (queue, live) = (queue, live)
        return try await rounds.value(record) {
            let findings = try await live.value([record.id.rawValue, Int64(record.partyCount)]) {
                try await LiveFindings.of(record.id, in: queue)
            }
            try await findings.refresh()
            let hold = try await queue.hold(record)
            return DashboardRound(
                round: try await queue.operations(of: hold),
                reasons: hold.reasons(),
                estimates: try await findings.records().map(LiveEstimate.init),
                budgets: hold.budgets.map {
                    DashboardRound.Budget(
                        scope: $0.scope,
                        tokens: $0.tokens,
                        money: $0.money,
                        usedTokens: $0.usedTokens,
                        usedMoney: $0.usedMoney,
                        unknown: $0.unknown,
                        isExhausted: $0.isExhausted
                    )
                },
                events: try await queue.events(round: record.id, limit: Self.eventsShown).map(Self.line),
                pausedParts: hold.streams.count { $0.pauseReason != nil }
            )
        }
    }

    func findings(_ record: RoundRecord) async throws -> FindingsDocument {
        let queue = queue
        return try await reports.value(record) { try await queue.findings(round: record.id) }
    }

    /// The dead jobs of a round by class, the class with most of them first.
    func dead(_ record: RoundRecord) async throws -> [DashboardDeadClass] {
        let cells = try await queue.definition(of: record.id).cells
        let jobs = try await queue.deadJobs(round: record.id, limit: .max)
        return Dictionary(grouping: jobs, by: \.failureClass).map { name, jobs in
            DashboardDeadClass(
                failureClass: name,
                unruled: jobs.count { $0.ruling == nil },
                ruled: jobs.count { $0.ruling != nil },
                examples: jobs.prefix(Self.examplesPerClass).map {
                    (
                        job: $0.job.rawValue, cell: "\(cells[$0.cell].suite) × \(cells[$0.cell].configuration)",
                        message: String($0.message.prefix(500))
                    )
                }
            )
        }.sorted { ($1.unruled, $0.failureClass) < ($0.unruled, $1.failureClass) }
    }

    func cell(
        _ record: RoundRecord,
        _ cell: Cell,
        kind: OutcomeKind?,
        after: JobID?
    ) async throws -> DashboardCell {
        guard let index = try await queue.definition(of: record.id).cells.firstIndex(of: cell) else {
            throw ParleyFailure(.invalidInput, "Round '\(record.name)' has no such cell.")
        }
        let limit = Self.outcomesPerPage
        let found = try await queue.outcomes(
            round: record.id,
            cell: index,
            kind: kind,
            after: after,
            limit: limit + 1
        )
        return DashboardCell(
            round: record.name,
            cell: cell,
            kind: kind,
            outcomes: found.prefix(limit).map {
                .init(job: $0.job.rawValue, sample: $0.sample, epoch: $0.epoch, kind: $0.kind, score: $0.score)
            },
            hasMore: found.count > limit
        )
    }

    /// After a change: what was looked at before says nothing of it.
    func forget() async {
        await houses.forget()
        await rounds.forget()
    }

    func job(_ job: JobID) async throws -> DashboardJob {
        guard let why = try await queue.why(job: job) else {
            throw ParleyFailure(.invalidInput, "No round has a job of the number \(job).")
        }
        let attempts = try await queue.attempts(job: job).map {
            "Attempt \($0.attempt): \($0.failureClass), \($0.disposition). \($0.message)"
        }
        let (transcript, withheld) = try await transcript(job, why)
        return DashboardJob(why: why, attempts: attempts, transcript: transcript, withheld: withheld)
    }

    /// What anybody who sees the coordinator's figures may read: nothing that is sealed for a holder of keys.
    private func transcript(_ job: JobID, _ why: WhyDocument) async throws -> (ReportTranscript?, withheld: String?) {
        guard let outcome = try await queue.outcome(job: job), let sealed = try await queue.transcript(job: job) else {
            return (nil, "No transcript is kept of it, or it is not done.")
        }
        let seals = try await queue.seals(of: RoundID(job.rawValue >> 36))
        let blobs: BlobStore
        do { blobs = try seals.transcripts(cell: outcome.cell) } catch { return (nil, error.description) }
        let found = try blobs.transcript(sealed, at: .transcript(job))
        let shown = ReportTranscript(
            suite: found.suite,
            configuration: found.configuration,
            job: job.rawValue,
            sampleID: found.sampleID,
            epoch: why.epoch ?? 1,
            kind: outcome.kind,
            score: outcome.score,
            messages: found.messages,
            answer: found.answer,
            explanation: found.explanation
        )
        return (shown, nil)
    }

    func windows() async throws -> [DashboardWindow] {
        try await queue.calendarDocument().windows.map { window in
            DashboardWindow(
                series: "\(window.series) \(window.occurrence)",
                kind: window.kind,
                opensAt: window.opensAt,
                closesAt: window.closesAt,
                status: window.status.rawValue,
                round: window.round,
                overdue: window.overdue
            )
        }
    }

    private static func line(_ event: Event) -> TailRecord {
        var line = TailRecord(
            at: Date(timeIntervalSince1970: Double(event.atMicros / 1_000_000)).formatted(.iso8601),
            what: .event
        )
        line.who = event.who
        line.action = event.what
        line.subject = event.subject
        line.why = event.why
        return line
    }
}
