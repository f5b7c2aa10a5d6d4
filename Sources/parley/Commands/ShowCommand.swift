// parley show: one job with its transcript and its attempts. The transcript is hostile text and is escaped.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyReport

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

    private struct Attempt: Encodable {
        let attempt: Int
        let failureClass: String
        let message: String
        let disposition: String
    }

    private struct Document: Encodable {
        let job: Int64
        let kind: OutcomeKind?
        let score: Score?
        let usage: Usage?
        let modelReturned: String?
        let attempts: [Attempt]
        let transcript: Transcript?
        /// Why there is no transcript, where it is sealed for others.
        let sealed: String?
    }

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
            let document = Document(
                job: job,
                kind: outcome?.kind,
                score: outcome?.score,
                usage: outcome?.usage,
                modelReturned: outcome?.modelReturned,
                attempts: attempts.map {
                    Attempt(
                        attempt: $0.attempt,
                        failureClass: $0.failureClass,
                        message: $0.message,
                        disposition: $0.disposition
                    )
                },
                transcript: transcript,
                sealed: withheld
            )
            if json { try Console.json(document) } else { show(document) }
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

    private func show(_ document: Document) {
        if let kind = document.kind {
            let score = document.score.map { ", score \($0)" } ?? ""
            Console.print("Job \(document.job): \(kind.name)\(score)")
        } else {
            Console.print("Job \(document.job): no outcome yet")
        }
        if let model = document.modelReturned { Console.print("Model returned: \(Escape.terminal(model))") }
        for attempt in document.attempts {
            let message = Escape.terminal(attempt.message)
            Console.print(
                "Attempt \(attempt.attempt) failed (\(attempt.failureClass), \(attempt.disposition)): \(message)"
            )
        }
        if let sealed = document.sealed { Console.print(sealed) }
        guard let transcript = document.transcript else { return }
        Console.print("Suite \(transcript.suite), configuration \(transcript.configuration), epoch \(transcript.epoch)")
        Console.print("Sample \(Escape.terminal(transcript.sampleID))")
        for message in transcript.messages {
            Console.print("\n--- \(Escape.terminal(message.speaker))\n\(lines(message.content))")
            for call in message.toolCalls { Console.print("(calls) \(lines(call.summary))") }
            if let reasoning = message.reasoning { Console.print("(reasoning) \(lines(reasoning))") }
        }
        Console.print("\n--- answer that was scored\n\(lines(transcript.answer))")
        if let audit = transcript.audit {
            Console.print("--- auditor \(audit.configuration), which took \(audit.branches.count) branches back")
            for call in audit.messages.flatMap(\.toolCalls) { Console.print("(calls) \(lines(call.summary))") }
        }
        if let program = transcript.program {
            Console.print("--- program: \(Escape.terminal(program.end)), \(program.durationMicros / 1000) ms")
            for log in program.logs { Console.print("log: \(lines(log))") }
            if !program.errorOutput.isEmpty { Console.print("--- its standard error\n\(lines(program.errorOutput))") }
        }
        if let explanation = transcript.explanation { Console.print("--- why\n\(lines(explanation))") }
    }

    private func lines(_ text: String) -> String { Escape.terminal(text, allowingNewlines: true) }
}
