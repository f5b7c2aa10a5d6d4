// Parties of a round.

/// An organisation in a round.
public struct Party: Hashable, Sendable, Codable {
    public enum Role: String, CaseIterable, Hashable, Sendable, Codable { case lab, evaluator, observer }

    public var name: PartyName
    public var title: String
    public var role: Role

    public init(name: PartyName, title: String, role: Role) {
        self.name = name
        self.title = title
        self.role = role
    }
}
