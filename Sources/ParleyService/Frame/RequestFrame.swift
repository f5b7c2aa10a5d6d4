// Around every request, whatever becomes of it: its id, one line in the log, the headers that keep a browser from doing
// anything with an answer but show it, and a problem document where it fails. Tokens and bodies are never logged.

import Hummingbird
import Logging

struct RequestFrame: RouterMiddleware {
    typealias Context = ServiceRequestContext

    static let requestID = HTTPField.Name("X-Request-ID")
    private static let guards: [(HTTPField.Name?, String)] = [
        (.xContentTypeOptions, "nosniff"), (HTTPField.Name("Referrer-Policy"), "no-referrer"),
        (.cacheControl, "no-store"), (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
    ]

    /// Whether callers come by TLS, and are told never to come by anything else.
    let isSecure: Bool

    func handle(
        _ request: Request,
        context: ServiceRequestContext,
        next: (Request, ServiceRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do { response = try await next(request, context) } catch {
            let problem = Problem(error)
            if problem.status.code >= 500 {
                context.logger.error(
                    "a request failed",
                    metadata: ["error": "\(error)", "path": "\(request.uri.path)"]
                )
            }
            response = problem.response(context.id)
        }
        dress(&response, context)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
                "ms": "\(Int((ContinuousClock.now - start) / .milliseconds(1)))",
                "caller": "\(context.notes.caller ?? "-")", "address": "\(context.address)",
            ]
        )
        return response
    }

    private func dress(_ response: inout Response, _ context: ServiceRequestContext) {
        if let name = Self.requestID { response.headers[name] = context.id }
        for case (let name?, let value) in Self.guards where response.headers[name] == nil {
            response.headers[name] = value
        }
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    }
}
