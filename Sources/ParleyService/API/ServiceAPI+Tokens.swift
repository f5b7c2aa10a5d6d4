// Tokens, for administrators: seen and revoked, never made. A secret is shown on the terminal of whoever makes it, and
// travels no further by us.

import Hummingbird
import ParleyCoordinator
import ParleyModel
import ParleyQueue

struct TokensDocument: Encodable {
    let tokens: [TokenRow]
}

extension ServiceAPI {
    func addTokens(to routes: inout ServiceRoutes) {
        routes.add(.get, "/v1/tokens", for: .operators(.admin)) { request, _ in
            _ = try PageQuery(request)
            return try answer(TokensDocument(tokens: await queue.tokens().map(TokenRow.init)), request)
        }
        routes.add(.post, "/v1/tokens/:token/revoke", for: .operators(.admin)) { request, context in
            let name = context.parameters.get("token") ?? ""
            return try await change(request, context, []) { _, authority in
                guard try await queue.tokens().contains(where: { $0.name == name }) else {
                    throw Problem(.notFound, "There is no token of this name.", remedy: "/v1/tokens lists them.")
                }
                return EffectDocument(changed: try await queue.revokeToken(name, by: authority))
            }
        }
    }
}
