// Parties of a round.

/// An organisation in a round.
public struct Party: Hashable, Sendable, Codable {
    public enum Role: String, CaseIterable, Hashable, Sendable, Codable { case lab, evaluator, observer }

    public var name: PartyName
    public var title: String
    public var role: Role
    /// The Ed25519 public key that its signatures are checked with, 32 bytes in base64; nil where it signs nothing.
    public var key: String?
    /// What binds it to other parties or to the outcome, in its own words; nil where it says nothing.
    public var conflicts: String?

    public init(name: PartyName, title: String, role: Role, key: String? = nil, conflicts: String? = nil) {
        self.name = name
        self.title = title
        self.role = role
        self.key = key
        self.conflicts = conflicts
    }

    /// Whether its agreement is asked for where a round is signed: observers do not sign.
    public var signs: Bool { role != .observer }
}
