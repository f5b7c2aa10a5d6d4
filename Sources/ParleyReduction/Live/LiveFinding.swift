// LiveFinding.swift: a finding with the positions of the log up to which its two parts hold.

/// How much of a finding to compute.
public enum FindingExtent: Sendable, Equatable, CaseIterable {
    /// Counts, sums, means, errors and intervals; what is holistic stays as it was last computed.
    case algebraic
    /// Everything.
    case complete
}

/// What the log says of a cell so far.
public struct LiveFinding: Sendable, Equatable {
    /// The finding. Latency, bootstrap and, under an epoch reducer, the score hold as of ``holisticPosition``; all
    /// else as of ``position``.
    public var finding: CellFinding
    /// How far the log was read.
    public var position: LogPosition
    /// The last position at which the holistic part held: ``position`` unless the cell changed since it was computed.
    public var holisticPosition: LogPosition

    /// Makes a finding from its parts.
    public init(finding: CellFinding, position: LogPosition, holisticPosition: LogPosition) {
        self.finding = finding
        self.position = position
        self.holisticPosition = holisticPosition
    }
}
