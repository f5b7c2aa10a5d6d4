// Names that people give to things in a round file. A name is a distinct type for each kind of thing, so that a
// suite's name cannot be passed where a model's is wanted; it costs nothing at run time. Invariant: a name that
// came through `init(validating:)` is safe in a file name, a URL path and a log line.

/// A short name of one kind of thing: lower-case letters, digits, `.`, `_`, `-`; 1 to 64 characters.
public struct Name<Kind>: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The name as text.
    public let text: String

    /// Takes text as it is; for names that were validated before they were stored.
    public init(_ text: String) { self.text = text }

    public init(stringLiteral value: String) { self.text = value }

    /// Returns nil where the text is no valid name.
    public init?(validating text: String) {
        guard Self.isValid(text) else { return nil }
        self.text = text
    }

    /// Whether the text is 1 to 64 of `a-z 0-9 . _ -` and starts with a letter or a digit.
    public static func isValid(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first else { return false }
        let isPlain = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) }
        return isPlain(first) && text.utf8.allSatisfy { isPlain($0) || $0 == 45 || $0 == 46 || $0 == 95 }
    }

    public var description: String { text }

    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension Name: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// The name of a party: an organisation in a round.
public typealias PartyName = Name<Party>
/// The name of a model within a round file.
public typealias ModelName = Name<ModelDefinition>
/// The name of a configuration: a model as it is run.
public typealias ConfigurationName = Name<Configuration>
/// The name of a suite.
public typealias SuiteName = Name<Suite>
/// The name of a round.
public typealias RoundName = Name<RoundDefinition>
