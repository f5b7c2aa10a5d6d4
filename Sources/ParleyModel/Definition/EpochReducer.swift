// How the repetitions of a sample become one score: `mean`, `median`, `mode`, `max`, `at_least_3`, `pass_at_3`,
// `pass_hat_3`, named as in inspect_ai and τ-bench, and `worst_10`.

/// What a sample's epochs say together.
public enum EpochReducer: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Every observation counts alike.
    case mean
    case median
    /// The most frequent score; of several, the earliest epoch's.
    case mode
    case max
    /// Whether at least so many epochs succeed.
    case atLeast(Int)
    /// The probability that one of so many epochs succeeds (pass@k).
    case passAt(Int)
    /// The probability that so many epochs all succeed (pass^k).
    case passHat(Int)
    /// The mean of the lowest so many per cent of the scores, 1 to 99; of at least one.
    case worst(Int)

    /// The forms that a reader may write.
    public static let forms = "mean, median, mode, max, at_least_K, pass_at_K, pass_hat_K or worst_P (1 to 99 %)"

    private static let counted: [(prefix: String, make: @Sendable (Int) -> EpochReducer)] = [
        ("at_least_", EpochReducer.atLeast), ("pass_at_", EpochReducer.passAt), ("pass_hat_", EpochReducer.passHat),
        ("worst_", EpochReducer.worst),
    ]

    /// Reads one of ``forms``; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "mean": self = .mean
        case "median": self = .median
        case "mode": self = .mode
        case "max": self = .max
        default:
            guard let form = Self.counted.first(where: { text.hasPrefix($0.prefix) }),
                let count = Int(text.dropFirst(form.prefix.count)), count >= 1
            else { return nil }
            self = form.make(count)
            if case .worst(let percent) = self, percent > 99 { return nil }
        }
    }

    /// The number of epochs that it needs.
    public var epochs: Int {
        switch self {
        case .mean, .median, .mode, .max, .worst: 1
        case .atLeast(let count), .passAt(let count), .passHat(let count): count
        }
    }

    public var description: String {
        switch self {
        case .mean: "mean"
        case .median: "median"
        case .mode: "mode"
        case .max: "max"
        case .atLeast(let count): "at_least_\(count)"
        case .passAt(let count): "pass_at_\(count)"
        case .passHat(let count): "pass_hat_\(count)"
        case .worst(let percent): "worst_\(percent)"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let reducer = EpochReducer(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not \(Self.forms)")
        }
        self = reducer
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
