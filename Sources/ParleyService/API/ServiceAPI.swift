// The API under `/v1`, by which operators and parties do over HTTP what the command line does. It holds no state but what
// it looked at a moment ago: any number of services may answer beside one another, whoever of their coordinators leads.

public import Hummingbird
import ParleyCoordinator
import ParleyModel
public import ParleyQueue
import ParleySchemas

/// The routes of the API.
public struct ServiceAPI: Sendable {
    let queue: CoordinatorQueue
    let parties: PartyReaders
    private let authentication: Authentication
    /// Findings are counted from all outcomes: once for whoever asks within some seconds.
    let findings = Looks<FindingsKey, FindingsDocument>(age: .seconds(15))
    let statuses = Looks<RoundRecord, StatusDocument.Round>(age: .seconds(1))

    struct FindingsKey: Hashable {
        let round: RoundRecord
        let grader: String?
    }

    /// - Parameters:
    ///   - parties: connections in the name of parties
    ///   - perMinute: how many requests of one token are answered for long
    public init(queue: CoordinatorQueue, parties: PartyReaders, perMinute: Int) {
        self.queue = queue
        self.parties = parties
        authentication = Authentication(
            queue: queue,
            limiter: RateLimiter(perMinute: perMinute, burst: perMinute / 6 + 1)
        )
    }

    /// Adds all routes.
    public func add(to router: Router<ServiceRequestContext>) { _ = routes(on: router) }

    /// The same; answers what was added.
    func routes(on router: Router<ServiceRequestContext>) -> ServiceRoutes {
        var routes = ServiceRoutes(router, authentication)
        addHouse(to: &routes)
        addRounds(to: &routes)
        addWork(to: &routes)
        addRecords(to: &routes)
        addControls(to: &routes)
        addWorkers(to: &routes)
        addTokens(to: &routes)
        addViews(to: &routes)
        routes.refuseOthers()
        return routes
    }

    /// The round that a path names.
    func record(_ context: ServiceRequestContext) async throws -> RoundRecord {
        let name = context.parameters.get("round") ?? ""
        if Name<RoundDefinition>.isValid(name), let record = try await queue.round(named: RoundName(name)) {
            return record
        }
        throw Problem(.notFound, "There is no round of this name.", remedy: "/v1/rounds lists them.")
    }

    private func addHouse(to routes: inout ServiceRoutes) {
        routes.add(.get, "/readyz", for: .all) { _, _ in
            guard try await queue.schemaFits() else {
                throw Problem(
                    .serviceUnavailable,
                    "The database's schema is not this program's.",
                    remedy: "Run `parley migrate`, or this Parley in its other version."
                )
            }
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain"],
                body: .init(byteBuffer: .init(string: "ready\n"))
            )
        }
        routes.add(.get, "/v1/openapi.json", for: .all) { request, _ in
            try answer(text: ServiceDescription.openAPI, request)
        }
        routes.add(.get, "/v1/json/:schema", for: .all) { request, context in
            guard let text = ServiceDescription.schemas[context.parameters.get("schema") ?? ""] else {
                throw Problem(.notFound, "The description refers to no such schema.")
            }
            return try answer(text: text, request)
        }
        routes.add(.get, "/v1/token", for: .holders) { request, context in
            guard let caller = context.caller else { throw Problem(.unauthorized, "A token is needed.") }
            return try answer(CallerDocument(caller), request)
        }
        routes.add(.get, "/v1/leadership", for: .operators(.read)) { request, _ in
            try answer(LeadershipDocument(await queue.leadership()), request)
        }
    }
}

/// Whose token a request came with.
struct CallerDocument: Encodable {
    let name: String
    let scopes: [TokenScope]
    let login: String?

    init(_ holder: TokenHolder) {
        name = holder.name
        scopes = TokenScope.allCases.filter { holder.scopes.contains($0) }
        login = holder.login
    }
}

/// Which coordinator leads.
struct LeadershipDocument: Encodable {
    let term: Int64
    let holder: String
    let leads: Bool

    init(_ leadership: CoordinatorQueue.Leadership) {
        term = leadership.term
        holder = leadership.holder
        leads = leadership.holds
    }
}
