// How routes are added: with what a caller must be allowed, and with an answer to every other method of the path.
// Invariant: a route is open to everybody, or to a party's own reading, or needs an operator's token of its scope; there
// is no route that nobody decided about.

import Hummingbird
import ParleyQueue

/// Whom a route answers.
enum Audience: Hashable {
    /// Everybody.
    case all
    /// Whoever holds a token.
    case holders
    /// A party, in its own name.
    case parties
    /// Operators whose token has this scope.
    case operators(TokenScope)

    /// - Throws: where the caller is not of it
    func admit(_ caller: TokenHolder?) throws {
        if self == .all { return }
        guard let caller else { throw Problem(.unauthorized, "A token is needed.", headers: Authentication.challenge) }
        switch self {
        case .all, .holders: return
        case .parties:
            if caller.isOperator {
                throw Problem(
                    .forbidden,
                    "This is what a party sees, and '\(caller.name)' is an operator's token.",
                    remedy: "`parley token new NAME --login LOGIN` makes a party's."
                )
            }
        case .operators(let scope):
            if !caller.isOperator {
                throw Problem(.forbidden, "This is for operators.", remedy: "A party reads /v1/view.")
            }
            if !caller.scopes.contains(scope) {
                throw Problem(.forbidden, "The token '\(caller.name)' lacks the scope '\(scope.rawValue)'.")
            }
        }
    }
}

/// Routes that are being added to a router.
struct ServiceRoutes {
    typealias Handler = @Sendable (Request, ServiceRequestContext) async throws -> Response

    private static let allMethods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"].compactMap {
        HTTPRequest.Method(rawValue: $0)
    }

    private let open: Router<ServiceRequestContext>
    private let guarded: RouterGroup<ServiceRequestContext>
    /// Paths with their methods, as they are described in `schemas/openapi.json`.
    private(set) var methods: [String: Set<HTTPRequest.Method>] = [:]

    init(_ router: Router<ServiceRequestContext>, _ authentication: Authentication) {
        open = router
        guarded = router.group().add(middleware: authentication)
    }

    mutating func add(
        _ method: HTTPRequest.Method,
        _ path: String,
        for audience: Audience,
        _ handler: @escaping Handler
    ) {
        methods[path, default: []].insert(method)
        let route: Handler = { request, context in
            try audience.admit(context.caller)
            return try await handler(request, context)
        }
        if audience == .all {
            open.on(RouterPath(path), method: method, use: route)
        } else {
            guarded.on(RouterPath(path), method: method, use: route)
        }
    }

    /// Every other method of a path is answered with what there is.
    func refuseOthers() {
        for (path, known) in methods {
            var names = known.map(\.rawValue)
            if known.contains(.get) { names.append("HEAD") }
            let allowed = names.sorted().joined(separator: ", ")
            for method in Self.allMethods where !known.contains(method) {
                open.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw Problem(
                        .methodNotAllowed,
                        "\(method.rawValue) is not for this path.",
                        remedy: "There is \(allowed).",
                        headers: [.allow: allowed]
                    )
                }
            }
        }
    }
}
