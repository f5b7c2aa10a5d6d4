// Numbers that the database gives out. Each kind of row has its own type, so that a stream's number is never
// mistaken for a job's.

/// The number of one kind of row.
public struct Identifier<Kind>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number as the database holds it.
    public let rawValue: Int64

    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    public var description: String { String(rawValue) }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Int64.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// Kinds of rows that have no type of their own in this module.
public enum Row {
    public enum Round {}
    public enum Job {}
    public enum Stream {}
    public enum Worker {}
}

public typealias RoundID = Identifier<Row.Round>
/// `round << 36 | ordinal`: a job's number follows from its place in the plan, so that planning twice gives the same.
public typealias JobID = Identifier<Row.Job>
public typealias StreamID = Identifier<Row.Stream>
public typealias WorkerID = Identifier<Row.Worker>
