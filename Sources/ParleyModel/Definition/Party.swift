// Parties of a round.

/// An organisation in a round.
public struct Party: Hashable, Sendable, Codable {
    public enum Role: String, CaseIterable, Hashable, Sendable, Codable { case lab, evaluator, observer }

    public var name: PartyName
    public var title: String
    public var role: Role
    /// What binds it to other parties or to the outcome, in its own words; nil where it says nothing.
    public var conflicts: String?

    public init(name: PartyName, title: String, role: Role, conflicts: String? = nil) {
        self.name = name
        self.title = title
        self.role = role
        self.conflicts = conflicts
    }
}
