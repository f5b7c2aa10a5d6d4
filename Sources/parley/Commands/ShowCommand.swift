// parley show: one job with its transcript and its attempts. The transcript is hostile text and is escaped.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a job: its outcome, transcript and failed attempts.",
        discussion: """
            Job numbers stand in the report and in `parley dead list ROUND`.

            Examples:
              parley show 68719476736
              parley show 68719476736 --json
            """
    )

    @Argument(help: "The number of the job.")
    var job: Int64
    @Flag(help: "Print as JSON, requests and responses included.")
    var json = false
    @OptionGroup var seal: SealKeyOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let id = JobID(job)
            let outcome = try await session.queue.outcome(job: id)
            let attempts = try await session.queue.attempts(job: id)
            guard outcome != nil || !attempts.isEmpty else {
                throw ParleyFailure(
                    .invalidInput,
                    "Job \(job) has neither an outcome nor a failed attempt.",
                    remedy: "It is still to be run, or there is no such job: see `parley status`."
                )
            }
            let sealed = try await session.queue.transcript(job: id)
            let (transcript, withheld) = try await open(sealed, outcome, session.queue)
            let document = JobDocument(
                job: job,
                kind: outcome?.kind,
                score: outcome?.score,
                usage: outcome?.usage,
                modelReturned: outcome?.modelReturned,
                attempts: attempts.map {
                    JobDocument.Attempt(
                        attempt: $0.attempt,
                        failureClass: $0.failureClass,
                        message: $0.message,
                        disposition: $0.disposition
                    )
                },
                transcript: transcript,
                sealed: withheld
            )
            if json { try Console.json(document) } else { document.show() }
        }
    }

    private func open(
        _ sealed: [UInt8]?,
        _ outcome: StoredOutcome?,
        _ queue: CoordinatorQueue
    ) async throws -> (Transcript?, withheld: String?) {
        guard let sealed, let outcome else { return (nil, nil) }
        let seals = try await queue.seals(of: RoundID(job >> 36), with: seal.key)
        let blobs: BlobStore
        do { blobs = try seals.transcripts(cell: outcome.cell) } catch { return (nil, error.description) }
        return (try blobs.transcript(sealed, at: .transcript(JobID(job))), nil)
    }
}
