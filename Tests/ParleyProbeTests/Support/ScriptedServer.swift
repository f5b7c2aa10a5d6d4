// A small HTTP server on SwiftNIO for the tests of clients: it listens on 127.0.0.1, answers from a script, one entry
// a request, and tells which requests came. It hangs, cuts connections and speaks TLS or CONNECT where told to.

import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A request as the server saw it.
struct RecordedRequest: Sendable {
    var method: String
    var uri: String
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// What the server does with one request.
enum ScriptedAnswer: Sendable {
    case respond(status: Int, headers: [String: String] = [:], body: String)
    case respondBytes([UInt8])
    /// Never answers.
    case hang
    /// Answers with the head, promises more than it sends, and closes the connection.
    case cut(status: Int = 200, headers: [String: String] = [:], body: String)
    /// Answers with the head, promises more than it sends, and says no more.
    case stall(body: String)
    /// Decides by the request.
    case compute(@Sendable (RecordedRequest) -> ScriptedAnswer)
}

/// An HTTP server that follows a script.
final class ScriptedServer: Sendable {
    private let script: Script
    private let channel: any Channel
    let port: Int

    private init(script: Script, channel: any Channel, port: Int) {
        self.script = script
        self.channel = channel
        self.port = port
    }

    /// Runs `body` against a server that gives these answers in turn, the last one again and again.
    static func run<Result>(
        _ answers: [ScriptedAnswer],
        tls: NIOSSLContext? = nil,
        isProxy: Bool = false,
        _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let script = Script(answers)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    if isProxy {
                        try pipeline.addHandler(ConnectHandler(script: script))
                    } else {
                        try pipeline.configureHTTPServerPipeline()
                        try pipeline.addHandler(ScriptHandler(script: script))
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ScriptedServer(script: script, channel: channel, port: channel.localAddress?.port ?? 0)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [RecordedRequest] { script.requests }

    /// Waits for the next request to arrive.
    func nextArrival() async {
        for await _ in script.arrivals { return }
    }

    /// Waits for a client to close a connection.
    func nextClose() async {
        for await _ in script.closes { return }
    }
}

/// The answers to come and the requests that came.
final class Script: Sendable {
    private struct State {
        var answers: [ScriptedAnswer]
        var requests: [RecordedRequest] = []
    }

    private let state: Mutex<State>
    let arrivals: AsyncStream<Void>
    let closes: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation
    private let closed: AsyncStream<Void>.Continuation

    init(_ answers: [ScriptedAnswer]) {
        state = Mutex(State(answers: answers))
        (arrivals, arrived) = AsyncStream.makeStream()
        (closes, closed) = AsyncStream.makeStream()
    }

    var requests: [RecordedRequest] { state.withLock { $0.requests } }

    func answer(to request: RecordedRequest) -> ScriptedAnswer {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first ?? .hang
        }
        arrived.yield()
        if case .compute(let decide) = answer { return decide(request) }
        return answer
    }

    func connectionClosed() { closed.yield() }
}
