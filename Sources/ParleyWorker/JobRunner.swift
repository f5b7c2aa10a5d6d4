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
            if Trace.isEnabled { return try await traced(job, entry) }
            switch job.stage {
            case .probe: return try await probe(job, entry)
            case .grade: return try await grade(job, entry)
            }
        } catch let failure as ProbeFailure {
            return await failed(job, failure)
        } catch {
            var failure = ProbeFailure(.worker, "\(error)", fingerprint: "worker \(type(of: error))")
            if await rounds.isVeiled(job) { Self.silence(&failure) }
            return .fail(Self.attempt(job, failure))
        }
    }

    /// The work as a span. Apart, so that a job in flight takes no memory for it where there are none.
    @inline(never)
    private func traced(_ job: ClaimedJob, _ entry: RoundCache.Entry) async throws -> JobResult {
        try await Trace.span(.probe, attributes: ["parley.attempt": .int64(Int64(job.attempt))]) {
            switch job.stage {
            case .probe: try await probe(job, entry)
            case .grade: try await grade(job, entry)
            }
        }
    }

    private func failed(_ job: ClaimedJob, _ failure: ProbeFailure) async -> JobResult {
        var failure = failure
        await heed(failure.exchanges.last, tokens: failure.usage?.total ?? 0, job)
        let isVeiled = await rounds.isVeiled(job)
        if isVeiled { Self.silence(&failure) }
        log(failure, of: job)
        if !isVeiled, await rounds.isHeldOut(job) {
            // A provider's error may repeat the prompt, and messages are stored as they are.
            failure.message = "\(failure.failureClass.rawValue); the suite is held out, and the text is not kept"
        }
        return .fail(Self.attempt(job, failure))
    }

    /// Takes out of a failure all that a provider or this machine says: it may name a lab that leaves the round.
    private static func silence(_ failure: inout ProbeFailure) {
        failure.message = "\(failure.failureClass.rawValue); a lab may leave the round, and the text is not kept"
        failure.fingerprint = failure.failureClass.rawValue
        for index in failure.exchanges.indices { failure.exchanges[index].responseHeaders = [:] }
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

    private func probe(_ job: ClaimedJob, _ entry: RoundCache.Entry) async throws -> JobResult {
        let result = try await entry.prober.probe(
            cell: job.cell,
            sample: try await rounds.sample(of: job),
            epoch: job.epoch,
            checkpoints: checkpoints(job, entry)
        )
        await heed(result.transcript.exchanges.last, tokens: result.usage.total, job)
        return try Self.committed(job, entry, result)
    }

    /// nil where no run of the cell's suite has a state to keep.
    private func checkpoints(_ job: ClaimedJob, _ entry: RoundCache.Entry) throws -> JobCheckpoints? {
        let kind = entry.definition.suites[job.suite].solver.kind
        guard kind == .agent || kind == .auditor else { return nil }
        return JobCheckpoints(queue: queue, blobs: try entry.seals.transcripts(cell: job.cell), key: job.key)
    }

    private func grade(_ job: ClaimedJob, _ entry: RoundCache.Entry) async throws -> JobResult {
        guard let judge = job.judge else { throw ParleyFailure(.failure, "A grade job without a judge.") }
        let input = try await rounds.gradeInput(of: job)
        let later = try await rounds.laterGrader(of: job)
        let result = try await entry.prober.grade(
            cell: job.cell,
            judge: judge - (later?.firstJudge ?? 0),
            by: later?.grader,
            sample: input.sample,
            transcript: input.transcript
        )
        await heed(result.transcript.exchanges.last, tokens: result.usage.total, job)
        return try Self.committed(job, entry, result)
    }

    /// What is to be recorded. Apart from what waits, so that what it needs takes no memory meanwhile.
    @inline(never)
    private static func committed(
        _ job: ClaimedJob,
        _ entry: RoundCache.Entry,
        _ result: ProbeResult
    ) throws -> JobResult {
        let blobs = try entry.seals.transcripts(cell: job.cell)
        let isWithheld = entry.definition.withholdsReasoning(cell: job.cell, judge: job.judge)
        let transcript = isWithheld ? result.transcript.withoutReasoning : result.transcript
        let sealed = try blobs.store(transcript, at: .transcript(job.id))
        var commit = Commit(key: job.key, result, transcript: sealed)
        if job.stage == .probe, let veil = entry.veil, let party = entry.party(ofCell: job.cell) {
            commit.modelReturned = try commit.modelReturned.map { try veil.sealed($0, ofHandle: party) }
        }
        return .commit(commit)
    }
}
