// Where a round stands between its parties: its state and what can follow, who has signed, what was amended, who
// witnessed its ledger; what `parley round status --json` prints (schemas/json/standing.schema.json).

import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// Where a round stands between its parties.
public struct RoundStanding: Hashable, Sendable, Codable {
    /// A party, and whether it has signed.
    public struct Member: Hashable, Sendable, Codable {
        public let name: PartyName
        public let role: Party.Role
        /// What names it in the ledger.
        public let handle: String
        /// Whether its signature is needed.
        public let required: Bool
        public let signed: Bool
    }

    /// A change of what was agreed.
    public struct Change: Hashable, Sendable, Codable {
        public let number: Int
        public let hash: ContentHash
        public let text: String
        /// The suites that it touches; empty for all.
        public let suites: [SuiteName]
        public let signed: [PartyName]
        /// Signatures that it lacks.
        public let lacking: Int
    }

    /// Who signed the ledger's head.
    public struct Witnessed: Hashable, Sendable, Codable {
        public let by: PartyName
        /// How many entries the ledger had.
        public let sequence: Int
    }

    public let round: RoundName
    public let state: RoundState
    /// The states that can follow.
    public let next: [RoundState]
    public let definitionHash: ContentHash
    /// Signatures that it needs to run; 0 for a round of one operator, which is not signed by its parties.
    public let signaturesNeeded: Int
    public let parties: [Member]
    public let amendments: [Change]
    /// Entries of the ledger.
    public let entries: Int
    public let head: ContentHash
    /// The last witness of each key.
    public let witnesses: [Witnessed]
}

extension CoordinatorQueue {
    /// Where a round stands; signatures and the chain of the ledger are checked on the way.
    public func standing(of round: RoundRecord) async throws -> RoundStanding {
        let open = try await open(round.id)
        let definition = open.definition
        let signed = try await agreement(of: round.id, open)?.signed ?? []
        let ledger = try await ledger(of: round)
        var changes: [RoundStanding.Change] = []
        for stored in try await amendments(of: round.id) {
            let amendment = try stored.amendment
            let who =
                try await definition.signatures == nil ? [] : agreement(of: round, amendment: stored.number).signed
            changes.append(
                RoundStanding.Change(
                    number: stored.number,
                    hash: stored.hash,
                    text: amendment.text,
                    suites: amendment.suites,
                    signed: who.sorted(),
                    lacking: stored.lacking
                )
            )
        }
        var witnesses: [PartyName: Int] = [:]
        for stored in try await signatures(.witness, of: round.id) {
            witnesses[stored.party] = max(witnesses[stored.party] ?? 0, stored.sequence ?? 0)
        }
        return RoundStanding(
            round: round.name,
            state: round.state,
            next: try await transitions(from: round.state),
            definitionHash: round.definitionHash,
            signaturesNeeded: definition.signatures ?? 0,
            parties: try await parties(of: round.id).map { party in
                let name = definition.parties.first { open.handle(of: $0.name) == party.name }?.name ?? party.name
                return RoundStanding.Member(
                    name: name,
                    role: party.role,
                    handle: party.handle,
                    required: party.isRequired,
                    signed: signed.contains(name)
                )
            },
            amendments: changes,
            entries: ledger.entries.count,
            head: ledger.head,
            witnesses: witnesses.sorted { $0.key < $1.key }.map { .init(by: $0.key, sequence: $0.value) }
        )
    }
}
