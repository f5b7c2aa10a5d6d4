// One connection of the endpoint: collects a request, has it answered in a task, writes the answer. NIO's pipeline
// handler holds the next request back until then. A client that goes away does not stop its call: what the call uses is
// charged, and therefore waited for.

import NIOCore
import NIOHTTP1
import ParleyModel

final class EndpointHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let endpoint: ModelEndpoint
    private var head: HTTPRequestHead?
    /// nil once the body is too large.
    private var body: [UInt8]? = []

    init(_ endpoint: ModelEndpoint) { self.endpoint = endpoint }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
                    promise: nil
                )
            }
        case .body(let part):
            guard let count = body?.count, count + part.readableBytes <= ModelEndpoint.bodyLimit else {
                body = nil
                return
            }
            body?.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            self.head = nil
            Self.answer(head, body, from: endpoint, on: context.channel)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private static func answer(
        _ head: HTTPRequestHead,
        _ body: [UInt8]?,
        from endpoint: ModelEndpoint,
        on channel: any Channel
    ) {
        Task {
            let reply = await endpoint.respond(to: head, body: body)
            write(reply, to: channel, head)
        }
    }

    private static func write(_ reply: EndpointReply, to channel: any Channel, _ request: HTTPRequestHead) {
        let format: ProviderKind = request.uri.hasPrefix("/v1/messages") ? .anthropic : .openai
        let text = reply.isStreamed ? OneEventStream.text(of: reply.body, format) : reply.body.canonical
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status))
        head.headers.add(name: "content-type", value: reply.isStreamed ? "text/event-stream" : "application/json")
        head.headers.add(name: "content-length", value: String(text.utf8.count))
        if !request.isKeepAlive { head.headers.add(name: "connection", value: "close") }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
        let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !request.isKeepAlive { written.whenComplete { _ in channel.close(promise: nil) } }
    }
}
