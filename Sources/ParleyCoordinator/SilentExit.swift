// A lab leaves a round. What the database holds of it is deleted by its handle, the stored definition becomes the veil of
// what is left, and what is left has the numbers that it would have had without the lab. The tree, its digest and the
// others' signatures stay as they are.

import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// What an exit takes out of the database.
public struct SilentExit: Hashable, Sendable {
    /// What the lab is called there.
    public let handle: PartyName
    public let cells: Int
    /// Comparisons that were named before, and no longer are.
    public let primaries: Int
    /// Whether it was out already, so that only its secret is left to destroy.
    public let isDone: Bool
    fileprivate let definition: RoundDefinition
    /// The numbers of the budgets that stay, from 1.
    fileprivate let budgets: [Int]
    fileprivate let reason: String
}

extension CoordinatorQueue {
    /// What the exit of a lab would take out. The secrets of all labs of the round are needed, its own included.
    /// - Parameter reason: stands in the ledger
    /// - Throws: where it is no lab of the round, the round cannot be left, or the reason names a lab
    public func silentExit(
        of party: PartyName,
        from round: RoundRecord,
        because reason: String
    ) async throws -> SilentExit {
        let (stored, text) = try await storedDefinition(of: round.id)
        guard let text else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(round.name)' was not made to be left: names of its parties are all over it.",
                remedy: "A round whose file says silent_exit: true can be left."
            )
        }
        let tree = try DefinitionTree(json: JSONValue(parsing: text), digest: stored.hash)
        guard secrets.contains(where: { $0.party == party }),
            try tree.opened(with: secrets).definition.party(party)?.role == .lab
        else {
            throw ParleyFailure(
                .invalidInput,
                "None of the secrets at hand is that of a lab '\(party)' of round '\(round.name)'.",
                remedy: "Give the secret of every lab by --party-secret, its own included."
            )
        }
        let handle = tree.veil(secrets).handle(of: party)
        if stored.party(handle) == nil {
            return SilentExit(
                handle: handle,
                cells: 0,
                primaries: 0,
                isDone: true,
                definition: stored,
                budgets: [],
                reason: ""
            )
        }
        let open = try OpenRound(stored: stored, tree: text, secrets: secrets)
        try open.requireWhole(to: "let a lab leave it")
        try open.requireSilence(of: [reason])
        let left = secrets.filter { $0.party != party && stored.party(tree.veil(secrets).handle(of: $0.party)) != nil }
        let rest = try tree.opened(with: left).definition
        let whole = open.definition
        return SilentExit(
            handle: handle,
            cells: whole.cells.count - rest.cells.count,
            primaries: (whole.primary?.count ?? 0) - (rest.primary?.count ?? 0),
            isDone: false,
            definition: try tree.veil(left).veiled(rest),
            budgets: whole.budgets.indices.filter { !whole.isAbout(party, whole.budgets[$0]) }.map { $0 + 1 },
            reason: reason
        )
    }

    /// Whether a round that a lab may leave is without this one. Answered with the secrets of all that are in it.
    public func hasLeft(_ party: PartyName, _ round: RoundRecord) async throws -> Bool {
        let open = try await open(round.id)
        return open.opened != nil && open.definition.party(party) == nil
    }

    /// Takes a lab out of a round, in one transaction; the ledger has its handle.
    public func carryOut(_ exit: SilentExit, from round: RoundRecord) async throws {
        if exit.isDone { return }
        try await leave(
            round.id,
            party: exit.handle,
            definition: exit.definition.json().canonical,
            signatures: exit.definition.signatures ?? 0,
            budgets: exit.budgets,
            because: exit.reason
        )
    }
}

extension RoundDefinition {
    fileprivate func isAbout(_ party: PartyName, _ budget: Budget) -> Bool {
        budget.party == party || budget.model.flatMap { model($0) }?.party == party
    }
}
