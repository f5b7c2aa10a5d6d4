// The dashboard's routes: who comes without a token is asked for one, everybody else gets the page. What a page answers
// is said here once: the policy that lets nothing run but the service's own script, and never a cached copy.

import Foundation
public import Hummingbird
public import Logging
import ParleyModel
import ParleyQueue
import ParleyReport

/// The operators' pages.
public struct Dashboard: Sendable {
    static let cookie = "parley"

    let source: DashboardSource
    let access: any DashboardAccess
    /// Whether browsers come by TLS: then they send the token by nothing else.
    let isSecure: Bool
    let logger: Logger
    let doors = Doors()

    public init(source: DashboardSource, access: any DashboardAccess, isSecure: Bool, logger: Logger) {
        self.source = source
        self.access = access
        self.isSecure = isSecure
        self.logger = logger
    }

    /// Adds all routes.
    public func add<Context: RequestContext>(to router: Router<Context>) {
        addFiles(to: router)
        addSignIn(to: router)
        addPages(to: router)
        addForms(to: router)
    }

    private func addFiles<Context: RequestContext>(to router: Router<Context>) {
        router.get("dashboard/style.css") { _, _ in
            respond(.ok, DashboardAssets.style, type: "text/css; charset=utf-8")
        }
        router.get("dashboard/live.js") { _, _ in
            respond(.ok, DashboardAssets.script, type: "text/javascript; charset=utf-8")
        }
        router.get("dashboard/live") { request, _ in try await live(request) }
    }

    private func addPages<Context: RequestContext>(to router: Router<Context>) {
        router.get("dashboard") { request, _ in
            await page(request) { $0.overview(try await source.house()) }
        }
        router.get("dashboard/workers") { request, _ in
            await page(request) { $0.workers(try await source.house().workers) }
        }
        router.get("dashboard/limits") { request, _ in
            await page(request) {
                let (limits, courses) = try await source.limits()
                return $0.limits(limits, courses: courses)
            }
        }
        router.get("dashboard/calendar") { request, _ in
            await page(request) { $0.calendar(try await source.windows()) }
        }
        router.get("dashboard/rounds/:round") { request, context in
            let name = context.parameters.get("round") ?? ""
            return await page(request) { $0.round(try await source.round(source.record(name))) }
        }
        router.get("dashboard/rounds/:round/findings") { request, context in
            let name = context.parameters.get("round") ?? ""
            return await page(request) { $0.findings(try await source.findings(source.record(name))) }
        }
        router.get("dashboard/rounds/:round/dead") { request, context in
            let name = context.parameters.get("round") ?? ""
            return await page(request) {
                let record = try await source.record(name)
                return $0.dead(record.name, try await source.dead(record))
            }
        }
        router.get("dashboard/rounds/:round/cells/:suite/:configuration") { request, context in
            let name = { context.parameters.get($0) ?? "" }
            let query = request.uri.queryParameters
            return await page(request) {
                let view = try await source.cell(
                    source.record(name("round")),
                    Cell(suite: SuiteName(name("suite")), configuration: ConfigurationName(name("configuration"))),
                    kind: query["kind"].flatMap { OutcomeKind(name: String($0)) },
                    after: query["after"].flatMap { Int64($0) }.map { JobID($0) }
                )
                return $0.cell(view)
            }
        }
        router.get("dashboard/jobs/:job") { request, context in
            let number = context.parameters.get("job").flatMap { Int64($0) } ?? -1
            return await page(request) { $0.job(try await source.job(JobID(number))) }
        }
    }

    // MARK: Answers

    /// The page for whoever holds the token; others are asked for theirs.
    func page(_ request: Request, _ body: (DashboardFrame) async throws -> String) async -> Response {
        await answer(request) { frame, _ in respond(.ok, try await body(frame)) }
    }

    /// What is answered to whoever holds the token.
    func answer(
        _ request: Request,
        _ body: (DashboardFrame, DashboardViewer) async throws -> Response
    ) async -> Response {
        do {
            guard let (frame, viewer) = try await frame(request) else { return redirect("/sign-in") }
            do { return try await body(frame, viewer) } catch let failure as ParleyFailure
                where failure.category == .invalidInput
            {
                return respond(.notFound, frame.problem("Not found", failure.message))
            }
        } catch {
            logger.error("The dashboard failed.", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            return respond(.serviceUnavailable, DashboardFrame.unavailable())
        }
    }

    func frame(_ request: Request) async throws -> (DashboardFrame, DashboardViewer)? {
        guard let token = request.cookies[Self.cookie]?.value, !token.isEmpty,
            let viewer = try await access.viewer(token: token)
        else { return nil }
        let frame = DashboardFrame(
            viewer: viewer.name,
            canControl: viewer.canControl,
            formToken: Self.formToken(token),
            notice: request.uri.queryParameters["done"].flatMap { Done(rawValue: String($0))?.text }
        )
        return (frame, viewer)
    }

    /// What the forms of a token's holder carry: it follows from the token, so any process can check it, and nobody else
    /// can know it.
    static func formToken(_ token: String) -> String {
        ContentHash(of: Array("parley form of \(token)".utf8)).description
    }

    func respond(_ status: HTTPResponse.Status, _ body: String, type: String = "text/html; charset=utf-8") -> Response {
        Response(status: status, headers: Self.headers(type), body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }

    static func headers(_ type: String) -> HTTPFields {
        var headers: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
        for (name, value) in [
            ("content-security-policy", DashboardFrame.contentSecurityPolicy), ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"), ("x-frame-options", "DENY"),
        ] {
            if let name = HTTPFields.Element.Name(name) { headers[name] = value }
        }
        return headers
    }

    func redirect(_ path: String) -> Response {
        var headers = Self.headers("text/plain")
        headers[.location] = DashboardFrame.root + path
        return Response(status: .seeOther, headers: headers)
    }
}
