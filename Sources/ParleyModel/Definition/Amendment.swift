// A change of what was agreed, after it was. The definition stays as it was signed; the amendment stands beside it, is
// signed as the definition was, and what it touches was not agreed before the run any more: exploratory.

/// A change of a frozen round.
public struct Amendment: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.amendment/1"

    public var format: String
    public var round: RoundName
    /// The definition that it changes.
    public var definitionHash: ContentHash
    /// What changes, in words.
    public var text: String
    /// The suites whose findings it touches, ascending; empty for all of them.
    public var suites: [SuiteName]

    public init(round: RoundName, definitionHash: ContentHash, text: String, suites: [SuiteName]) {
        format = Self.currentFormat
        self.round = round
        self.definitionHash = definitionHash
        self.text = text
        self.suites = Set(suites).sorted()
    }

    /// Of its canonical JSON.
    public var hash: ContentHash { get throws { ContentHash(of: try JSONValue(encoding: self)) } }

    /// Whether findings of a suite are exploratory by it.
    public func touches(_ suite: SuiteName) -> Bool { suites.isEmpty || suites.contains(suite) }
}
