// What may be said of a finding. There is no word for "passed": a figure is shown on one side of a threshold, or it is
// not; and what was not looked at has a word of its own.

/// How far something is shown.
public enum EvidenceStatus: String, CaseIterable, Hashable, Sendable, Codable {
    /// The whole interval lies on the asked side; without a threshold, there is an estimate with its interval.
    case shown
    /// The interval holds the threshold or lies beyond it, or nothing could be counted.
    case notShown = "not shown"
    /// A flag, a changed measure or a changed harness stands against it.
    case notComparable = "not comparable"
    /// It was evaluated, and this reader may not see it.
    case withheld
    case notEvaluated = "not evaluated"

    /// The status of a group: it is shown only where all of its members are.
    public static func combined(_ statuses: [EvidenceStatus]) -> EvidenceStatus {
        let order: [EvidenceStatus] = [.notShown, .notComparable, .withheld, .notEvaluated, .shown]
        return order.first(where: statuses.contains) ?? .notEvaluated
    }
}

/// What a suite's reference configurations, whose models do not change, say of the harness between two rounds.
public enum HarnessVerdict: String, CaseIterable, Hashable, Sendable, Codable {
    /// The reference is unchanged: a change of another configuration is one of its model.
    case held
    /// The reference changed as well: no change in this suite says anything about a model.
    case changed
    /// The reference neither shows a change nor rules one out.
    case undecided
    /// No reference configuration runs in this suite in both rounds with the same settings.
    case noReference = "no reference"
}

/// A figure that a reader asks for.
public struct Threshold: Hashable, Sendable, Codable {
    public enum Side: String, CaseIterable, Hashable, Sendable, Codable {
        case atLeast = "at_least"
        case atMost = "at_most"
    }

    public var suite: SuiteName
    public var side: Side
    public var billionths: Int64

    public init(suite: SuiteName, side: Side, billionths: Int64) {
        self.suite = suite
        self.side = side
        self.billionths = billionths
    }

    public var value: Double { Double(billionths) / 1e9 }
    /// For instance `at least 0.9`.
    public var text: String { "\(side == .atLeast ? "at least" : "at most") \(JSONValue.number(value).canonical)" }

    /// Whether a whole interval lies on the asked side.
    public func holds(_ interval: Interval) -> Bool {
        side == .atLeast ? interval.lower >= value : interval.upper <= value
    }

    /// Reads `SUITE=VALUE`, which asks for at least the value, or `SUITE<=VALUE`; nil for any other form.
    public init?(_ text: String) {
        let side: Side = text.contains("<=") ? .atMost : .atLeast
        let parts = text.split(separator: side == .atMost ? "<=" : "=", maxSplits: 1)
        guard parts.count == 2, SuiteName.isValid(String(parts[0])), let value = Double(parts[1]), value.isFinite,
            value.magnitude <= 9e9
        else { return nil }
        self.init(
            suite: SuiteName(String(parts[0])),
            side: side,
            billionths: Int64((value * 1e9).rounded(.toNearestOrAwayFromZero))
        )
    }
}
