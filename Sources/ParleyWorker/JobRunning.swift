// What a worker does with its jobs. `JobRunner` is the one of rounds; the queue's benchmark runs the whole worker with
// one that does nothing.

package import ParleyQueue

/// What a job came to. Boxed, since it is handed on several times.
package indirect enum JobResult: Sendable {
    case commit(Commit)
    case fail(FailedAttempt)
}

/// Runs jobs.
package protocol JobRunning: Sendable {
    /// Called with what was claimed together, before any of it is run. Only saves statements.
    func prepare(_ jobs: [ClaimedJob]) async
    /// Runs a job; nil where it was cancelled and is to be given back.
    func run(_ job: ClaimedJob) async -> JobResult?
}
