// A small real HTTP server that keeps what is posted to it, for whatever sends documents somewhere.

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Keeps the bodies of all requests; answers each with one status.
package final class HTTPReceiver: Sendable {
    /// One request.
    package struct Received: Sendable {
        package let path: String
        package let headers: [String: String]
        package let body: String
    }

    private let channel: any Channel
    private let kept: Kept
    package let port: Int

    /// What it was sent until now.
    package var received: [Received] { kept.all.withLock { $0 } }

    private init(_ channel: any Channel, _ kept: Kept, port: Int) {
        self.channel = channel
        self.kept = kept
        self.port = port
    }

    package static func start(status: Int = 200) async throws -> HTTPReceiver {
        let kept = Kept(status: status)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(kept))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return HTTPReceiver(channel, kept, port: channel.localAddress?.port ?? 0)
    }

    package func stop() async { try? await channel.close() }

    private final class Kept: Sendable {
        let status: Int
        let all = Mutex<[Received]>([])
        init(status: Int) { self.status = status }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let kept: Kept
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(_ kept: Kept) { self.kept = kept }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body.clear()
            case .body(var part): body.writeBuffer(&part)
            case .end:
                guard let head else { return }
                let headers = Dictionary(
                    head.headers.map { ($0.name.lowercased(), $0.value) },
                    uniquingKeysWith: { "\($0), \($1)" }
                )
                let request = Received(path: head.uri, headers: headers, body: String(buffer: body))
                kept.all.withLock { $0.append(request) }
                let answer = HTTPResponseHead(
                    version: .http1_1,
                    status: HTTPResponseStatus(statusCode: kept.status),
                    headers: ["content-length": "2", "content-type": "application/json"]
                )
                context.write(wrapOutboundOut(.head(answer)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{}")))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
