// One sample of a log as a record. Of our own logs the record comes back as it was written; of another's it is read by
// the rules of inspect_ai: whatever has a score counts with it, and why there is none says the stop reason, the limit
// or the error.

public import ParleyModel

/// What a sample of a log holds.
public struct InspectSample: Sendable {
    /// The record; of another's log without a score, which is one of ``scores``.
    public var record: ExchangeRecord
    /// By the scorer's name, and its key where the score has several: the value as a number, nil where unscored.
    public var scores: [String: Score?]
    /// Whether Parley wrote the sample.
    public var isOwn: Bool
}

struct InspectSampleReader {
    let suite: SuiteName
    let configuration: ConfigurationName
    /// The model of the log's header, whose tokens count as the probe's.
    let model: String
    /// Of our own log: who judged, in the suite's order.
    let judges: [String]

    /// Reads a sample. Throws where it has not the form of one.
    func read(_ json: JSONValue, key: InspectLogReader.Key, path: String) throws -> InspectSample {
        func failure(_ what: String) -> ParleyFailure {
            ParleyFailure(.invalidInput, "\(path): sample '\(key.id.prefix(60))', epoch \(key.epoch): \(what)")
        }
        guard let id = json["id"]?.string ?? json["id"]?.integer.map(String.init), json["input"] != nil else {
            throw failure("it has no 'id' or no 'input'")
        }
        let sample = Sample(
            id: id,
            input: try messages(json["input"], failure),
            choices: json["choices"]?.array?.compactMap(\.string) ?? [],
            target: json["target"]?.array?.compactMap(\.string) ?? json["target"]?.string.map { [$0] } ?? [],
            metadata: json["metadata"]?.object ?? [:]
        )
        var transcript = Transcript(
            suite: suite,
            configuration: configuration,
            sampleID: id,
            epoch: key.epoch,
            messages: try messages(json["messages"] ?? [], failure),
            answer: completion(json)
        )
        transcript.exchanges = try events(json, InspectFacts.exchangeSource).map { try $0.decode(Exchange.self) }
        var record = ExchangeRecord(
            job: JobID(0),
            sampleIndex: 0,
            sample: sample,
            epoch: key.epoch,
            kind: kind(json),
            completedAtMicros: json["completed_at"]?.string.flatMap(Timestamp.micros) ?? 0,
            transcript: transcript
        )
        if let facts = events(json, InspectFacts.source).last {
            do { try InspectFacts.apply(facts, judges: judges, to: &record) } catch { throw failure("\(error)") }
            return InspectSample(record: record, scores: try scores(json, failure), isOwn: true)
        }
        try fill(&record, json, failure)
        return InspectSample(record: record, scores: try scores(json, failure), isOwn: false)
    }

    private func messages(_ json: JSONValue?, _ failure: (String) -> ParleyFailure) throws -> [Message] {
        if let text = json?.string { return [Message(.user, text)] }
        return try (json?.array ?? []).map { message in
            guard let message = InspectMessage.read(message) else { throw failure("a message has no known role") }
            return message
        }
    }

    private func events(_ json: JSONValue, _ source: String) -> [JSONValue] {
        (json["events"]?.array ?? []).compactMap { event in
            event["event"]?.string == "info" && event["source"]?.string == source ? event["data"] : nil
        }
    }

    private func completion(_ json: JSONValue) -> String {
        json["output"]?["choices"]?[0]?["message"].flatMap(InspectMessage.read)?.content ?? ""
    }

    /// How the sample ended, apart from its score.
    private func kind(_ json: JSONValue) -> OutcomeKind {
        if json["error"].map({ !$0.isNull }) ?? false { return .failed }
        if json["limit"].map({ !$0.isNull }) ?? false { return .limited }
        let choice = json["output"]?["choices"]?[0]
        switch choice?["stop_reason"]?.string {
        case "content_filter":
            return choice?["stop_details"]?["type"]?.string == "refusal" ? .refused : .filtered
        case "max_tokens", "model_length": return .truncated
        default: return .unscorable
        }
    }

    /// What another's log says of tokens, time and the model.
    private func fill(
        _ record: inout ExchangeRecord,
        _ json: JSONValue,
        _ failure: (String) -> ParleyFailure
    ) throws {
        let byModel = json["model_usage"]?.object ?? [:]
        let parts = byModel[model].map { [$0] } ?? byModel.sorted { $0.key < $1.key }.map(\.value)
        for part in parts {
            func count(_ name: String) throws -> Int64 {
                guard let value = part[name], !value.isNull else { return 0 }
                guard let count = InspectFacts.amount(value) else { throw failure("'\(name)' is no number of tokens") }
                return count
            }
            record.usage =
                record.usage
                + Usage(
                    input: try count("input_tokens"),
                    output: try count("output_tokens"),
                    cacheRead: try count("input_tokens_cache_read"),
                    cacheWrite: try count("input_tokens_cache_write"),
                    reasoning: try count("reasoning_tokens")
                )
            guard let cost = part["total_cost"]?.double else { continue }
            guard let billionths = InspectFacts.amount(.integer(Score(cost)?.billionths ?? -1)) else {
                throw failure("'total_cost' is no cost of a sample")
            }
            record.cost = record.cost + Money(billionths: billionths)
        }
        let seconds = json["output"]?["time"]?.double ?? json["working_time"]?.double ?? 0
        record.latencyMicros = Int64(max(0, min(seconds, 1e9)) * 1e6)
        record.modelReturned = json["output"]?["model"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        record.attempts = 1 + (json["error_retries"]?.array?.count ?? 0)
        record.startedAtMicros = json["started_at"]?.string.flatMap(Timestamp.micros)
        record.failure = json["error"]?["message"]?.string
    }

    /// The values of all scorers; a score of several values is one for each key or place.
    private func scores(_ json: JSONValue, _ failure: (String) -> ParleyFailure) throws -> [String: Score?] {
        var scores: [String: Score?] = [:]
        for (name, score) in json["scores"]?.object ?? [:] {
            let value = score["value"] ?? .null
            let parts: [(String, JSONValue)] =
                switch value {
                case .object(let members): members.map { ("\(name).\($0.key)", $0.value) }
                case .array(let elements): elements.enumerated().map { ("\(name).\($0.offset)", $0.element) }
                default: [(name, value)]
                }
            for (name, part) in parts {
                guard let number = InspectValue.number(part) else {
                    scores[name] = .some(nil)
                    continue
                }
                guard let score = Score(number) else { throw failure("the score \(number) is beyond ±9e9") }
                scores[name] = score
            }
        }
        return scores
    }
}

/// A score's value as a number, by the rules of inspect_ai's `value_to_float`.
enum InspectValue {
    /// nil where the value is unscored: NaN, which stands here as null.
    static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .null: return nil
        case .bool(let isRight): return isRight ? 1 : 0
        case .integer, .number: return value.double
        case .string(let text): return number(text)
        case .array, .object: return 0
        }
    }

    private static func number(_ text: String) -> Double {
        switch text {
        case "C": return 1
        case "P": return 0.5
        case "I", "N": return 0
        default: break
        }
        switch text.lowercased() {
        case "yes", "true": return 1
        case "no", "false": return 0
        default: return Double(text).flatMap { $0.isFinite ? $0 : nil } ?? 0
        }
    }
}
