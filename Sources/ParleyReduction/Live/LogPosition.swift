// LogPosition.swift: how far into the log of changes a state has read.

/// A place in an append-only log: that of the last change which was read.
public struct LogPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number that the log gives its entries, ascending.
    public var rawValue: Int64

    /// Makes a position.
    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Before every change.
    public static let start = LogPosition(0)

    /// The number.
    public var description: String { String(rawValue) }

    /// Whether the left position comes before the right one.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
