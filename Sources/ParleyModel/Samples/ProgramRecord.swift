// What an external program did in an attempt, beside what it said: for people who look for the reason. Its words are
// hostile text like a model's.

/// How an external program ran.
public struct ProgramRecord: Hashable, Sendable, Codable {
    /// `exit 0`, `signal 9`, `time limit`, …
    public var end: String
    /// From the start of the process to its first byte of output, in microseconds; nil where it said nothing.
    public var startMicros: Int64?
    /// From the start of the process to its end, in microseconds.
    public var durationMicros: Int64
    /// What it logged, in order; the oldest are dropped beyond the limit.
    public var logs: [String]
    /// The end of what it wrote to standard error.
    public var errorOutput: String

    public init(
        end: String,
        startMicros: Int64?,
        durationMicros: Int64,
        logs: [String] = [],
        errorOutput: String = ""
    ) {
        self.end = end
        self.startMicros = startMicros
        self.durationMicros = durationMicros
        self.logs = logs
        self.errorOutput = errorOutput
    }

    /// The JSON form, the same as `JSONValue(encoding:)` gives.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "end": .string(end), "duration_micros": .integer(durationMicros),
            "logs": .array(logs.map(JSONValue.string)), "error_output": .string(errorOutput),
        ]
        if let startMicros { members["start_micros"] = .integer(startMicros) }
        return .object(members)
    }
}
