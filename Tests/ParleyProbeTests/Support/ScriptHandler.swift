// The channel handlers of the scripted server: one answers HTTP requests, one plays an HTTP proxy that is asked to
// CONNECT and then answers in the origin's place.

import NIOCore
import NIOHTTP1

/// Answers each request from the script.
final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let script: Script
    private var current: RecordedRequest?

    init(script: Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let headers = Dictionary(
                head.headers.map { ($0.name.lowercased(), $0.value) },
                uniquingKeysWith: { first, _ in first }
            )
            current = RecordedRequest(method: head.method.rawValue, uri: head.uri, headers: headers, body: [])
        case .body(let part): current?.body += Array(part.readableBytesView)
        case .end:
            guard let request = current else { return }
            current = nil
            follow(script.answer(to: request), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        script.connectionClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func follow(_ answer: ScriptedAnswer, _ context: ChannelHandlerContext) {
        switch answer {
        case .hang, .compute: return
        case .respond(let status, let headers, let body):
            send(status, headers, Array(body.utf8), promised: body.utf8.count, context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .respondBytes(let bytes):
            send(200, [:], bytes, promised: bytes.count, context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .cut(let status, let headers, let body):
            send(status, headers, Array(body.utf8), promised: body.utf8.count + 1000, context)
            context.close(promise: nil)
        case .stall(let body): send(200, [:], Array(body.utf8), promised: body.utf8.count + 1000, context)
        }
    }

    private func send(
        _ status: Int,
        _ headers: [String: String],
        _ body: [UInt8],
        promised: Int,
        _ context: ChannelHandlerContext
    ) {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status))
        for (name, value) in headers { head.headers.add(name: name, value: value) }
        head.headers.replaceOrAdd(name: "content-length", value: String(promised))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
    }
}

/// Takes a CONNECT, records it, and hands the connection to the script.
final class ConnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: Script
    private var head = ""

    init(script: Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        head += String(buffer: unwrapInboundIn(data))
        guard head.hasSuffix("\r\n\r\n") else { return }
        let words = head.split(separator: " ")
        let request = RecordedRequest(method: String(words[0]), uri: String(words[1]), headers: [:], body: [])
        guard case .respond = script.answer(to: request) else { return }
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline()
            try pipeline.addHandler(ScriptHandler(script: script))
        } catch {
            context.close(promise: nil)
            return
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n")), promise: nil)
        leave(context)
    }

    private func leave(_ context: ChannelHandlerContext) {
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
