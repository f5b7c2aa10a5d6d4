// Tokens and money, as integers. Token counts follow one convention for every provider: `input` excludes what was
// read from or written to a cache; `output` includes reasoning.

/// Tokens of one or more calls.
public struct Usage: Hashable, Sendable, Codable {
    /// Input tokens that came from no cache.
    public var input: Int64
    /// Output tokens, reasoning included.
    public var output: Int64
    /// Input tokens read from a cache.
    public var cacheRead: Int64
    /// Input tokens written to a cache.
    public var cacheWrite: Int64
    /// The part of `output` that was reasoning.
    public var reasoning: Int64

    public init(input: Int64 = 0, output: Int64 = 0, cacheRead: Int64 = 0, cacheWrite: Int64 = 0, reasoning: Int64 = 0)
    {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
    }

    /// All tokens that a provider counts.
    public var total: Int64 { input + output + cacheRead + cacheWrite }

    public static func + (left: Usage, right: Usage) -> Usage {
        Usage(
            input: left.input + right.input,
            output: left.output + right.output,
            cacheRead: left.cacheRead + right.cacheRead,
            cacheWrite: left.cacheWrite + right.cacheWrite,
            reasoning: left.reasoning + right.reasoning
        )
    }

    /// What is left of the usage without a part of it; nothing of a kind of which the part has more.
    public static func - (whole: Usage, part: Usage) -> Usage {
        Usage(
            input: max(0, whole.input - part.input),
            output: max(0, whole.output - part.output),
            cacheRead: max(0, whole.cacheRead - part.cacheRead),
            cacheWrite: max(0, whole.cacheWrite - part.cacheWrite),
            reasoning: max(0, whole.reasoning - part.reasoning)
        )
    }
}

/// Money in billionths of the round's currency.
public struct Money: Hashable, Sendable, Comparable, Codable {
    public static let unit: Int64 = 1_000_000_000
    public static let zero = Money(billionths: 0)

    public let billionths: Int64

    public init(billionths: Int64) { self.billionths = billionths }

    /// The amount in whole units of the currency.
    public var value: Double { Double(billionths) / Double(Self.unit) }

    public static func + (left: Money, right: Money) -> Money { Money(billionths: left.billionths + right.billionths) }
    public static func - (left: Money, right: Money) -> Money { Money(billionths: left.billionths - right.billionths) }
    public static func < (left: Money, right: Money) -> Bool { left.billionths < right.billionths }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let scaled = (try container.decode(Double.self) * Double(Self.unit)).rounded()
        guard scaled.isFinite, abs(scaled) <= 9e18 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "an amount beyond ±9e9")
        }
        billionths = Int64(scaled)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

/// What a model's tokens cost, in currency units per million tokens.
public struct Price: Hashable, Sendable, Codable {
    public let input: Money
    public let output: Money
    public let cacheRead: Money
    public let cacheWrite: Money

    /// Cached input is priced as plain input where no price is given for it.
    public init(input: Money, output: Money, cacheRead: Money? = nil, cacheWrite: Money? = nil) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead ?? input
        self.cacheWrite = cacheWrite ?? input
    }

    /// The cost of this usage, rounded up to a billionth.
    public func cost(of usage: Usage) -> Money {
        let parts: [(Int64, Money)] = [
            (usage.input, input), (usage.output, output), (usage.cacheRead, cacheRead), (usage.cacheWrite, cacheWrite),
        ]
        let perMillion = parts.reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1.billionths) }
        return Money(billionths: Int64(clamping: (perMillion + 999_999) / 1_000_000))
    }
}
