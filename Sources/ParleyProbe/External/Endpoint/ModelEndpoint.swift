// The models of a round as a local HTTP server, for external programs: one listener on 127.0.0.1 for all attempts of a
// worker, told apart by their tokens. It holds no key and knows no provider.
//
//     POST /v1/chat/completions   POST /v1/messages   GET /v1/models

import NIOCore
import NIOHTTP1
import NIOPosix
import ParleyModel

/// The server; it listens from the first attempt on.
actor ModelEndpoint {
    /// The most bytes of a request.
    static let bodyLimit = 16 << 20

    private var sessions: [String: EndpointSession] = [:]
    private var starting: Task<any Channel, any Error>?

    /// Takes a session in; the server's address, without a path.
    func open(_ session: EndpointSession) async throws -> String {
        sessions[session.token] = session
        let start = starting ?? Task { try await Self.listen(self) }
        starting = start
        do {
            return "http://127.0.0.1:\(try await start.value.localAddress?.port ?? 0)"
        } catch {
            starting = nil
            sessions[session.token] = nil
            throw error
        }
    }

    /// Forgets a session: its token is worth nothing from now on.
    func forget(_ session: EndpointSession) { sessions[session.token] = nil }

    /// Closes the listener.
    func shutdown() async {
        sessions = [:]
        let start = starting
        starting = nil
        try? await start?.value.close()
    }

    /// Answers a request.
    func respond(to head: HTTPRequestHead, body: [UInt8]?) async -> EndpointReply {
        let path = head.uri.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
        let format: ProviderKind = path == "/v1/messages" ? .anthropic : .openai
        do throws(EndpointError) {
            guard let session = Self.token(in: head.headers).flatMap({ sessions[$0] }) else { throw .unauthorized }
            switch (head.method, path) {
            case (.POST, "/v1/chat/completions"), (.POST, "/v1/messages"):
                guard let body else { throw .tooLarge }
                guard let json = try? JSONValue(parsing: body), json.object != nil else {
                    throw .invalid("The body is no JSON object.")
                }
                return await session.answer(json, format)
            case (.GET, "/v1/models"):
                let models = session.names.map { ["id": .string($0), "object": "model"] as JSONValue }
                return EndpointReply(status: 200, body: ["object": "list", "data": .array(models)])
            default:
                throw .notFound("There is no \(head.method.rawValue) \(path.prefix(100)) here.")
            }
        } catch {
            return EndpointReply(status: error.status, body: error.body(format))
        }
    }

    private static func token(in headers: HTTPHeaders) -> String? {
        if let key = headers.first(name: "x-api-key") { return key }
        guard let value = headers.first(name: "authorization"), value.lowercased().hasPrefix("bearer ") else {
            return nil
        }
        return String(value.dropFirst("bearer ".count))
    }

    private static func listen(_ endpoint: ModelEndpoint) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(EndpointHandler(endpoint))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }
}
