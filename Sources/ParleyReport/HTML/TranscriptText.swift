// What was said in a transcript and what came of it, as text in `pre` elements: hostile, so it is never anything else.
// The report and the dashboard show transcripts alike.

internal import ParleyModel

enum TranscriptText {
    /// The messages, the answer that was scored and the scorer's explanation.
    static func conversation(_ transcript: ReportTranscript) -> [Markup] {
        var body = transcript.messages.flatMap(message)
        body += part("scored answer", transcript.answer)
        if let explanation = transcript.explanation { body += part("scorer's explanation", explanation) }
        return body
    }

    private static func message(_ message: Message) -> [Markup] {
        let reasoning = message.reasoning.map { part("\(message.role.rawValue), reasoning", $0) } ?? []
        let calls = message.toolCalls.flatMap { part("\(message.role.rawValue) calls a tool", $0.summary) }
        return reasoning + part(message.speaker, message.content) + calls
    }

    private static func part(_ title: String, _ text: String) -> [Markup] {
        [
            .element("h4", title),
            text.isEmpty ? .element("p", ["class": "detail"], "empty") : .element("pre", ["dir": "auto"], text),
        ]
    }
}
