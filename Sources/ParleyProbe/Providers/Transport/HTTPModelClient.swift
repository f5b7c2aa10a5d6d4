// Calls one model over HTTP. It builds the body, sends it, reads the response, and keeps what went over the wire;
// whether to try again is the queue's decision. Nothing leaves it that was not redacted.

import Foundation
import ParleyModel
import ParleyTelemetry

/// A model behind an HTTP endpoint. A class, since thousands of calls in flight share one.
final class HTTPModelClient: ModelClient {
    /// The most times that a paused turn is continued within one call.
    static let pauseLimit = 8

    let model: ModelDefinition
    let endpoint: Endpoint
    let transport: HTTPTransport
    let redactor: Redactor

    init(model: ModelDefinition, key: Secret?, transport: HTTPTransport) throws(ParleyFailure) {
        self.model = model
        endpoint = try Endpoint(model: model, key: key)
        self.transport = transport
        let proxy = model.proxy.flatMap { URLComponents(string: $0) }
        redactor = Redactor(endpoint.secrets + [proxy?.password].compactMap { $0 })
    }

    /// The exchange of a reply whose turn was paused holds the last request, in which the earlier answers stand, and
    /// all response bodies, one a line. The model's time limit is for the call as a whole.
    func generate(_ request: GenerateRequest) async throws(ProbeFailure) -> GenerateReply {
        var wire = build(request)
        let deadline = ContinuousClock.now + .milliseconds(model.timeoutMilliseconds)
        var turns: [Turn] = []
        repeat {
            let reception = await transport.send(call(wire.body, until: deadline))
            if try take(reception, request, &wire, &turns) { return Self.joined(turns) }
        } while turns.count <= Self.pauseLimit
        throw ProbeFailure(
            .malformedResponse,
            "\(model.provider.rawValue) paused its turn \(turns.count) times in one call",
            fingerprint: Fingerprint.text(model.provider, status: nil, "pause_turn_limit"),
            usage: Self.usage(turns.map(\.reply)),
            exchanges: turns.map(\.exchange)
        )
    }

    typealias Turn = (reply: WireReply, exchange: Exchange)

    @inline(never)
    private func call(_ body: JSONValue, until deadline: ContinuousClock.Instant) -> HTTPCall {
        HTTPCall(
            method: .post,
            url: endpoint.generateURL,
            headers: endpoint.headers + [Trace.providerHeader].compactMap { $0 },
            body: Array(body.canonical.utf8),
            timeout: max(deadline - ContinuousClock.now, .zero)
        )
    }

    /// Takes in a turn; answers whether it was the last, and else puts it into the next body. Apart from `generate`, so
    /// that what it needs takes no memory while a call waits.
    @inline(never)
    private func take(
        _ reception: HTTPReception,
        _ request: GenerateRequest,
        _ wire: inout WireRequest,
        _ turns: inout [Turn]
    ) throws(ProbeFailure) -> Bool {
        let answer = Answer(reception, request: request, wire: wire, client: self)
        do {
            turns.append((try answer.reply(), answer.exchange))
        } catch {
            throw answer.failure(error, after: turns)
        }
        guard let content = turns.last?.reply.pausedContent else { return true }
        wire.body = Self.continued(wire.body, with: content)
        return false
    }

    @inline(never)
    private func build(_ request: GenerateRequest) -> WireRequest {
        switch model.provider {
        case .openai: OpenAIRequest.build(request, model: model)
        case .anthropic: AnthropicRequest.build(request, model: model)
        }
    }

    /// The body with the paused answer, unchanged, as its last message.
    private static func continued(_ body: JSONValue, with content: JSONValue) -> JSONValue {
        var members = body.object ?? [:]
        let messages = members["messages"]?.array ?? []
        members["messages"] = .array(messages + [["role": "assistant", "content": content]])
        return .object(members)
    }

    /// The usage of all turns; nil where one of them is unknown.
    static func usage(_ replies: [WireReply]) -> Usage? {
        replies.reduce(Usage() as Usage?) { sum, reply in
            guard let sum, let usage = reply.usage else { return nil }
            return sum + usage
        }
    }

    /// The content of all turns, that of paused ones first, whose blocks stand whole in `pausedContent`.
    private static func keptBlocks(_ replies: [WireReply]) -> KeptBlocks? {
        guard let last = replies.last, replies.count > 1 else { return replies.last?.kept }
        let content = replies.flatMap { $0.pausedContent?.array ?? $0.kept?.content ?? plainBlocks(of: $0) }
        return KeptBlocks(anthropic: content) ?? last.kept
    }

    private static func plainBlocks(of reply: WireReply) -> [JSONValue] {
        AnthropicMessages.blocks(of: Message(.assistant, reply.text, toolCalls: reply.toolCalls))
    }

    /// The reply of all turns together.
    @inline(never)
    static func joined(_ turns: [(reply: WireReply, exchange: Exchange)]) -> GenerateReply {
        guard let (last, lastExchange) = turns.last, let first = turns.first?.exchange else {
            preconditionFailure("a call without a turn")
        }
        let replies = turns.map(\.reply)
        let reasoning = replies.compactMap(\.reasoning)
        var exchange = lastExchange
        exchange.startedAtMicros = first.startedAtMicros
        exchange.durationMicros = turns.reduce(0) { $0 + $1.exchange.durationMicros }
        exchange.response = turns.map(\.exchange.response).joined(separator: "\n")
        let usage = usage(replies)
        return GenerateReply(
            text: replies.map(\.text).joined(),
            reasoning: reasoning.isEmpty ? nil : reasoning.joined(separator: "\n"),
            toolCalls: replies.flatMap(\.toolCalls),
            blocks: keptBlocks(replies)?.json,
            stop: last.stop,
            usage: usage ?? replies.compactMap(\.usage).reduce(Usage(), +),
            usageIsKnown: usage != nil,
            modelReturned: last.modelReturned,
            exchange: exchange
        )
    }
}
