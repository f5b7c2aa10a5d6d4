// A round that a lab may leave, read with the secrets that are at hand. The database holds its definition veiled; with the
// secret of every lab that is in it the definition that was agreed is read in its place, item for item.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// A round's definition as far as it can be read.
public struct OpenRound: Sendable {
    /// As the database holds it, by whose names all its tables go.
    public let stored: RoundDefinition
    /// As it was agreed, its items in the same places; the stored one where a secret is missing.
    public let definition: RoundDefinition
    /// What names and texts pass through; nil where no lab may leave the round.
    public let veil: Veil?
    /// The leaves of the tree that are open; nil where no lab may leave the round, or a secret is missing.
    public let opened: OpenDefinition?

    /// Whether the definition is the agreed one.
    public var isWhole: Bool { veil == nil || opened != nil }

    /// A text of a model as it was returned, where its secret is at hand.
    func text(_ sealed: String?) -> String? { veil.flatMap { veil in sealed.map { veil.opened($0) } } ?? sealed }

    /// What a party of the definition is called in the database.
    public func handle(of party: PartyName) -> PartyName { veil?.handle(of: party) ?? party }

    /// Throws where a secret is missing.
    func requireWhole(to purpose: String) throws(ParleyFailure) {
        guard !isWhole else { return }
        throw ParleyFailure(
            .incomplete,
            "The secret of each lab in round '\(stored.name)' is needed to \(purpose), since a lab may leave it silently.",
            remedy: "Give them by --party-secret FILE, once for each lab, or all of a folder by PARLEY_PARTY_SECRETS."
        )
    }

    /// Throws where one of these texts, which are to stand in the database, names a lab that may leave.
    public func requireSilence(of texts: [String]) throws(ParleyFailure) {
        if veil == nil { return }
        try requireWhole(to: "write something about it")
        try DefinitionTree.requireSilence(of: texts, in: definition)
    }

    init(stored: RoundDefinition, tree: String?, secrets: [PartySecret]) throws {
        self.stored = stored
        guard let tree else {
            definition = stored
            veil = nil
            opened = nil
            return
        }
        let sealed = try DefinitionTree(json: JSONValue(parsing: tree), digest: stored.hash)
        let read = try sealed.read(as: stored, with: secrets)
        opened = read.opened
        veil = read.veil
        definition = read.opened?.definition ?? stored
    }
}

extension CoordinatorQueue {
    /// A round's definition as far as the secrets at hand open it.
    public func open(_ round: RoundID) async throws -> OpenRound {
        let (stored, tree) = try await storedDefinition(of: round)
        return try OpenRound(stored: stored, tree: tree, secrets: secrets)
    }
}
