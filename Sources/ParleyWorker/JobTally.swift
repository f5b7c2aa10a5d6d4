// What is counted and traced of one job, from its claim until the database has what came of it.

import Foundation
import ParleyModel
import ParleyQueue
import ParleyTelemetry
import Tracing

/// One job's times, counts and span.
struct JobTally: Sendable {
    /// From the claim to the commit; nil where no spans are recorded.
    let span: (any Tracing.Span)?
    private let meter: WorkerMetrics.StreamMeter?
    private let startedAt = ContinuousClock.now
    private var endedAt = ContinuousClock.now
    private var commit: (any Tracing.Span)?

    /// When a claim was asked for and answered.
    typealias Claim = (asked: DefaultTracerClock.Timestamp, answered: DefaultTracerClock.Timestamp)

    /// A job's start.
    init(_ job: ClaimedJob, _ meter: WorkerMetrics.StreamMeter?, claimed: Claim) {
        self.meter = meter
        meter?.claimed.add()
        guard Trace.isEnabled else {
            span = nil
            return
        }
        span = Trace.begin(
            .job,
            at: claimed.asked,
            attributes: [
                "parley.job": .int64(job.id.rawValue), "parley.round": .int64(job.round.rawValue),
                "parley.stage": .string("\(job.stage)"), "parley.attempt": .int64(Int64(job.attempt)),
            ]
        )
        Trace.begin(.claim, under: span, at: claimed.asked)?.end(at: claimed.answered)
    }

    /// The attempt is over; its result is on its way.
    mutating func ended(_ result: JobResult) {
        endedAt = .now
        let time = endedAt - startedAt
        // An agent that goes on from a checkpoint waited for models in earlier attempts too.
        let provider = min(.microseconds(result.latencyMicros), time)
        meter?.probes.observe(time)
        meter?.provider.add(provider)
        meter?.local.add(time - provider)
        if case .fail(let attempt) = result {
            meter?.failed(attempt.failureClass)
            span?.setStatus(SpanStatus(code: .error, message: attempt.failureClass.rawValue))
        }
        commit = Trace.begin(.commit, under: span)
    }

    /// What the database said to an outcome.
    func recorded(_ commit: Commit, _ answer: CommitAnswer) {
        if answer == .lost {
            meter?.overtaken.add()
        } else {
            meter?.committed(commit.kind)
            meter?.tokens.add(Int(commit.usage.total))
        }
        close(lost: answer == .lost)
    }

    /// What the database said to a failed attempt.
    func recorded(_ attempt: FailedAttempt, _ answer: FailAnswer) {
        switch answer {
        case .lost: meter?.overtaken.add()
        case .requeued(let next), .deferred(let next):
            // By this machine's clock, which may differ a little from the database's.
            let now = Int64(Date().timeIntervalSince1970 * 1e6)
            meter?.backoff.add(.microseconds(max(next - now, 0)))
        case .released, .dead, .paused: break
        }
        close(lost: answer == .lost)
    }

    /// The job goes back without a result, or its result could not be recorded.
    func givenBack() {
        commit?.end()
        span?.end()
    }

    private func close(lost: Bool) {
        meter?.queue.add(ContinuousClock.now - endedAt)
        if lost { commit?.setStatus(SpanStatus(code: .error, message: "the lease was lost")) }
        commit?.end()
        span?.end()
    }
}

extension JobResult {
    /// Time spent waiting for providers, in microseconds.
    fileprivate var latencyMicros: Int64 {
        switch self {
        case .commit(let commit): commit.latencyMicros
        case .fail(let attempt): attempt.latencyMicros
        }
    }
}
