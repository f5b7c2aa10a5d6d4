// The one place that speaks to AsyncHTTPClient. Thousands of calls are in flight as tasks on one client; a call ends
// with its response, with the time allowed, or with its task, whichever comes first, and frees its connection. It takes
// the library's delegates, not its async functions: those begin two tasks more and hold 7 kB of frames while they wait.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import ParleyModel

/// Makes calls over HTTP/1.1 and HTTP/2.
struct HTTPTransport: Sendable {
    /// What one client is made for; models that agree in it share connections.
    struct Settings: Hashable, Sendable {
        /// `http://[user:password@]host:port`.
        var proxy: String?
        /// PEM certificates to trust besides the system's.
        var certificateFile: String?
    }

    /// The most bytes of a response: far above any answer, far below a worker's memory.
    static let defaultBodyLimit = 32 << 20
    /// Connections to one host at a time. How many calls there are is the queue's decision: one that waits here would
    /// spend its time and its lease. The library's 8 would hold a worker to eight calls.
    private static let connectionLimit = 100_000
    private static let connectTimeout: TimeAmount = .seconds(10)
    /// Reasoning models stay silent for many minutes: this guards only what has no deadline of its own.
    private static let readTimeout: TimeAmount = .minutes(60)

    private let client: HTTPClient
    private let bodyLimit: Int

    /// Throws where the proxy or the certificate file is unusable.
    init(_ settings: Settings, bodyLimit: Int = defaultBodyLimit) throws(ParleyFailure) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let path = settings.certificateFile {
            tls.additionalTrustRoots = [.certificates(try Self.certificates(path))]
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: Self.connectTimeout, read: Self.readTimeout),
            connectionPool: .init(
                idleTimeout: .seconds(60),
                concurrentHTTP1ConnectionsPerHostSoftLimit: Self.connectionLimit
            ),
            proxy: try settings.proxy.map { text throws(ParleyFailure) in try Self.proxy(text) },
            decompression: .disabled
        )
        configuration.httpVersion = .automatic
        // The library would tell providers which calls belong together.
        configuration.tracing.tracer = nil
        // Whether and when to try again is the queue's decision.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.bodyLimit = bodyLimit
    }

    /// Closes all connections. A second call does nothing.
    func shutdown() async {
        // The only error says that the client is shut down already.
        try? await client.shutdown()
    }

    /// Closes all connections in the background: for an owner that is gone without its `shutdown`.
    func abandon() { _ = client.shutdown() }

    /// One call. It does not throw: what went wrong stands in the reception, with what came before it.
    func send(_ call: HTTPCall) async -> HTTPReception {
        let gathering = Gathering(bodyLimit: bodyLimit)
        let started = ContinuousClock.now
        let trouble = await carry(call, into: gathering)
        return gathering.reception(trouble, after: (ContinuousClock.now - started).wholeMicroseconds)
    }

    /// Carries a call through; answers why it is not whole.
    private func carry(_ call: HTTPCall, into gathering: Gathering) async -> TransportTrouble? {
        do {
            let task = try begin(call, gathering)
            try await withTaskCancellationHandler {
                try await task.get()
            } onCancel: {
                task.cancel()
            }
            return nil
        } catch {
            return Self.trouble(error, call, hasResponse: gathering.hasResponse)
        }
    }

    private func begin(_ call: HTTPCall, _ gathering: Gathering) throws -> HTTPClient.Task<Void> {
        var request = try HTTPClient.Request(url: call.url, method: HTTPMethod(rawValue: call.method.rawValue))
        for header in call.headers { request.headers.add(name: header.name, value: header.value) }
        if let body = call.body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        let deadline = NIODeadline.now() + .microseconds(call.timeout.wholeMicroseconds)
        return client.execute(request: request, delegate: gathering, deadline: deadline)
    }

    private static func trouble(_ error: any Error, _ call: HTTPCall, hasResponse: Bool) -> TransportTrouble {
        if Task.isCancelled { return .cancelled }
        if let error = error as? HTTPClientError, error == .deadlineExceeded { return .timeout(call.timeout) }
        if let error = error as? Gathering.TooLarge { return .tooLarge(error.limit) }
        return TransportTrouble(error, hasResponse: hasResponse)
    }

    private static func certificates(_ path: String) throws(ParleyFailure) -> [NIOSSLCertificate] {
        let certificates = try? NIOSSLCertificate.fromPEMFile(path)
        guard let certificates, !certificates.isEmpty else {
            throw ParleyFailure(
                .invalidInput,
                "the certificate_file \(path) cannot be read or holds no PEM certificate",
                remedy: "give a file with one or more '-----BEGIN CERTIFICATE-----' blocks that this user may read"
            )
        }
        return certificates
    }

    private static func proxy(_ text: String) throws(ParleyFailure) -> HTTPClient.Configuration.Proxy {
        guard let url = URLComponents(string: text), url.scheme?.lowercased() == "http", let host = url.host,
            !host.isEmpty, let port = url.port
        else {
            throw ParleyFailure(.invalidInput, "the proxy is no http address", remedy: "write it as http://host:port")
        }
        guard let user = url.user else { return .server(host: host, port: port) }
        let authorization = HTTPClient.Authorization.basic(username: user, password: url.password ?? "")
        return .server(host: host, port: port, authorization: authorization)
    }
}
