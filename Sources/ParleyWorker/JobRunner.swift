// One job from claim to result: fetch what it is about, probe or grade, seal the transcript. Whatever goes wrong
// becomes a failed attempt with a class; nothing thrown here ends the worker.

import ParleyEvidence
import ParleyModel
import ParleyProbe
import ParleyQueue

struct JobRunner: JobRunning {
    let rounds: RoundCache
    let blobs = BlobStore()

    func prepare(_ jobs: [ClaimedJob]) async {
        // A job whose sample is not there by then reads it itself, and says what is wrong.
        try? await rounds.prefetch(jobs)
    }

    func run(_ job: ClaimedJob) async -> JobResult? {
        do {
            let entry = try await rounds.round(job.round)
            let result = try await probe(job, entry)
            if Task.isCancelled { return nil }
            return .commit(Commit(key: job.key, result, transcript: try blobs.store(result.transcript)))
        } catch let failure as ProbeFailure {
            if Task.isCancelled { return nil }
            return .fail(FailedAttempt(key: job.key, failure, cost: nil))
        } catch {
            if Task.isCancelled { return nil }
            let failure = ProbeFailure(.worker, "\(error)", fingerprint: "worker \(type(of: error))")
            return .fail(FailedAttempt(key: job.key, failure, cost: nil))
        }
    }

    private func probe(_ job: ClaimedJob, _ entry: RoundCache.Entry) async throws -> ProbeResult {
        switch job.stage {
        case .probe:
            let sample = try await rounds.sample(of: job)
            return try await entry.prober.probe(cell: job.cell, sample: sample, epoch: job.epoch)
        case .grade:
            guard let judge = job.judge else { throw ParleyFailure(.failure, "A grade job without a judge.") }
            let input = try await rounds.gradeInput(of: job)
            return try await entry.prober.grade(
                cell: job.cell,
                judge: judge,
                sample: input.sample,
                transcript: input.transcript
            )
        }
    }
}
