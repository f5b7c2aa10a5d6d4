// What a party sees, by its own token. Each answer is read in a session of the party's own login, so that the database
// withholds what is withheld; nothing here decides it.

import Hummingbird
import Logging
import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import ParleyQueue

struct ViewsDocument: Encodable {
    let rounds: [PartyReader.Round]
}

extension ServiceAPI {
    func addViews(to routes: inout ServiceRoutes) {
        routes.add(.get, "/v1/view", for: .parties) { request, context in
            _ = try PageQuery(request)
            return try answer(ViewsDocument(rounds: await reading(context) { try await $0.rounds() }), request)
        }
        routes.add(.get, "/v1/view/:round", for: .parties) { request, context in
            _ = try PageQuery(request)
            let name = context.parameters.get("round") ?? ""
            guard Name<RoundDefinition>.isValid(name),
                let view = try await reading(context, { try await $0.view(of: RoundName(name)) })
            else { throw Problem(.notFound, "You see no round of this name.", remedy: "/v1/view lists those you see.") }
            return try answer(view, request)
        }
    }

    private func reading<Value>(
        _ context: ServiceRequestContext,
        _ body: (PartyReader) async throws -> Value
    ) async throws -> Value {
        guard let login = context.caller?.login else { throw Problem(.forbidden, "This is what a party sees.") }
        do {
            return try await body(parties.reader(login))
        } catch let error as PostgresError where error.retryClass == .permission || error.kind == .connect {
            context.logger.error("no session in a party's name", metadata: ["login": "\(login)", "error": "\(error)"])
            throw Problem(
                .serviceUnavailable,
                "The service cannot read in your name just now.",
                remedy: "Its operator must let it log in as your login, by PGPASSFILE or pg_hba.conf."
            )
        }
    }
}
