// Passes on the body of a program over the same transport, with the same redaction and the same reading of errors as any
// other call.

import ParleyModel

extension HTTPModelClient: PassingClient {
    var format: ProviderKind { model.provider }

    func pass(_ body: JSONValue, for request: GenerateRequest) async throws(ProbeFailure) -> PassedReply {
        let wire = PassedBody.build(body, for: request, model: model)
        let call = HTTPCall(
            method: .post,
            url: endpoint.generateURL,
            headers: endpoint.headers,
            body: Array(wire.body.canonical.utf8),
            timeout: .milliseconds(model.timeoutMilliseconds)
        )
        let answer = Answer(await transport.send(call), request: request, wire: wire, client: self)
        let said: WireReply
        do {
            said = try answer.reply()
        } catch {
            throw answer.failure(error, after: [])
        }
        let reply = Self.joined([(said, answer.exchange)])
        guard let body = Self.body(of: answer.exchange.response, model.provider) else {
            let failure = ProbeFailure(
                .malformedResponse,
                "\(model.provider.rawValue): the response cannot be passed on to the program",
                fingerprint: Fingerprint.text(model.provider, status: answer.exchange.status, "not_passed_on"),
                usage: reply.usageIsKnown ? reply.usage : nil
            )
            throw answer.failure(failure, after: [])
        }
        return PassedReply(status: answer.exchange.status ?? 200, body: body, reply: reply)
    }

    /// The message of a response; a stream, which we do not ask for, is put together.
    private static func body(of response: String, _ provider: ProviderKind) -> JSONValue? {
        if let json = try? JSONValue(parsing: response) { return json }
        let events = ServerEvent.parse(Array(response.utf8))
        return switch provider {
        case .openai: try? OpenAIStream.assemble(events)
        case .anthropic: try? AnthropicStream.assemble(events)
        }
    }
}
