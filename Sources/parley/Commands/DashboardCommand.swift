// parley dashboard: the operators' pages, served by this process to one person.

import ArgumentParser
import Foundation
import Hummingbird
import Logging
import ParleyModel
import ParleyService
import ServiceLifecycle
import UnixSignals

struct DashboardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard",
        abstract: "Serve the operators' pages to a browser on this machine.",
        discussion: """
            Rounds with their pace and what holds them, accounts and their limits, workers, dead jobs with rulings, \
            findings, transcripts, the calendar. A token is made for this process and printed; the browser asks for \
            it. It listens on this machine only, without TLS: from elsewhere, come through ssh -L.

            Examples:
              parley dashboard
              parley dashboard --port 9000 --read-only
              PARLEY_DASHBOARD_TOKEN=... parley dashboard
            """
    )

    @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "number"))
    var port = 8787
    @Flag(help: "Nothing can be paused, resumed or ruled.")
    var readOnly = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if !(0...65_535).contains(port) { throw ValidationError("--port takes 0 to 65535") }
    }

    func run() async throws {
        let logger = log.logger("parley.dashboard")
        try await database.open(logger: logger).use { session in
            let given = ProcessInfo.processInfo.environment["PARLEY_DASHBOARD_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
            let token = given ?? Self.newToken()
            let dashboard = Dashboard(
                source: DashboardSource(queue: session.queue),
                access: OneToken(token, owner: DashboardViewer(name: Session.person, canControl: !readOnly)),
                isSecure: false,
                logger: logger
            )
            let router = serviceRouter()
            dashboard.add(to: router)
            let application = Application(
                router: router,
                configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
                onServerRunning: { channel in
                    let port = channel.localAddress?.port ?? 0
                    Console.error("http://127.0.0.1:\(port)/dashboard" + (given == nil ? "  token: \(token)" : ""))
                },
                logger: logger
            )
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: application)],
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger
                )
            )
            try await group.run()
        }
    }

    /// 256 bits in hexadecimal.
    private static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
