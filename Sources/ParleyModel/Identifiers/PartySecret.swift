// What makes readable what is kept of a party: 32 random bytes that are never in the database. Keys follow from it in
// ParleyEvidence, which also reads and writes its file.

/// The secret by which what is kept of one party is opened.
public struct PartySecret: Hashable, Sendable, CustomStringConvertible {
    public let party: PartyName
    package let bytes: [UInt8]

    package init(party: PartyName, bytes: [UInt8]) {
        self.party = party
        self.bytes = bytes
    }

    /// Without the party: it ends up in logs.
    public var description: String { "a party's secret" }
}
