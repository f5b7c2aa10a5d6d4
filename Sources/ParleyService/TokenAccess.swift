// The dashboard's door, by the tokens of the service: operators come in, parties do not.

import ParleyQueue

struct TokenAccess: DashboardAccess {
    let queue: CoordinatorQueue

    func viewer(token: String) async throws -> DashboardViewer? {
        guard let holder = try await queue.holder(of: TokenSecret(token)), holder.isOperator,
            holder.scopes.contains(.read)
        else { return nil }
        return DashboardViewer(name: holder.actor, canControl: holder.scopes.contains(.control))
    }
}
