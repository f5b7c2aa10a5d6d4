// CellPlan.swift: what the plan says of a cell before it has an outcome: enough to give every outcome its place.

/// The specification of a cell and the outcomes that it can have: those of samples `0 ..< samples`, each in epochs
/// `0 ..< epochs`.
public struct CellPlan: Sendable, Equatable {
    /// The frozen facts of the cell.
    public let spec: CellSpec
    /// The number of samples.
    public let samples: Int32
    /// The largest number of repetitions of a sample.
    public let epochs: Int32

    /// Makes a plan. Traps when a number is negative, or when there are more epochs than
    /// ``OutcomeColumns/epochLimit``.
    public init(_ spec: CellSpec, samples: Int32, epochs: Int32) {
        precondition(samples >= 0, "a cell cannot have \(samples) samples")
        precondition(epochs >= 0 && epochs <= OutcomeColumns.epochLimit, "a sample cannot have \(epochs) epochs")
        self.spec = spec
        self.samples = samples
        self.epochs = epochs
    }

    /// The number of outcomes that have a place.
    var slots: Int { Int(samples) * Int(epochs) }
}
