// What the simulator counted, for `GET /stats` and for tests that compare it with what a client saw.

public import ParleyModel

/// What was asked of a model, or of all, and what became of it.
public struct ModelCounts: Hashable, Sendable, Codable {
    public var requests = 0
    /// Answers sent whole, refusals among them.
    public var answers = 0
    public var refusals = 0
    public var filtered = 0
    public var truncated = 0
    /// Faults of all kinds.
    public var faults = 0
    /// The tokens that whole answers counted, which is what a provider would bill.
    public var inputTokens = 0
    public var outputTokens = 0

    public init() {}
}

/// The counters of a simulated provider.
public struct Statistics: Hashable, Sendable {
    /// Every model call that could be read, over all models.
    public var total = ModelCounts()
    public var byModel: [String: ModelCounts] = [:]
    public var faults: [FaultKind: Int] = [:]
    /// Requests that were turned away for what they are: 400, 401, 404, 405, 413.
    public var rejected = 0
    /// Calls that wait for their answer now.
    public var inFlight = 0
    /// The most that ever waited at once, or since the count was begun anew.
    public var mostInFlight = 0
    public var distinctPrompts = 0

    /// The most models that are counted apart; names come from clients.
    static let mostModels = 1000

    public init() {}

    mutating func count(_ model: String, _ change: (inout ModelCounts) -> Void) {
        change(&total)
        if byModel.count < Self.mostModels || byModel[model] != nil { change(&byModel[model, default: ModelCounts()]) }
    }

    /// The body of `GET /stats`.
    public var json: JSONValue {
        var members: [String: JSONValue] = Self.members(of: total)
        members["errors"] = .object(
            Dictionary(uniqueKeysWithValues: faults.map { ($0.key.rawValue, .integer(Int64($0.value))) })
        )
        members["rejected"] = .integer(Int64(rejected))
        members["in_flight"] = .integer(Int64(inFlight))
        members["most_in_flight"] = .integer(Int64(mostInFlight))
        members["distinct_prompts"] = .integer(Int64(distinctPrompts))
        members["by_model"] = .object(byModel.mapValues { .object(Self.members(of: $0)) })
        return .object(members)
    }

    private static func members(of counts: ModelCounts) -> [String: JSONValue] {
        [
            "requests": .integer(Int64(counts.requests)), "answers": .integer(Int64(counts.answers)),
            "refusals": .integer(Int64(counts.refusals)), "filtered": .integer(Int64(counts.filtered)),
            "truncated": .integer(Int64(counts.truncated)), "faults": .integer(Int64(counts.faults)),
            "input_tokens": .integer(Int64(counts.inputTokens)), "output_tokens": .integer(Int64(counts.outputTokens)),
        ]
    }
}
