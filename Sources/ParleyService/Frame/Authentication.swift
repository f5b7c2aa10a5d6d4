// Who calls: `Authorization: Bearer TOKEN`. Wrong tokens are counted by address, so that trying many of them is slow;
// right ones by token, so that one caller's loop does not starve the others.

import Hummingbird
import ParleyQueue

struct Authentication: RouterMiddleware {
    static let challenge: HTTPFields = [.wwwAuthenticate: "Bearer realm=\"parley\""]

    let queue: CoordinatorQueue
    let limiter: RateLimiter
    let wrong = RateLimiter(perMinute: 60, burst: 60)

    @concurrent func handle(
        _ request: Request,
        context: ServiceRequestContext,
        next: @concurrent (Request, ServiceRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let secret = Self.secret(request) else {
            throw Problem(.unauthorized, "A token is needed.", remedy: Self.remedy, headers: Self.challenge)
        }
        guard let holder = try await queue.holder(of: secret) else {
            try wrong.admit(context.address)
            throw Problem(
                .unauthorized,
                "This token is none, or it has expired or was revoked.",
                remedy: Self.remedy,
                headers: Self.challenge
            )
        }
        context.notes.caller = holder.name
        try limiter.admit(holder.name)
        var context = context
        context.caller = holder
        return try await next(request, context)
    }

    private static let remedy = "`parley token new` makes one; send it as `Authorization: Bearer TOKEN`."

    private static func secret(_ request: Request) -> TokenSecret? {
        guard let field = request.headers[.authorization] else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 256 else { return nil }
        return TokenSecret(String(parts[1]))
    }
}
