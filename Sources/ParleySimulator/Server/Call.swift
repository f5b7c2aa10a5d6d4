// A call between its decision and its answer, and the bytes of that answer.

import NIOCore
import ParleyModel

struct Call {
    var request: ChatRequest
    /// The model that is played: the path's, else the request's.
    var model: String
    var decision: Decision
    var behaviour: ModelBehaviour
    var keepsAlive: Bool
    /// Whether the client knows chunked bodies (HTTP/1.1).
    var takesChunks: Bool
    /// What its answer counts; nil until there is one.
    var tokens: Response.Tokens?

    /// Whether the connection may stay open after the answer: a stream without chunks ends by closing.
    var isKeptByStream: Bool { takesChunks || !request.isStreamed }

    /// Writes the response. `body` and `out` are empty buffers whose memory is used again from call to call.
    func response(body: inout ByteBuffer, out: inout ByteBuffer) -> Response {
        if let fault = decision.fault, let response = failure(fault, body: &body, out: &out) { return response }
        var tokens: Response.Tokens?
        switch (decision.content, request.format) {
        case (.tooLong(let limit), let format):
            error(.tooLong(format, tokens: decision.promptTokens, limit: limit), body: &body, out: &out)
        case (.filtered, .anthropic): error(.filtered, body: &body, out: &out)
        default:
            let reply = Reply(decision, to: request, as: behaviour)
            tokens = Response.Tokens(input: reply.promptTokens, output: reply.outputTokens)
            if request.isStreamed {
                stream(reply, .none, out: &out)
            } else {
                whole(reply, isMalformed: false, body: &body, out: &out)
            }
        }
        if decision.fault == .slowBody { return Response(bytes: out, delivery: .slow(pieces: 4), tokens: tokens) }
        if decision.fault == .disconnectMidBody {
            // Past the head, and short of the end by half of the body.
            let bodyStart = Self.bodyStart(of: out)
            return Response(bytes: out, delivery: .cut(after: bodyStart + (out.readableBytes - bodyStart) / 2))
        }
        return Response(bytes: out, tokens: tokens)
    }

    /// The response of a fault; nil where the proper answer is sent, whole or in part.
    private func failure(_ fault: FaultKind, body: inout ByteBuffer, out: inout ByteBuffer) -> Response? {
        let format = request.format
        let reply = Reply(decision, to: request, as: behaviour)
        switch fault {
        case .rateLimit: error(.rateLimit(format), advice: behaviour.retryAdvice, body: &body, out: &out)
        case .quotaFinished: error(.quotaFinished(format), body: &body, out: &out)
        case .overloaded: error(.overloaded(format), body: &body, out: &out)
        case .serverError: error(.serverError(format), body: &body, out: &out)
        case .badGateway: gateway(body: &body, out: &out)
        case .disconnect: return Response(bytes: out, delivery: .disconnect)
        case .hang: return Response(bytes: out, delivery: .hang)
        case .malformedJSON where request.isStreamed: stream(reply, .malformed, out: &out)
        case .malformedJSON: whole(reply, isMalformed: true, body: &body, out: &out)
        case .truncatedStream where request.isStreamed: stream(reply, .truncated, out: &out)
        case .truncatedStream:
            whole(reply, isMalformed: false, body: &body, out: &out)
            return Response(bytes: out, delivery: .cut(after: out.readableBytes - body.readableBytes / 2))
        case .streamOverload where request.isStreamed: stream(reply, .overload, out: &out)
        case .streamOverload: error(.overloaded(format), body: &body, out: &out)
        case .disconnectMidBody, .slowBody: return nil
        }
        return Response(bytes: out)
    }

    private func whole(_ reply: Reply, isMalformed: Bool, body: inout ByteBuffer, out: inout ByteBuffer) {
        switch request.format {
        case .openai: reply.writeOpenAI(into: &body)
        case .anthropic: reply.writeAnthropic(into: &body)
        }
        if isMalformed { body.moveWriterIndex(to: body.readerIndex + body.readableBytes * 2 / 3) }
        Response.whole(status: 200, keepsAlive: keepsAlive, body: body, into: &out) {
            Response.requestID(decision.identity, request.format, into: &$0)
        }
    }

    private func stream(_ reply: Reply, _ fault: StreamFault, out: inout ByteBuffer) {
        let isChunked = takesChunks
        Response.streamHead(
            keepsAlive: keepsAlive && isChunked,
            isChunked: isChunked,
            identity: decision.identity,
            into: &out
        )
        var stream = EventStream(out, isChunked: isChunked)
        switch request.format {
        case .openai: reply.streamOpenAI(into: &stream, fault: fault, includesUsage: request.wantsUsage)
        case .anthropic: reply.streamAnthropic(into: &stream, fault: fault)
        }
        stream.finish()
        out = stream.buffer
    }

    private func error(
        _ reply: ErrorReply,
        advice: RetryAdvice? = nil,
        body: inout ByteBuffer,
        out: inout ByteBuffer
    ) {
        reply.write(request.format, identity: decision.identity, into: &body)
        Response.whole(status: reply.status, keepsAlive: keepsAlive, body: body, into: &out) { buffer in
            Response.requestID(decision.identity, request.format, into: &buffer)
            if let advice { RetryHeaders.write(advice, request.format, into: &buffer) }
        }
    }

    private func gateway(body: inout ByteBuffer, out: inout ByteBuffer) {
        body.writeStaticString("<html><head><title>502 Bad Gateway</title></head>")
        body.writeStaticString("<body><h1>502 Bad Gateway</h1></body></html>\n")
        Response.whole(status: 502, contentType: "text/html", keepsAlive: keepsAlive, body: body, into: &out)
    }

    private static func bodyStart(of buffer: ByteBuffer) -> Int {
        let bytes = buffer.readableBytesView
        var matched = 0
        let mark: [UInt8] = [13, 10, 13, 10]
        for (offset, byte) in bytes.enumerated() {
            matched = byte == mark[matched] ? matched + 1 : byte == 13 ? 1 : 0
            if matched == mark.count { return offset + 1 }
        }
        return 0
    }
}
