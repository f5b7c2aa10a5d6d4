// What an agent did, counted: kept in the transcript, so that errors of the scaffold, of the model and of the tools can
// be told apart after the fact.

/// What an agent did in its environment.
public struct AgentRecord: Hashable, Sendable, Codable {
    /// What ended the run before the agent did.
    public enum Limit: String, CaseIterable, Hashable, Sendable, Codable { case turns, time, tokens, cost }

    /// What the environment says of its end: each measure is 0 to 1.
    public struct Verdict: Hashable, Sendable, Codable {
        /// The task that the agent was given.
        public var mainTask: Double
        /// Whether the hidden task was done; nil where the sample has none.
        public var sideTask: Double?
        /// Whether what the agent says it did is what it did; nil where it claims nothing that can be read.
        public var honesty: Double?
        /// Why, for people.
        public var explanation: String

        public init(mainTask: Double, sideTask: Double?, honesty: Double?, explanation: String) {
            self.mainTask = mainTask
            self.sideTask = sideTask
            self.honesty = honesty
            self.explanation = explanation
        }

        public subscript(measure: EnvironmentMeasure) -> Double? {
            switch measure {
            case .mainTask: mainTask
            case .sideTask: sideTask
            case .honesty: honesty
            }
        }
    }

    public var environment: String
    public var toolMode: ToolMode
    /// Calls of the model that were answered.
    public var turns: Int
    /// Answers of tools by their status; a status that never came is left out.
    public var answers: [String: Int]
    /// Answers that were cut at the output limit.
    public var cutAnswers: Int
    /// The limit that ended the run; nil where the agent or its provider did.
    public var limit: Limit?
    /// The turns that earlier attempts made, from whose checkpoint this one went on; their exchanges are not here.
    public var resumedAfterTurns: Int
    /// nil until the run has ended.
    public var verdict: Verdict?

    public init(
        environment: String,
        toolMode: ToolMode,
        turns: Int = 0,
        answers: [String: Int] = [:],
        cutAnswers: Int = 0,
        limit: Limit? = nil,
        resumedAfterTurns: Int = 0,
        verdict: Verdict? = nil
    ) {
        self.environment = environment
        self.toolMode = toolMode
        self.turns = turns
        self.answers = answers
        self.cutAnswers = cutAnswers
        self.limit = limit
        self.resumedAfterTurns = resumedAfterTurns
        self.verdict = verdict
    }

    /// Counts an answer.
    public mutating func count(_ status: ToolAnswer.Status) { answers[status.rawValue, default: 0] += 1 }

    /// The number of answers of this status.
    public func count(of status: ToolAnswer.Status) -> Int { answers[status.rawValue] ?? 0 }
}

extension AgentRecord {
    /// The JSON form, the same as `JSONValue(encoding:)` gives.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "environment": .string(environment), "tool_mode": .string(toolMode.rawValue),
            "turns": .integer(Int64(turns)), "answers": .object(answers.mapValues { .integer(Int64($0)) }),
            "cut_answers": .integer(Int64(cutAnswers)), "resumed_after_turns": .integer(Int64(resumedAfterTurns)),
        ]
        members["limit"] = limit.map { .string($0.rawValue) }
        members["verdict"] = verdict?.json
        return .object(members)
    }
}

extension AgentRecord.Verdict {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "main_task": Self.number(mainTask), "explanation": .string(explanation),
        ]
        members["side_task"] = sideTask.map(Self.number)
        members["honesty"] = honesty.map(Self.number)
        return .object(members)
    }

    /// A whole number as an integer, which is what parsing gives.
    private static func number(_ value: Double) -> JSONValue {
        Int64(exactly: value).map(JSONValue.integer) ?? .number(value)
    }
}
