// Around every request, whatever becomes of it: its id, one line in the log, the headers that keep a browser from doing
// anything with an answer but show it, and a problem document where it fails. Tokens and bodies are never logged.

import Hummingbird
import Logging

struct RequestFrame: RouterMiddleware {
    private static let guards = [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ]

    /// Whether callers come by TLS, and are told never to come by anything else.
    let isSecure: Bool

    @concurrent func handle(
        _ request: Request,
        context: ServiceRequestContext,
        next: @concurrent (Request, ServiceRequestContext) async throws -> Response
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
            response = problem.response(context.requestID)
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
        response.headers[named: "X-Request-ID"] = context.requestID
        for (name, value) in Self.guards where response.headers[named: name] == nil {
            response.headers[named: name] = value
        }
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    }
}
