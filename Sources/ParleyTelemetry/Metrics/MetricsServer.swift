// The listener of a daemon's metrics: `GET /metrics` and `GET /healthz`, nothing else. It reads no body, keeps no
// connection, and closes one that is silent, so that whoever reaches it can ask and do no more.

public import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
public import ServiceLifecycle

/// Serves a registry over HTTP until the graceful shutdown.
public struct MetricsServer: Service {
    private static let silence = TimeAmount.seconds(10)

    private let registry: MetricRegistry
    private let address: ListenAddress
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// - Parameter onListening: called with the port, which the system chose where 0 was asked for
    public init(
        _ registry: MetricRegistry,
        at address: ListenAddress,
        logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.registry = registry
        self.address = address
        self.logger = logger
        self.onListening = onListening
    }

    public func run() async throws {
        let registry = registry
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(allTimeout: Self.silence))
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(MetricsHandler(registry))
                }
            }
            .bind(host: address.host, port: address.port).get()
        let port = channel.localAddress?.port ?? address.port
        logger.info("metrics are served", metadata: ["host": "\(address.host)", "port": "\(port)"])
        onListening(port)
        try? await gracefulShutdown()
        try? await channel.close()
    }
}

/// Where to listen.
public struct ListenAddress: Hashable, Sendable {
    public var host: String
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `HOST:PORT`, `[IPv6]:PORT`, or a port alone, which is then open to this machine only.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let last = parts.last, let port = UInt16(last) else { return nil }
        var host = parts.dropLast().joined(separator: ":")
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        self.init(host: host.isEmpty ? "127.0.0.1" : host, port: Int(port))
    }
}

private final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let registry: MetricRegistry
    private var head: HTTPRequestHead?

    init(_ registry: MetricRegistry) { self.registry = registry }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            let channel = context.channel
            let registry = registry
            Task { await MetricsHandler.answer(head, on: channel, registry) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private static func answer(_ request: HTTPRequestHead, on channel: any Channel, _ registry: MetricRegistry) async {
        let path = request.uri.prefix { $0 != "?" }
        var (status, text) = (HTTPResponseStatus.ok, "ok\n")
        if request.method != .GET && request.method != .HEAD {
            (status, text) = (.methodNotAllowed, "Only GET is served here.\n")
        } else if path == "/metrics" {
            text = await registry.text()
        } else if path != "/healthz" {
            (status, text) = (.notFound, "There are /metrics and /healthz.\n")
        }
        let body = ByteBuffer(string: text)
        let headers: HTTPHeaders = [
            "content-type": MetricRegistry.contentType, "content-length": "\(body.readableBytes)",
            "connection": "close",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if request.method != .HEAD { channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil) }
        try? await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        try? await channel.close()
    }
}
