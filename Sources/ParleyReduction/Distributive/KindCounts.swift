// KindCounts.swift: how many outcomes of each kind.

/// A count for every outcome kind.
public struct KindCounts: Sendable, Equatable {
    private var counts: [Int64]

    /// Makes counts, all zero unless stated.
    public init(
        scored: Int64 = 0,
        answered: Int64 = 0,
        refused: Int64 = 0,
        filtered: Int64 = 0,
        truncated: Int64 = 0,
        limited: Int64 = 0,
        unscorable: Int64 = 0,
        failed: Int64 = 0
    ) {
        counts = [scored, answered, refused, filtered, truncated, limited, unscorable, failed]
    }

    /// Makes counts from a function of the kind.
    init(_ count: (KindCode) -> Int64) {
        counts = KindCode.allCases.map(count)
    }

    /// The count of one kind.
    public subscript(kind: KindCode) -> Int64 {
        get { counts[Int(kind.rawValue)] }
        set { counts[Int(kind.rawValue)] = newValue }
    }

    /// The count of all kinds.
    public var total: Int64 { counts.reduce(0, +) }
}
