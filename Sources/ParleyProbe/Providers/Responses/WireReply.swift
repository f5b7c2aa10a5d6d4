// What came over the wire, and what it says. Reading a response is pure: (status, headers, body) in, a reply or a
// failure out, so that every shape that a provider answers with is a test case without a socket.

import Foundation
import ParleyModel

/// A response as it arrived.
struct HTTPReply: Hashable, Sendable {
    var status: Int
    /// Names in lower case; repeated ones joined by `, `.
    var headers: [String: String]
    var body: [UInt8]

    init(status: Int, headers: [String: String] = [:], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Whether the body is a stream of server-sent events; some servers do not say so in the header.
    var isEventStream: Bool {
        if headers["content-type"]?.lowercased().hasPrefix("text/event-stream") == true { return true }
        return body.starts(with: "data:".utf8) || body.starts(with: "event:".utf8)
    }
}

/// What a response says.
struct WireReply: Hashable, Sendable {
    /// The text, reasoning taken out.
    var text: String
    var reasoning: String?
    var toolCalls: [ToolCall]
    /// The reply's own content, to be sent back unchanged to this provider; nil where text and calls say all.
    var kept: KeptBlocks?
    var stop: StopReason
    /// nil where the provider did not state it.
    var usage: Usage?
    var modelReturned: String?
    /// The content to send back, unchanged, where the provider paused its turn.
    var pausedContent: JSONValue?

    init(
        text: String,
        reasoning: String? = nil,
        toolCalls: [ToolCall] = [],
        kept: KeptBlocks? = nil,
        stop: StopReason,
        usage: Usage?,
        modelReturned: String? = nil,
        pausedContent: JSONValue? = nil
    ) {
        self.text = text
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.kept = kept
        self.stop = stop
        self.usage = usage
        self.modelReturned = modelReturned
        self.pausedContent = pausedContent
    }
}

/// Reads responses of one provider: what both wire formats share.
struct ResponseReader {
    let provider: ProviderKind
    let reply: HTTPReply
    /// The worker's clock, for waits stated as a date where the response has none.
    let now: Date

    /// The message's JSON, whole: from a plain body, or put together from a stream. An error body that is a model's
    /// outcome comes back as `.outcome`; every other error is thrown.
    enum Body { case message(JSONValue), outcome(WireReply) }

    func body(stream assemble: ([ServerEvent]) throws(StreamTrouble) -> JSONValue) throws(ProbeFailure) -> Body {
        guard (200..<300).contains(reply.status) else {
            return .outcome(try settle(ErrorReport(status: reply.status, body: reply.body)))
        }
        if reply.isEventStream { return try streamed(assemble) }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: reply.body)
        } catch {
            throw unreadable(error)
        }
        if let report = ErrorReport(status: reply.status, answer: json) { return .outcome(try settle(report)) }
        return .message(json)
    }

    private func streamed(_ assemble: ([ServerEvent]) throws(StreamTrouble) -> JSONValue) throws(ProbeFailure) -> Body {
        do {
            return .message(try assemble(ServerEvent.parse(reply.body)))
        } catch {
            switch error {
            case .error(let json):
                let report = ErrorReport(status: reply.status, answer: json)
                return .outcome(try settle(report ?? ErrorReport(status: reply.status, body: reply.body)))
            case .cutOff:
                throw failure(.connection, "the stream broke off before its end", code: "stream_cut_off")
            case .malformed(let reason):
                throw failure(.malformedResponse, "the stream is malformed: \(reason)", code: "malformed_stream")
            }
        }
    }

    /// A successful status with a body that is no JSON: some gateways report an overload so.
    private func unreadable(_ error: JSONError) -> ProbeFailure {
        let text = String(decoding: reply.body.prefix(4096), as: UTF8.self).lowercased()
        if text.contains("overloaded") { return failure(.overloaded, "the body reports an overload") }
        if text.contains("internal server error") {
            return failure(.serverError, "the body reports an internal server error")
        }
        return malformed("the body is not JSON: \(error)")
    }

    func malformed(_ reason: String) -> ProbeFailure {
        failure(.malformedResponse, reason, code: "malformed_response")
    }

    /// A failure of this response. Its usage is unknown: the provider did the work, or may have.
    private func failure(_ failureClass: FailureClass, _ reason: String, code: String? = nil) -> ProbeFailure {
        ProbeFailure(
            failureClass,
            "\(provider.rawValue) answered HTTP \(reply.status): \(Bounded.message(reason))",
            fingerprint: Fingerprint.text(provider, status: reply.status, code ?? failureClass.rawValue)
        )
    }
}
