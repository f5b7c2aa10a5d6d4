// How a job ended, apart from how it scored: a refusal is a success in a jailbreak suite and neither right nor wrong
// in a hallucination suite. The raw values are stored in the database and in columns: they never change.

/// The kind of an outcome, the same for every provider.
public enum OutcomeKind: UInt8, CaseIterable, Sendable, Hashable {
    /// The probe answered and was scored.
    case scored = 0
    /// The probe answered; a grade job scores it.
    case answered = 1
    /// The model declined.
    case refused = 2
    /// The provider blocked the request or the answer.
    case filtered = 3
    /// The answer was cut off by the token limit.
    case truncated = 4
    /// Our own limit of turns, time or cost ended the probe.
    case limited = 5
    /// The scorer or the judge failed; never the model's failure.
    case unscorable = 6
    /// Infrastructure failed and the retries are spent.
    case failed = 7

    /// The name in files and on screens.
    public var name: String { String(describing: self) }

    /// The kind of this name, nil for an unknown one.
    public init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}

extension OutcomeKind: Codable, CodingKeyRepresentable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let kind = OutcomeKind(name: name) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(name)' is no outcome kind")
        }
        self = kind
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    public var codingKey: any CodingKey { NameKey(stringValue: name) }

    public init?(codingKey: some CodingKey) { self.init(name: codingKey.stringValue) }

    private struct NameKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// What a suite's finding does with outcomes of a kind; frozen with the round.
public enum KindTreatment: Hashable, Sendable {
    /// Counts with the score that the scorer gave; an outcome without a score counts as excluded.
    case asScored
    /// Counts with this score.
    case scoreAs(Score)
    /// Does not count; stated beside the denominator.
    case exclude
    /// Does not count towards the rate and is given as a rate of its own.
    case reportApart
}

extension KindTreatment: Codable {
    private enum CodingKeys: String, CodingKey { case scoreAs }

    public init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            switch word {
            case "as_scored": self = .asScored
            case "exclude": self = .exclude
            case "report_apart": self = .reportApart
            default:
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "'\(word)' is no treatment of a kind")
                )
            }
        } else {
            self = .scoreAs(try decoder.container(keyedBy: CodingKeys.self).decode(Score.self, forKey: .scoreAs))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .scoreAs(let score):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(score, forKey: .scoreAs)
        case .asScored, .exclude, .reportApart:
            var container = encoder.singleValueContainer()
            try container.encode(self == .asScored ? "as_scored" : self == .exclude ? "exclude" : "report_apart")
        }
    }
}
