// The one place that speaks to AsyncHTTPClient. Thousands of calls are in flight as tasks on one client; a call ends
// with its response, with the time allowed, or with its task, whichever comes first, and frees its connection. While it
// waits for the response's head, which is where nearly all of its time goes, it is one task and no more.

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
        let started = ContinuousClock.now
        var reception = HTTPReception(startedAtMicros: Int64((Date().timeIntervalSince1970 * 1e6).rounded()))
        do {
            // The library's deadline ends with the response's head.
            let response = try await client.execute(
                Self.request(call),
                deadline: .now() + .microseconds(call.timeout.wholeMicroseconds)
            )
            reception.status = Int(response.status.code)
            reception.headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
            let left = max(call.timeout - (ContinuousClock.now - started), .zero)
            let body = await body(of: response, within: left)
            reception.body = body.bytes
            reception.trouble = body.isLate ? .timeout(call.timeout) : body.trouble
        } catch let error as HTTPClientError where error == .deadlineExceeded && !Task.isCancelled {
            reception.trouble = .timeout(call.timeout)
        } catch {
            reception.trouble = Task.isCancelled ? .cancelled : TransportTrouble(error, hasResponse: false)
        }
        reception.durationMicros = (ContinuousClock.now - started).wholeMicroseconds
        return reception
    }

    private static func request(_ call: HTTPCall) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: call.url)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        for header in call.headers { request.headers.add(name: header.name, value: header.value) }
        if let body = call.body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        return request
    }

    /// A body, or what of it came.
    private struct Body {
        var bytes: [UInt8] = []
        /// Why it is not whole; nil where it is.
        var trouble: TransportTrouble?
        var isLate = false
    }

    /// The timer is the event loop's, which forgets one that is cancelled; `Task.sleep` would keep it until its time.
    private func body(of response: HTTPClientResponse, within time: Duration) async -> Body {
        let reading = Task.immediate { await receive(response.body) }
        let timer = client.eventLoopGroup.any().scheduleTask(in: .microseconds(time.wholeMicroseconds)) {
            reading.cancel()
        }
        defer { timer.cancel() }
        var body = await withTaskCancellationHandler {
            await reading.value
        } onCancel: {
            reading.cancel()
        }
        body.isLate = body.trouble == .cancelled && !Task.isCancelled
        return body
    }

    private func receive(_ parts: HTTPClientResponse.Body) async -> Body {
        var body = Body()
        do {
            for try await part in parts {
                guard body.bytes.count + part.readableBytes <= bodyLimit else {
                    body.trouble = .tooLarge(bodyLimit)
                    return body
                }
                body.bytes += part.readableBytesView
            }
            // A body that ends because the task was cancelled is not whole.
            if Task.isCancelled { body.trouble = .cancelled }
        } catch {
            body.trouble = Task.isCancelled ? .cancelled : TransportTrouble(error, hasResponse: true)
        }
        return body
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
