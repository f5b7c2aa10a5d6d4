// Who may look at the dashboard. It shows what a coordinator sees, all parties' figures before their release among it, so
// a token that lets somebody in must be one of the operators', never one of a party.

import ParleyModel

/// Somebody who holds a token.
public struct DashboardViewer: Hashable, Sendable {
    /// As written into the ledger for what is done.
    public let name: String
    /// Whether the token may change what runs.
    public let canControl: Bool

    public init(name: String, canControl: Bool) {
        self.name = name
        self.canControl = canControl
    }
}

/// Knows tokens.
public protocol DashboardAccess: Sendable {
    /// Whose token this is; nil where it lets nobody in.
    func viewer(token: String) async throws -> DashboardViewer?
}

/// One token, for the person who started the process. Only its hash is kept.
public struct OneToken: DashboardAccess {
    private let hash: ContentHash
    private let owner: DashboardViewer

    public init(_ token: String, owner: DashboardViewer) {
        hash = ContentHash(of: Array(token.utf8))
        self.owner = owner
    }

    public func viewer(token: String) -> DashboardViewer? {
        // Of hashes: how much of them is alike says nothing of the token.
        ContentHash(of: Array(token.utf8)) == hash ? owner : nil
    }
}
