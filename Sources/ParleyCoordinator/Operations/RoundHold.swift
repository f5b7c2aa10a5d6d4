// What decides whether the jobs of a round are claimed, as one look at the database found it. Pure from there on: each
// stream has exactly one reason, the first of those that would have to go before the next one matters.

import Foundation
public import ParleyModel
public import ParleyQueue

/// All that can hold back a round's jobs.
public struct RoundHold: Sendable {
    public let record: RoundRecord
    public let streams: [StreamStatus]
    let routes: [StreamID: StreamRoute]
    let limits: [LimitsDocument.Entry]
    public let budgets: [BudgetStatus]
    /// The ISO code of the round's currency.
    public let currency: String
    let signaturesLacking: Int
    /// The run window of the round's occurrence in the calendar.
    let window: CalendarWindow?
    let nowMicros: Int64
}

extension CoordinatorQueue {
    /// Looks at all that can hold back the jobs of a round.
    public func hold(_ record: RoundRecord) async throws -> RoundHold {
        RoundHold(
            record: record,
            streams: try await streams(round: record.id),
            routes: Dictionary(try await routes(round: record.id).map { ($0.stream, $0) }) { first, _ in first },
            limits: try await limitsDocument(round: record.id).limits,
            budgets: try await budgets(round: record.id),
            currency: try await currency(of: record.id),
            signaturesLacking: try await signaturesLacking(round: record.id),
            window: try await calendar().first { $0.round == record.name && $0.kind == "run" },
            nowMicros: try await now()
        )
    }
}

extension RoundHold {
    /// What holds back a stream's jobs that nobody has.
    public func reason(for stream: StreamStatus) -> WhyDocument.Reason {
        let jobs = stream.ready + stream.waiting
        return ofRound(jobs) ?? ofPart(stream, jobs) ?? ofAccount(stream, jobs) ?? queued(stream, jobs)
    }

    private func ofRound(_ jobs: Int) -> WhyDocument.Reason? {
        let name = record.name
        if record.state == .frozen, signaturesLacking > 0 {
            return .init(
                .unsigned,
                "Round \(name) lacks \(signaturesLacking) of the signatures without which nothing of it runs.",
                remedy:
                    "parley round status \(name) says whose; they sign with `parley round sign \(name) --key FILE`.",
                jobs: jobs
            )
        }
        if record.state == .frozen, let window, window.openedAtMicros == nil {
            let opens = Self.text(window.opensAtMicros)
            let isDue = window.opensAtMicros <= nowMicros
            return .init(
                .window,
                isDue
                    ? "Its run window opened at \(opens), and no coordinator has turned it yet."
                    : "Its run window opens at \(opens).",
                remedy: isDue
                    ? "Start `parley coordinator`." : "parley round start \(name) starts it before its time.",
                jobs: jobs
            )
        }
        if record.state == .running { return nil }
        let remedy: String? =
            switch record.state {
            case .draft: "parley round freeze FILE agrees on it, then parley round start \(name)."
            case .frozen: "parley round start \(name)"
            default: nil
            }
        return .init(
            .state,
            "Round \(name) is in the state '\(record.state.rawValue)'; jobs are claimed only while it is 'running'.",
            remedy: remedy,
            jobs: jobs
        )
    }

    private func ofPart(_ stream: StreamStatus, _ jobs: Int) -> WhyDocument.Reason? {
        let name = record.name
        if stream.isCancelled {
            return .init(
                .cancelled,
                "\(stream.suite) on \(stream.model) is cancelled.",
                remedy: "parley resume \(name) --suite \(stream.suite) --model \(stream.model) --cancelled",
                jobs: jobs
            )
        }
        if let reason = stream.pauseReason {
            let route = routes[stream.id]
            let by = route?.pausedBy.map { " by \($0)" } ?? ""
            let since = route?.pausedFor.map { " \(Self.text($0)) ago" } ?? ""
            return .init(
                .paused,
                "\(stream.suite) on \(stream.model) was paused\(by)\(since): \(reason)",
                remedy: "parley resume \(name) --model \(stream.model), once the reason is gone.",
                jobs: jobs
            )
        }
        if let budget = budgets.first(where: { $0.isExhausted && $0.streams.contains(stream.id) }) {
            return .init(
                .budget,
                "Budget \(StatusDocument.Budget(budget).line(currency: currency)).",
                remedy: "parley budget \(name) \(budget.number) --money AMOUNT or --tokens COUNT raises it.",
                jobs: jobs
            )
        }
        return ofWorkers(stream, jobs)
    }

    private func ofWorkers(_ stream: StreamStatus, _ jobs: Int) -> WhyDocument.Reason? {
        guard let route = routes[stream.id], !route.isServed else { return nil }
        // The form of the definition, which every worker of this version understands, is no choice of its operator.
        let tags = route.tags.filter { !$0.hasPrefix("definition:") }.joined(separator: ", ")
        if route.alive == 0 {
            return .init(
                .worker,
                "No worker works.",
                remedy: "Start one\(tags.isEmpty ? "" : " with the tags \(tags)"): parley worker",
                jobs: jobs
            )
        }
        if route.fitting == 0 {
            return .init(
                .worker,
                tags.isEmpty
                    ? "None of \(route.alive) workers understands the round's definition."
                    : "None of \(route.alive) workers has the tags that its jobs require: \(tags).",
                remedy: tags.isEmpty
                    ? "Start workers of the coordinator's version." : "Start a worker with these tags.",
                jobs: jobs
            )
        }
        return .init(
            .worker,
            "None of \(route.alive) workers has a login that round \(record.name) admits.",
            remedy: "Start a worker with an admitted login; the round's submission names them.",
            jobs: jobs
        )
    }

    private func ofAccount(_ stream: StreamStatus, _ jobs: Int) -> WhyDocument.Reason? {
        guard let entry = limits.first(where: { $0.account == stream.account && $0.model == stream.model }),
            let value = entry.binding, value.kind != .pause
        else { return nil }
        let isOfWorkers = value.kind == .pool || value.kind == .worker
        return .init(
            .limit,
            isOfWorkers
                ? "The workers of account \(stream.account) on \(stream.model) have no room: \(value.text) "
                    + "(\(value.setBy))."
                : "Account \(stream.account) on \(stream.model) is at its limit: \(value.text) (\(value.setBy)), "
                    + "\(entry.inFlight) in flight.",
            remedy: "parley explain limits \(stream.model) shows all its limits.",
            jobs: jobs
        )
    }

    private func queued(_ stream: StreamStatus, _ jobs: Int) -> WhyDocument.Reason {
        if stream.ready == 0, stream.waiting > 0 {
            return .init(.queue, "Waits for its turn or its next try; nothing else holds it.", jobs: jobs)
        }
        let working = routes[stream.id]?.admitted ?? 0
        return .init(
            .queue,
            "Nothing holds it: \(working == 1 ? "1 worker takes" : "\(working) workers take") jobs in their turn.",
            remedy: "More workers, or parley worker --concurrency, would take more at a time.",
            jobs: jobs
        )
    }

    static func text(_ micros: Int64) -> String {
        Date(timeIntervalSince1970: Double(micros / 1_000_000)).formatted(.iso8601)
    }

    /// For instance `40 s`, `12 min`, `3.5 h`.
    static func text(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        if seconds < 100 { return "\(Int(seconds.rounded())) s" }
        if seconds < 6000 { return "\(Int((seconds / 60).rounded())) min" }
        return "\((seconds / 360).rounded() / 10) h"
    }
}
