// What Parley knows of an observation and Inspect has no field for: an `info` event of each sample, so that a rewrite by
// Inspect keeps it, and an import of our own log gives the record back as it was, to the billionth.

import ParleyModel

enum InspectFacts {
    static let source = "parley"
    static let exchangeSource = "parley.exchange"
    static let format = "parley.record/1"

    /// The facts of a record; `id` is the sample's where the log had to call it otherwise, `judges` are the suite's.
    static func json(_ record: ExchangeRecord, id: String?, judges: [ConfigurationName]) -> JSONValue {
        var members: [String: JSONValue] = [
            "format": .string(format), "job": .integer(record.job.rawValue),
            "sample_index": .integer(Int64(record.sampleIndex)), "kind": .string(record.kind.name),
            "usage": tokens(record.usage), "cost_billionths": .integer(record.cost.billionths),
            "latency_micros": .integer(record.latencyMicros), "attempts": .integer(Int64(record.attempts)),
            "completed_at_micros": .integer(record.completedAtMicros),
        ]
        members["sample_id"] = id.map(JSONValue.string)
        members["score_billionths"] = (record.score?.billionths).map(JSONValue.integer)
        members["model_returned"] = record.modelReturned.map(JSONValue.string)
        members["started_at_micros"] = record.startedAtMicros.map(JSONValue.integer)
        members["failure"] = record.failure.map(JSONValue.string)
        if let transcript = record.transcript {
            members["answer"] = .string(transcript.answer)
            members["explanation"] = transcript.explanation.map(JSONValue.string)
        }
        if !record.grades.isEmpty { members["grades"] = .array(record.grades(by: judges).map(json)) }
        return .object(members)
    }

    private static func json(_ judge: ConfigurationName, _ grade: Grade) -> JSONValue {
        var members: [String: JSONValue] = [
            "judge": .string(judge.text), "kind": .string(grade.kind.name), "usage": tokens(grade.usage),
            "cost_billionths": .integer(grade.cost.billionths), "latency_micros": .integer(grade.latencyMicros),
        ]
        members["score_billionths"] = (grade.score?.billionths).map(JSONValue.integer)
        members["model_returned"] = grade.modelReturned.map(JSONValue.string)
        members["transcript"] = grade.transcript?.json
        return .object(members)
    }

    /// Fills a record from its facts; `judges` are those of the log's header. Throws where they are not of this form.
    static func apply(_ facts: JSONValue, judges: [String], to record: inout ExchangeRecord) throws {
        guard facts["format"]?.string == format, let job = facts["job"]?.integer,
            let sampleIndex = amount(facts["sample_index"]),
            let kind = facts["kind"]?.string.flatMap(OutcomeKind.init),
            let usage = facts["usage"].flatMap(usage), let cost = amount(facts["cost_billionths"]),
            let latency = amount(facts["latency_micros"]), let attempts = amount(facts["attempts"]),
            let completed = facts["completed_at_micros"]?.integer, Timestamp.range.contains(completed)
        else { throw ParleyFailure(.invalidInput, "the event of source '\(source)' is not one of Parley's records") }
        record.job = JobID(job)
        record.sampleIndex = Int(sampleIndex)
        record.kind = kind
        record.usage = usage
        record.cost = Money(billionths: cost)
        record.latencyMicros = latency
        record.attempts = Int(attempts)
        record.completedAtMicros = completed
        record.startedAtMicros = facts["started_at_micros"]?.integer
        record.score = facts["score_billionths"]?.integer.map(Score.init(billionths:))
        record.modelReturned = facts["model_returned"]?.string
        record.failure = facts["failure"]?.string
        if let id = facts["sample_id"]?.string { record.sample.id = id }
        record.transcript?.sampleID = record.sample.id
        if let answer = facts["answer"]?.string {
            record.transcript?.answer = answer
            record.transcript?.explanation = facts["explanation"]?.string
        } else {
            record.transcript = nil
        }
        record.grades = try (facts["grades"]?.array ?? []).map { try grade($0, judges) }
    }

    private static func grade(_ json: JSONValue, _ judges: [String]) throws -> Grade {
        guard let judge = json["judge"]?.string.flatMap(judges.firstIndex(of:)),
            let kind = json["kind"]?.string.flatMap(OutcomeKind.init),
            let usage = json["usage"].flatMap(usage), let cost = amount(json["cost_billionths"]),
            let latency = amount(json["latency_micros"])
        else { throw ParleyFailure(.invalidInput, "a grade is not one of Parley's") }
        return Grade(
            judge: judge,
            kind: kind,
            score: json["score_billionths"]?.integer.map(Score.init(billionths:)),
            usage: usage,
            cost: Money(billionths: cost),
            latencyMicros: latency,
            modelReturned: json["model_returned"]?.string,
            transcript: try json["transcript"]?.decode(Transcript.self)
        )
    }

    private static func tokens(_ usage: Usage) -> JSONValue {
        .array(
            [usage.input, usage.output, usage.cacheRead, usage.cacheWrite, usage.reasoning].map(JSONValue.integer)
        )
    }

    /// A number of tokens, billionths, microseconds or attempts that one observation can have: 0 to 10¹⁵, of which any
    /// archive's sum fits 64 bits. nil for all else.
    static func amount(_ json: JSONValue?) -> Int64? {
        json?.integer.flatMap { (0...1_000_000_000_000_000).contains($0) ? $0 : nil }
    }

    private static func usage(_ json: JSONValue) -> Usage? {
        guard let numbers = json.array?.compactMap(amount), numbers.count == 5 else { return nil }
        return Usage(
            input: numbers[0],
            output: numbers[1],
            cacheRead: numbers[2],
            cacheWrite: numbers[3],
            reasoning: numbers[4]
        )
    }
}
