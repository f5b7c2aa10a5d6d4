// One outcome as a package holds it: all that findings are computed from, in whole numbers, so that nothing is lost
// between the database and the reader. Scores and money are billionths, times microseconds.

public import ParleyModel

/// One observation with the grades that it came from.
public struct PackagedOutcome: Hashable, Sendable {
    /// Where an outcome stands.
    public struct Position: Hashable, Sendable, Comparable, CustomStringConvertible {
        /// Index in `RoundDefinition.cells`.
        public var cell: Int
        /// Index in the suite's frozen order.
        public var sample: Int
        /// From 1.
        public var epoch: Int

        public init(cell: Int, sample: Int, epoch: Int) {
            self.cell = cell
            self.sample = sample
            self.epoch = epoch
        }

        public var description: String { "cell \(cell), sample \(sample), epoch \(epoch)" }

        public static func < (left: Self, right: Self) -> Bool {
            (left.cell, left.sample, left.epoch) < (right.cell, right.sample, right.epoch)
        }

        public var json: JSONValue {
            [
                "cell": .integer(Int64(cell)), "sample": .integer(Int64(sample)), "epoch": .integer(Int64(epoch)),
            ]
        }

        /// nil where the form is another.
        public init?(json: JSONValue) {
            guard json.object?.count == 3, let cell = json["cell"]?.integer, let sample = json["sample"]?.integer,
                let epoch = json["epoch"]?.integer
            else { return nil }
            self.init(cell: Int(cell), sample: Int(sample), epoch: Int(epoch))
        }
    }

    public var position: Position
    public var kind: OutcomeKind
    public var score: Score?
    public var usage: Usage
    /// The probe's own, without its judges'.
    public var cost: Money
    public var judgeCost: Money
    public var latencyMicros: Int64
    /// When its job was first claimed, by the database's clock, since the Unix epoch; nil where that is not known.
    public var startedAtMicros: Int64?
    /// By the database's clock, since the Unix epoch.
    public var completedAtMicros: Int64
    public var modelReturned: String?
    /// Ascending by judge; empty where nobody judges.
    public var grades: [Grade]

    public init(
        position: Position,
        kind: OutcomeKind,
        score: Score?,
        usage: Usage,
        cost: Money,
        judgeCost: Money,
        latencyMicros: Int64,
        startedAtMicros: Int64? = nil,
        completedAtMicros: Int64,
        modelReturned: String?,
        grades: [Grade]
    ) {
        self.position = position
        self.kind = kind
        self.score = score
        self.usage = usage
        self.cost = cost
        self.judgeCost = judgeCost
        self.latencyMicros = latencyMicros
        self.startedAtMicros = startedAtMicros
        self.completedAtMicros = completedAtMicros
        self.modelReturned = modelReturned
        self.grades = grades
    }
}

extension PackagedOutcome {
    /// The end of the year 9999, the last that ISO 8601 writes without agreement.
    private static let lastMicros: Int64 = 253_402_300_799_000_000

    /// The content that is committed to.
    public var content: JSONValue {
        var members: [String: JSONValue] = [
            "kind": .string(kind.name), "input_tokens": .integer(usage.input), "output_tokens": .integer(usage.output),
            "cache_read_tokens": .integer(usage.cacheRead), "cache_write_tokens": .integer(usage.cacheWrite),
            "reasoning_tokens": .integer(usage.reasoning), "cost_billionths": .integer(cost.billionths),
            "judge_cost_billionths": .integer(judgeCost.billionths), "latency_micros": .integer(latencyMicros),
            "completed_at_micros": .integer(completedAtMicros), "grades": .array(grades.map(\.packaged)),
        ]
        members["score_billionths"] = score.map { .integer($0.billionths) }
        members["started_at_micros"] = startedAtMicros.map { .integer($0) }
        members["model_returned"] = modelReturned.map { .string($0) }
        return .object(members)
    }

    /// nil where the content has another form.
    public init?(position: Position, content: JSONValue) {
        func number(_ key: String) -> Int64? { content[key]?.integer.flatMap { $0 >= 0 ? $0 : nil } }
        guard let kind = content["kind"]?.string.flatMap(OutcomeKind.init(name:)),
            let input = number("input_tokens"), let output = number("output_tokens"),
            let cacheRead = number("cache_read_tokens"), let cacheWrite = number("cache_write_tokens"),
            let reasoning = number("reasoning_tokens"), let cost = number("cost_billionths"),
            let judgeCost = number("judge_cost_billionths"), let latency = number("latency_micros"),
            let completedAt = number("completed_at_micros"), completedAt <= Self.lastMicros,
            number("started_at_micros") ?? 0 <= Self.lastMicros,
            // Sums of these are taken below.
            max(cacheRead, cacheWrite, cost, judgeCost) < 1 << 60,
            let grades = content["grades"]?.array?.map(Grade.init(packaged:)), !grades.contains(nil)
        else { return nil }
        self.init(
            position: position,
            kind: kind,
            score: content["score_billionths"]?.integer.map(Score.init(billionths:)),
            usage: Usage(
                input: input,
                output: output,
                cacheRead: cacheRead,
                cacheWrite: cacheWrite,
                reasoning: reasoning
            ),
            cost: Money(billionths: cost),
            judgeCost: Money(billionths: judgeCost),
            latencyMicros: latency,
            startedAtMicros: number("started_at_micros"),
            completedAtMicros: completedAt,
            modelReturned: content["model_returned"]?.string,
            grades: grades.compactMap { $0 }
        )
        // A member that is unknown, or of another type, would be lost on the way back.
        guard self.content == content else { return nil }
    }

    /// The record of a package, open.
    public func record(_ salts: SaltSecret) -> SealedRecord {
        SealedRecord(
            position: position.json,
            content: content,
            salt: salts.salt(cell: position.cell, sample: position.sample, epoch: position.epoch)
        )
    }
}
