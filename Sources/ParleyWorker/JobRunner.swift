// One job from claim to result: fetch what it is about, probe or grade, seal the transcript. Whatever goes wrong
// becomes a failed attempt with a class; nothing thrown here ends the worker.

import Logging
import ParleyEvidence
import ParleyModel
import ParleyProbe
import ParleyQueue
import ParleyTelemetry
import Tracing

struct JobRunner: JobRunning {
    let queue: WorkerQueue
    let rounds: RoundCache
    let logger: Logger

    func prepare(_ jobs: [ClaimedJob]) async {
        // A job whose sample is not there by then reads it itself, and says what is wrong.
        try? await rounds.prefetch(jobs)
    }

    func run(_ job: ClaimedJob) async -> JobResult? {
        if Task.isCancelled { return nil }
        do {
            let entry = try await rounds.round(job.round)
            let result = Trace.isEnabled ? try await traced(job, entry) : try await probe(job, entry)
            await heed(result.transcript.exchanges.last, tokens: result.usage.total, job)
            let blobs = try entry.seals.transcripts(cell: job.cell)
            let isWithheld = entry.definition.withholdsReasoning(cell: job.cell, judge: job.judge)
            let transcript = isWithheld ? result.transcript.withoutReasoning : result.transcript
            let sealed = try blobs.store(transcript, at: .transcript(job.id))
            return .commit(Commit(key: job.key, result, transcript: sealed))
        } catch var failure as ProbeFailure {
            await heed(failure.exchanges.last, tokens: failure.usage?.total ?? 0, job)
            log(failure, of: job)
            if await rounds.isHeldOut(job) {
                // A provider's error may repeat the prompt, and messages are stored as they are.
                failure.message = "\(failure.failureClass.rawValue); the suite is held out, and the text is not kept"
            }
            return .fail(Self.attempt(job, failure))
        } catch {
            return .fail(
                Self.attempt(job, ProbeFailure(.worker, "\(error)", fingerprint: "worker \(type(of: error))"))
            )
        }
    }

    /// The probe as a span. Apart, so that a probe in flight takes no memory for it where there are none.
    @inline(never)
    private func traced(_ job: ClaimedJob, _ entry: RoundCache.Entry) async throws -> ProbeResult {
        try await Trace.span(.probe, attributes: ["parley.attempt": .int64(Int64(job.attempt))]) {
            try await probe(job, entry)
        }
    }

    /// A job that was stopped says what it used, as far as that is known, and is not blamed. What its last checkpoint
    /// says was used is charged already.
    private static func attempt(_ job: ClaimedJob, _ failure: ProbeFailure) -> FailedAttempt {
        var failure = failure
        failure.usage = failure.usage.map { $0 - failure.checkpointedUsage }
        failure.cost = failure.cost.map { $0 - failure.checkpointedCost }
        if Task.isCancelled {
            failure.failureClass = .cancelled
            failure.fingerprint = ""
        }
        var attempt = FailedAttempt(key: job.key, failure, cost: failure.cost)
        attempt.latencyMicros = failure.exchanges.reduce(0) { $0 + $1.durationMicros }
        return attempt
    }

    /// Says what failed, by names of bounded variety and numbers: never the message, which may repeat the prompt.
    private func log(_ failure: ProbeFailure, of job: ClaimedJob) {
        logger.info(
            "an attempt failed",
            metadata: [
                "job": "\(job.id)", "round": "\(job.round)", "stage": "\(job.stage)", "attempt": "\(job.attempt)",
                "class": "\(failure.failureClass.rawValue)",
                "status": "\(failure.exchanges.last?.status.map(String.init) ?? "none")",
                "request_id": "\(failure.exchanges.last?.requestID ?? "none")",
            ]
        )
    }

    /// Tells the queue when a provider's headers say that it has no room for another such call.
    private func heed(_ exchange: Exchange?, tokens: Int64, _ job: ClaimedJob) async {
        guard let wait = exchange?.waitForRoom(tokens: tokens) else { return }
        await queue.wait(wait, for: job.key)
    }

    private func probe(_ job: ClaimedJob, _ entry: RoundCache.Entry) async throws -> ProbeResult {
        switch job.stage {
        case .probe:
            let sample = try await rounds.sample(of: job)
            return try await entry.prober.probe(
                cell: job.cell,
                sample: sample,
                epoch: job.epoch,
                checkpoints: JobCheckpoints(
                    queue: queue,
                    blobs: entry.seals.transcripts(cell: job.cell),
                    key: job.key
                )
            )
        case .grade:
            guard let judge = job.judge else { throw ParleyFailure(.failure, "A grade job without a judge.") }
            let input = try await rounds.gradeInput(of: job)
            let later = try await rounds.laterGrader(of: job)
            return try await entry.prober.grade(
                cell: job.cell,
                judge: judge - (later?.firstJudge ?? 0),
                by: later?.grader,
                sample: input.sample,
                transcript: input.transcript
            )
        }
    }
}
