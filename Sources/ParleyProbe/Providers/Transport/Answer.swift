// One response, read, redacted and kept. Redaction comes twice: on the bytes before anything is read from them, and
// on what was read, since JSON escapes or the chunks of a stream can hide a key from the first pass.

import Foundation
import ParleyModel

/// What one turn of a call brought.
struct Answer {
    let exchange: Exchange
    private let client: HTTPModelClient
    private let reception: HTTPReception
    private let result: Result<WireReply, ProbeFailure>

    init(_ reception: HTTPReception, request: GenerateRequest, wire: WireRequest, client: HTTPModelClient) {
        let redactor = client.redactor
        var reception = reception
        reception.body = redactor.redact(reception.body)
        reception.headers = reception.headers.mapValues(redactor.redact)
        let raw = Self.read(reception, client.model.provider)
        let isHidden = HiddenKey.isIn(reception.body, redactor)
        let result = Self.redacted(raw, redactor, isHidden: isHidden, status: reception.status)
        let isSafe = result == raw && !isHidden
        exchange = Exchange(
            purpose: request.purpose,
            configuration: request.configuration.name,
            url: redactor.redact(client.endpoint.keptURL),
            request: redactor.redact(wire.body),
            droppedParameters: wire.dropped,
            status: reception.status,
            responseHeaders: KeptHeaders.keep(reception.headers),
            response: isSafe ? BodyText.text(reception.body) : BodyText.withheld,
            startedAtMicros: reception.startedAtMicros,
            durationMicros: reception.durationMicros
        )
        self.client = client
        self.reception = reception
        self.result = result
    }

    /// The reply; throws a failure that holds no exchange yet.
    func reply() throws(ProbeFailure) -> WireReply { try result.get() }

    /// The failure with everything that was exchanged and used in this call.
    func failure(_ failure: ProbeFailure, after turns: [(reply: WireReply, exchange: Exchange)]) -> ProbeFailure {
        var failure = failure
        failure.exchanges = turns.map(\.exchange) + [exchange]
        if let earlier = HTTPModelClient.usage(turns.map(\.reply)), let own = failure.usage {
            failure.usage = earlier + own
        } else {
            failure.usage = nil
        }
        return failure
    }

    private static func read(_ reception: HTTPReception, _ provider: ProviderKind) -> Result<WireReply, ProbeFailure> {
        guard let trouble = reception.trouble else { return parse(reception, provider) }
        // An error status says more than a body that broke off; so does a stream that had come to its end, or to an
        // error event. A caller that stopped wants none of it.
        if let status = reception.status, trouble != .cancelled {
            let reply = HTTPReply(status: status, headers: reception.headers, body: reception.body)
            let parsed = parse(reception, provider)
            if status >= 300 { return parsed }
            if reply.isEventStream, trouble.failureClass == .connection {
                switch parsed {
                case .success: return parsed
                case .failure(let failure) where failure.failureClass != .malformedResponse: return parsed
                case .failure: break
                }
            }
        }
        return .failure(
            ProbeFailure(
                trouble.failureClass,
                "\(provider.rawValue): \(Bounded.message(trouble.message, limit: 600))",
                fingerprint: Fingerprint.text(provider, status: reception.status, trouble.code),
                usage: trouble.isUnsent ? Usage() : nil
            )
        )
    }

    private static func parse(_ reception: HTTPReception, _ provider: ProviderKind) -> Result<WireReply, ProbeFailure> {
        let reply = HTTPReply(status: reception.status ?? 0, headers: reception.headers, body: reception.body)
        do {
            switch provider {
            case .openai: return .success(try OpenAIResponse.parse(reply))
            case .anthropic: return .success(try AnthropicResponse.parse(reply))
            }
        } catch {
            return .failure(error)
        }
    }

    private static func redacted(
        _ result: Result<WireReply, ProbeFailure>,
        _ redactor: Redactor,
        isHidden: Bool,
        status: Int?
    ) -> Result<WireReply, ProbeFailure> {
        switch result {
        case .success(var reply):
            reply.text = redactor.redact(reply.text)
            reply.reasoning = reply.reasoning.map(redactor.redact)
            reply.toolCalls = reply.toolCalls.map { call in
                ToolCall(
                    id: redactor.redact(call.id),
                    name: redactor.redact(call.name),
                    arguments: call.arguments.map(redactor.redact),
                    argumentsText: call.argumentsText.map(redactor.redact)
                )
            }
            if let content = reply.kept?.content { reply.kept?.content = content.map(redactor.redact) }
            reply.modelReturned = reply.modelReturned.map(redactor.redact)
            reply.pausedContent = reply.pausedContent.map(redactor.redact)
            return .success(reply)
        case .failure(var failure):
            // Words that were cut short or made plain may hold a key that can no longer be told.
            if isHidden {
                let status = status.map(String.init) ?? "-"
                failure.message = "HTTP \(status); the server's words are withheld: they held the key"
                failure.fingerprint = "\(failure.failureClass.rawValue) \(status)"
            }
            failure.message = redactor.redact(failure.message)
            failure.fingerprint = redactor.redact(failure.fingerprint)
            return .failure(failure)
        }
    }
}
