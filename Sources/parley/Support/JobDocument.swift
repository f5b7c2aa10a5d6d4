// One job as `parley show` has it: outcome, failed attempts, transcript. The transcript is hostile text and is escaped.

import ParleyEvidence
import ParleyModel
import ParleyReport

struct JobDocument: Encodable {
    struct Attempt: Encodable {
        let attempt: Int
        let failureClass: String
        let message: String
        let disposition: String
    }

    let job: Int64
    let kind: OutcomeKind?
    let score: Score?
    let usage: Usage?
    let modelReturned: String?
    let attempts: [Attempt]
    let transcript: Transcript?
    /// Why there is no transcript, where it is sealed for others.
    let sealed: String?

    /// Prints it for people.
    func show() {
        if let kind {
            let score = score.map { ", score \($0)" } ?? ""
            Console.print("Job \(job): \(kind.name)\(score)")
        } else {
            Console.print("Job \(job): no outcome yet")
        }
        if let model = modelReturned { Console.print("Model returned: \(Escape.terminal(model))") }
        for attempt in attempts {
            let message = Escape.terminal(attempt.message)
            Console.print(
                "Attempt \(attempt.attempt) failed (\(attempt.failureClass), \(attempt.disposition)): \(message)"
            )
        }
        if let sealed { Console.print(sealed) }
        guard let transcript else { return }
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
