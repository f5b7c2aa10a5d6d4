// CellPair.swift: which two cells are compared.

/// Two cells of one suite, by index. A difference is first minus second.
public struct CellPair: Sendable, Equatable {
    /// The index of the cell from which is subtracted.
    public var first: Int
    /// The index of the cell that is subtracted.
    public var second: Int

    /// Makes a pair. Both cells must be of one suite, whose sample numbering they share.
    public init(first: Int, second: Int) {
        self.first = first
        self.second = second
    }
}
