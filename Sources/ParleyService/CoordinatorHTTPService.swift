// The HTTP service beside a coordinator: API and dashboard on one address, with TLS where a certificate is given. It
// answers whether or not its coordinator leads: what it changes are calls of the database, which need no leader.

import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOSSL
import ParleyModel
public import ParleyPostgres
import ParleyQueue
public import ServiceLifecycle

/// Serves the API and the dashboard.
public struct CoordinatorHTTPService: Service {
    public struct Settings: Sendable {
        public var host: String
        /// 0 takes a free one.
        public var port: Int
        /// Paths of PEM files: the chain of certificates, and the key; nil for no TLS.
        public var certificate: String?
        public var key: String?
        /// How many requests of one token are answered for long.
        public var perMinute: Int

        public init(host: String, port: Int, certificate: String? = nil, key: String? = nil, perMinute: Int = 1200) {
            self.host = host
            self.port = port
            self.certificate = certificate
            self.key = key
            self.perMinute = perMinute
        }

        var isSecure: Bool { certificate != nil }
    }

    /// Connections that are open at a time; more wait to be accepted.
    private static let mostConnections = 1024

    /// Connections to the database, beside those of the coordinator's duties: callers must not keep it from renewing its
    /// lead.
    private static let databaseConnections = 4

    private let settings: Settings
    private let database: PostgresConfiguration
    private let logger: Logger
    private let onRunning: @Sendable (String) -> Void

    /// - Parameters:
    ///   - database: how the coordinator connects; parties' sessions go to the same server by their own logins
    ///   - onRunning: told the address when it listens
    public init(
        _ settings: Settings,
        database: PostgresConfiguration,
        logger: Logger,
        onRunning: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.settings = settings
        self.database = database
        self.logger = logger
        self.onRunning = onRunning
    }

    public func run() async throws {
        let pool = PostgresPool(database, maximum: Self.databaseConnections, logger: logger)
        do {
            try await serve(CoordinatorQueue(pool: pool, logger: logger))
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }

    private func serve(_ queue: CoordinatorQueue) async throws {
        let parties = PartyReaders(database: database, logger: logger)
        let router = serviceRouter(isSecure: settings.isSecure, perMinute: settings.perMinute * 5)
        ServiceAPI(queue: queue, parties: parties, perMinute: settings.perMinute).add(to: router)
        let dashboard = Dashboard(
            source: DashboardSource(queue: queue),
            access: TokenAccess(queue: queue),
            isSecure: settings.isSecure,
            logger: logger
        )
        dashboard.add(to: router)
        let (settings, onRunning) = (settings, onRunning)
        let application = Application(
            router: router,
            server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: .maximum(Self.mostConnections, logger: logger)
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                onRunning("\(settings.isSecure ? "https" : "http")://\(settings.host):\(port)")
            },
            logger: logger
        )
        do {
            try await application.run()
        } catch let error as IOError {
            await parties.close()
            throw ParleyFailure(
                .failure,
                "Nothing can listen on \(settings.host):\(settings.port): \(error)",
                remedy: "Choose another --http address, or end what listens there."
            )
        }
        await parties.close()
    }

    private func server() throws -> HTTPServerBuilder {
        let http = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(60)))
        guard let certificate = settings.certificate, let key = settings.key else { return http }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            let secret = try NIOSSLPrivateKey(file: key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(secret)
            )
            configuration.minimumTLSVersion = .tlsv12
            return try .tls(http, tlsConfiguration: configuration)
        } catch {
            throw ParleyFailure(
                .invalidInput,
                "The certificate \(certificate) and the key \(key) cannot be used: \(error)",
                remedy: "Both are PEM files, the server's own certificate first in its chain."
            )
        }
    }
}
