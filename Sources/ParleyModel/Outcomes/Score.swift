// A score in fixed point. Sums of scores must not depend on the order of arrival, so scores are whole billionths and
// are added as integers; what cannot be held that way (NaN, infinity, beyond ±9.2 billion) is refused at the door.

/// A score in billionths: 1 is `Score(billionths: 1_000_000_000)`.
public struct Score: Hashable, Sendable, Comparable, CustomStringConvertible {
    public static let unit: Int64 = 1_000_000_000
    public static let zero = Score(billionths: 0)
    public static let one = Score(billionths: unit)

    /// The score times 10⁹.
    public let billionths: Int64

    public init(billionths: Int64) { self.billionths = billionths }

    /// The nearest billionth; nil for NaN, infinity and what is beyond ±9 × 10⁹.
    public init?(_ value: Double) {
        let scaled = (value * Double(Self.unit)).rounded()
        guard scaled.isFinite, abs(scaled) <= 9e18 else { return nil }
        billionths = Int64(scaled)
    }

    /// The score as a floating-point number.
    public var value: Double { Double(billionths) / Double(Self.unit) }

    public var description: String { JSONValue.shortestText(value) }

    public static func < (left: Score, right: Score) -> Bool { left.billionths < right.billionths }
}

extension Score: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let score = Score(try container.decode(Double.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a score beyond ±9e9")
        }
        self = score
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
