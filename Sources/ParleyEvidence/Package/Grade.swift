// One judge's grade of one observation, as packages and exports hold it. A package holds who, how it ended and the
// score; what the judgement took and said leaves with an export only.

public import ParleyModel

/// What one judge said.
public struct Grade: Hashable, Sendable, Codable {
    /// Index in the suite's `grader.judges`.
    public var judge: Int
    /// `scored` or `unscorable`; `failed` where the judge's retries are spent.
    public var kind: OutcomeKind
    public var score: Score?
    public var usage: Usage
    public var cost: Money
    public var latencyMicros: Int64
    public var modelReturned: String?
    /// The judge's own conversation.
    public var transcript: Transcript?

    public init(
        judge: Int,
        kind: OutcomeKind,
        score: Score? = nil,
        usage: Usage = Usage(),
        cost: Money = .zero,
        latencyMicros: Int64 = 0,
        modelReturned: String? = nil,
        transcript: Transcript? = nil
    ) {
        self.judge = judge
        self.kind = kind
        self.score = score
        self.usage = usage
        self.cost = cost
        self.latencyMicros = latencyMicros
        self.modelReturned = modelReturned
        self.transcript = transcript
    }
}

// The form in packages.
extension Grade {
    var packaged: JSONValue {
        var members: [String: JSONValue] = ["judge": .integer(Int64(judge)), "kind": .string(kind.name)]
        members["score_billionths"] = score.map { .integer($0.billionths) }
        return .object(members)
    }

    /// nil where the form is another.
    init?(packaged json: JSONValue) {
        guard let judge = json["judge"]?.integer, let kind = json["kind"]?.string.flatMap(OutcomeKind.init(name:))
        else { return nil }
        self.init(
            judge: Int(judge),
            kind: kind,
            score: json["score_billionths"]?.integer.map(Score.init(billionths:))
        )
    }
}
