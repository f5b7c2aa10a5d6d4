// What happened in an attempt, whole: every request and response as they went over the wire, and the conversation as
// the scorer saw it. Keys never enter: headers are an allow-list. A transcript is hostile input to whoever reads it.

/// One request and its response.
public struct Exchange: Hashable, Sendable, Codable {
    /// Who was asked: the model under test, a model that plays the user (an auditor as well), or a judge.
    public enum Purpose: String, Hashable, Sendable, Codable { case target, user, judge }

    public var purpose: Purpose
    public var configuration: ConfigurationName
    /// The address asked, without credentials.
    public var url: String
    /// The request body as sent.
    public var request: JSONValue
    /// Parameters of the configuration that this provider or model does not take and that were therefore left out.
    public var droppedParameters: [String]
    /// The HTTP status; nil where no response came.
    public var status: Int?
    /// The response headers that are kept: request ids, rate limits, retry advice.
    public var responseHeaders: [String: String]
    /// The response body as it came, cut at the size limit.
    public var response: String
    /// Microseconds since the Unix epoch, by the worker's clock.
    public var startedAtMicros: Int64
    public var durationMicros: Int64

    public init(
        purpose: Purpose,
        configuration: ConfigurationName,
        url: String,
        request: JSONValue,
        droppedParameters: [String] = [],
        status: Int? = nil,
        responseHeaders: [String: String] = [:],
        response: String = "",
        startedAtMicros: Int64,
        durationMicros: Int64
    ) {
        self.purpose = purpose
        self.configuration = configuration
        self.url = url
        self.request = request
        self.droppedParameters = droppedParameters
        self.status = status
        self.responseHeaders = responseHeaders
        self.response = response
        self.startedAtMicros = startedAtMicros
        self.durationMicros = durationMicros
    }

    /// The provider's name for this call; nil where it gave none.
    public var requestID: String? { responseHeaders["request-id"] ?? responseHeaders["x-request-id"] }
}

/// What happened in one attempt of a job.
public struct Transcript: Hashable, Sendable, Codable {
    public var suite: SuiteName
    public var configuration: ConfigurationName
    public var sampleID: String
    public var epoch: Int
    /// The conversation as the model under test saw it, its answers included.
    public var messages: [Message]
    /// The text that was scored.
    public var answer: String
    /// What the scorer or the judge said of it.
    public var explanation: String?
    /// What the agent did, where the solver is an agent.
    public var agent: AgentRecord?
    /// What the auditor did, where the solver is one; ``agent`` then counts its turns and tools.
    public var audit: AuditRecord?
    /// The requests of this attempt and their responses. Where it went on from a checkpoint, those of the turns before
    /// are not among them, since checkpoints do not keep them; ``messages`` is whole, and `agent.resumed_after_turns`
    /// says how many turns it is about.
    public var exchanges: [Exchange]
    /// How the suite's external program ran; nil where there is none.
    public var program: ProgramRecord?
    /// How many names were taken out of the answer before a judge saw it; nil where none was asked.
    public var blinded: Int?

    private enum CodingKeys: String, CodingKey {
        case suite, configuration, epoch, messages, answer, explanation, agent, audit, exchanges, program, blinded
        case sampleID = "sampleId"
    }

    public init(
        suite: SuiteName,
        configuration: ConfigurationName,
        sampleID: String,
        epoch: Int,
        messages: [Message] = [],
        answer: String = "",
        explanation: String? = nil,
        agent: AgentRecord? = nil,
        audit: AuditRecord? = nil,
        exchanges: [Exchange] = [],
        program: ProgramRecord? = nil,
        blinded: Int? = nil
    ) {
        self.suite = suite
        self.configuration = configuration
        self.sampleID = sampleID
        self.epoch = epoch
        self.messages = messages
        self.answer = answer
        self.explanation = explanation
        self.agent = agent
        self.audit = audit
        self.exchanges = exchanges
        self.program = program
        self.blinded = blinded
    }
}

extension Transcript {
    /// The JSON form, the same as `JSONValue(encoding:)` gives: written by hand, since one is made for every call.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "suite": .string(suite.text), "configuration": .string(configuration.text), "sample_id": .string(sampleID),
            "epoch": .integer(Int64(epoch)), "messages": .array(messages.map(\.json)), "answer": .string(answer),
            "exchanges": .array(exchanges.map(\.json)),
        ]
        if let explanation { members["explanation"] = .string(explanation) }
        if let agent { members["agent"] = agent.json }
        if let audit { members["audit"] = audit.json }
        if let program { members["program"] = program.json }
        if let blinded { members["blinded"] = .integer(Int64(blinded)) }
        return .object(members)
    }
}

extension Exchange {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "purpose": .string(purpose.rawValue), "configuration": .string(configuration.text), "url": .string(url),
            "request": request, "dropped_parameters": .array(droppedParameters.map(JSONValue.string)),
            "response_headers": .object(responseHeaders.mapValues(JSONValue.string)), "response": .string(response),
            "started_at_micros": .integer(startedAtMicros), "duration_micros": .integer(durationMicros),
        ]
        if let status { members["status"] = .integer(Int64(status)) }
        return .object(members)
    }
}
