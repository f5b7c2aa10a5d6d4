// Where a coordinator answers over HTTP, and with which certificate.

import ArgumentParser
import Logging
import ParleyModel
import ParleyService

struct ServiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Answer operators and parties over HTTP here (API under /v1, pages under /dashboard); port 0 takes a free one.",
            valueName: "host:port"
        )
    )
    var http: String?
    @Option(help: ArgumentHelp("Chain of certificates for TLS, PEM.", valueName: "file"))
    var tlsCertificate: String?
    @Option(help: ArgumentHelp("Private key of the certificate, PEM.", valueName: "file"))
    var tlsKey: String?
    @Option(help: ArgumentHelp("Requests that one token may make in a minute.", valueName: "count"))
    var requestsPerMinute = 1200

    func validate() throws {
        _ = try address()
        if (tlsCertificate == nil) != (tlsKey == nil) {
            throw ValidationError("--tls-certificate and --tls-key belong together")
        }
        if http == nil, tlsKey != nil { throw ValidationError("--tls-certificate needs --http HOST:PORT") }
        if !(1...1_000_000).contains(requestsPerMinute) {
            throw ValidationError("--requests-per-minute takes 1 to 1000000")
        }
    }

    /// The service; nil where none was asked for.
    func service(_ session: Session, log: LogOptions, logger: Logger) throws -> CoordinatorHTTPService? {
        guard let (host, port) = try address() else { return nil }
        if tlsKey == nil, !["127.0.0.1", "::1", "localhost"].contains(host) {
            logger.warning("tokens travel in the clear: give --tls-certificate, or put a proxy with TLS before this")
        }
        return CoordinatorHTTPService(
            CoordinatorHTTPService.Settings(
                host: host,
                port: port,
                certificate: tlsCertificate,
                key: tlsKey,
                perMinute: requestsPerMinute
            ),
            database: session.coordinator,
            logger: logger,
            onRunning: { log.announce("Listening on \($0)", logger) }
        )
    }

    private func address() throws -> (host: String, port: Int)? {
        guard let http else { return nil }
        guard let colon = http.lastIndex(of: ":"), let port = Int(http[http.index(after: colon)...]),
            (0...65_535).contains(port), colon > http.startIndex
        else { throw ValidationError("--http takes HOST:PORT, such as 127.0.0.1:8080") }
        return (http[..<colon].filter { $0 != "[" && $0 != "]" }, port)
    }
}
