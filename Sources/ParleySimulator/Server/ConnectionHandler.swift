// One connection. It reads requests, answers them one after the other in the order in which they came (a client may
// send the next before it has the answer), and writes each response as one buffer.
//
// States: idle → (request complete) busy → (response written) idle, or closed. While it is busy, complete requests
// wait in `waiting`, of which there is a most. All of it runs on the channel's event loop.

import NIOCore
import NIOHTTP1
import ParleyModel

final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private struct Incoming {
        var head: HTTPRequestHead
        var body: ByteBuffer?
        var isTooLarge = false
    }

    private static let mostWaiting = 64

    private let core: SimulatorCore
    private var reading: Incoming?
    private var waiting: [Incoming] = []
    private var isBusy = false
    private var current: Call?
    private var timer: Scheduled<Void>?
    private var body = ByteBuffer()
    private var out = ByteBuffer()

    init(_ core: SimulatorCore) { self.core = core }

    // MARK: - Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reading = Incoming(head: head)
            if !isBusy, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")),
                    promise: nil
                )
            }
        case .body(var part):
            append(&part)
        case .end:
            guard let incoming = reading else { return }
            reading = nil
            if !isBusy {
                handle(context, incoming)
            } else if waiting.count < Self.mostWaiting {
                waiting.append(incoming)
            } else {
                context.close(promise: nil)
            }
        }
    }

    /// Keeps a part of a body; one that grows too large is read to its end and thrown away.
    private func append(_ part: inout ByteBuffer) {
        guard reading?.isTooLarge == false else { return }
        let length = (reading?.body?.readableBytes ?? 0) + part.readableBytes
        if length > core.scenario.configuration.maxBodyBytes {
            reading?.isTooLarge = true
            reading?.body = nil
        } else if reading?.body == nil {
            reading?.body = part
        } else {
            reading?.body?.writeBuffer(&part)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        waiting = []
        endCall(isSent: false)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError, !isBusy {
            core.countRejected()
            let problem = WireProblem(status: 400, message: "The request is not valid HTTP.")
            reject(context, ErrorReply(problem), .openai, keepsAlive: false)
        } else {
            context.close(promise: nil)
        }
    }

    // MARK: - Answering

    private func handle(_ context: ChannelHandlerContext, _ incoming: Incoming) {
        isBusy = true
        let keepsAlive = incoming.head.isKeepAlive
        let head = incoming.head
        let route = Route(head.method, head.uri)
        switch route {
        case .call(let format, let model): handleCall(context, incoming, format, model)
        case .health: answer(context, ["status": "ok"], keepsAlive)
        case .statistics: answer(context, core.statistics.json, keepsAlive)
        case .models: answer(context, ModelList.json(core.scenario.configuration), keepsAlive)
        case .control:
            do throws(WireProblem) {
                answer(context, try Control.apply(bytes(of: incoming), to: core), keepsAlive)
            } catch {
                reject(context, ErrorReply(error), .openai, keepsAlive: keepsAlive)
            }
        case .wrongMethod(let format):
            reject(context, .wrongMethod(format, head.method.rawValue), format, keepsAlive: keepsAlive)
        case .notFound(let format):
            reject(context, .notFound(format, head.method.rawValue, head.uri), format, keepsAlive: keepsAlive)
        }
    }

    private func handleCall(
        _ context: ChannelHandlerContext,
        _ incoming: Incoming,
        _ format: ProviderKind,
        _ pathModel: String?
    ) {
        let scenario = core.scenario
        let keepsAlive = incoming.head.isKeepAlive
        let refuse = { (reply: ErrorReply) in self.reject(context, reply, format, keepsAlive: keepsAlive) }
        if incoming.isTooLarge { return refuse(.tooLarge(format)) }
        if let key = scenario.configuration.apiKey, !Self.admits(incoming.head.headers, format, key) {
            return refuse(.unauthorized(format))
        }
        do throws(WireProblem) {
            let request = try ChatRequest(format, parsing: bytes(of: incoming))
            let model = pathModel ?? request.model
            guard let role = scenario.role(of: model) else { return refuse(.unknownModel(format, model)) }
            let decision = core.begin(request, model: model, as: role, in: scenario)
            current = Call(
                request: request,
                model: model,
                decision: decision,
                behaviour: role.behaviour,
                keepsAlive: keepsAlive,
                takesChunks: incoming.head.version == .http1_1
            )
            if decision.latencyMicroseconds == 0 {
                perform(context)
            } else {
                after(.microseconds(Int64(decision.latencyMicroseconds)), context) { $0.perform($1) }
            }
        } catch {
            refuse(ErrorReply(error))
        }
    }

    private static func admits(_ headers: HTTPHeaders, _ format: ProviderKind, _ key: String) -> Bool {
        switch format {
        case .openai: headers.first(name: "authorization") == "Bearer \(key)"
        case .anthropic: headers.first(name: "x-api-key") == key
        }
    }

    private func bytes(of incoming: Incoming) -> [UInt8] { incoming.body.map { Array($0.readableBytesView) } ?? [] }

    /// Sends the answer of the current call, in the way that was decided.
    private func perform(_ context: ChannelHandlerContext) {
        guard let call = current else { return }
        body.clear()
        out.clear()
        let response = call.response(body: &body, out: &out)
        current?.tokens = response.tokens
        switch response.delivery {
        case .whole: finish(context, response.bytes, keepsAlive: call.keepsAlive && call.isKeptByStream)
        case .hang: break
        case .disconnect:
            endCall(isSent: true)
            context.close(promise: nil)
        case .cut(let length):
            finish(context, response.bytes.getSlice(at: 0, length: length) ?? response.bytes, keepsAlive: false)
        case .slow(let pieces): sendSlowly(context, response.bytes, pieces: pieces)
        }
    }

    private func sendSlowly(_ context: ChannelHandlerContext, _ bytes: ByteBuffer, pieces: Int) {
        var rest = bytes
        guard pieces > 1, let piece = rest.readSlice(length: rest.readableBytes / pieces) else {
            return finish(context, bytes, keepsAlive: current?.keepsAlive == true)
        }
        context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
        let pause = TimeAmount.milliseconds(Int64(core.scenario.configuration.slowBodyPauseMilliseconds))
        after(pause, context) { [rest] in $0.sendSlowly($1, rest, pieces: pieces - 1) }
    }

    /// Does something later on this connection, unless it closes first.
    private func after(
        _ delay: TimeAmount,
        _ context: ChannelHandlerContext,
        _ work: @escaping (ConnectionHandler, ChannelHandlerContext) -> Void
    ) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in
            timer = nil
            work(self, context)
        }
    }

    // MARK: - Writing

    private func answer(_ context: ChannelHandlerContext, _ value: JSONValue, _ keepsAlive: Bool) {
        out.clear()
        let text = ByteBuffer(string: value.canonical)
        Response.whole(status: 200, keepsAlive: keepsAlive, body: text, into: &out)
        finish(context, out, keepsAlive: keepsAlive)
    }

    private func reject(
        _ context: ChannelHandlerContext,
        _ reply: ErrorReply,
        _ format: ProviderKind,
        keepsAlive: Bool
    ) {
        core.countRejected()
        body.clear()
        out.clear()
        reply.write(format, identity: 0, into: &body)
        Response.whole(status: reply.status, keepsAlive: keepsAlive, body: body, into: &out) {
            Response.requestID(0, format, into: &$0)
        }
        finish(context, out, keepsAlive: keepsAlive)
    }

    /// Writes the last bytes of an answer, and goes on to the next request or closes. The call is counted before
    /// its last byte leaves, so that a client that has its answer finds it in the statistics.
    private func finish(_ context: ChannelHandlerContext, _ bytes: ByteBuffer, keepsAlive: Bool) {
        endCall(isSent: true)
        guard keepsAlive else {
            context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
            return
        }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        isBusy = false
        if !waiting.isEmpty { handle(context, waiting.removeFirst()) }
    }

    private func endCall(isSent: Bool) {
        guard let call = current else { return }
        current = nil
        core.end(call.decision, model: call.model, isSent: isSent, tokens: call.tokens)
    }
}
