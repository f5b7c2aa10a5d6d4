// How one simulated model behaves. Rates are chances for one request, drawn from the seed, the model, the prompt and
// the sampling seed; only faults are drawn anew when the same prompt comes again.

public import ParleyModel

/// How one simulated model behaves. All members have defaults; in JSON they are snake_case and may be left out.
public struct ModelBehaviour: Hashable, Sendable, Codable {
    /// How a refusal looks on the wire.
    public enum RefusalForm: String, CaseIterable, Hashable, Sendable, Codable {
        /// An ordinary answer whose text declines.
        case text
        /// OpenAI: `message.refusal` with `finish_reason: "stop"`; Anthropic: `stop_reason: "refusal"`.
        case wire
    }

    /// What an answer looks like besides its text.
    public enum OutputStyle: String, CaseIterable, Hashable, Sendable, Codable {
        case plain
        /// Reasoning in its own place: `reasoning_content` (OpenAI) or a `thinking` block (Anthropic).
        case reasoning
        /// Reasoning inside the text, between `<think>` and `</think>`.
        case thinkTags = "think_tags"
    }

    /// The chance of a right answer; of a judge, of the grade that the answer deserves.
    public var accuracy: Double
    /// The chance of a refusal; a refusal goes before accuracy.
    public var refusalRate: Double
    public var refusalForm: RefusalForm
    /// The chance that the provider blocks the answer (`content_filter`; Anthropic: a 400).
    public var filterRate: Double
    /// The chance of an answer cut in half by a token limit that the request did not set.
    public var truncationRate: Double
    /// The chance of a fault, spread evenly over those that a client may retry.
    public var errorRate: Double
    /// The chance of each named fault, on top of `errorRate`.
    public var faults: FaultRates
    public var retryAdvice: RetryAdvice
    /// The median latency in milliseconds; the spread is that of a log-normal distribution with sigma 0.5.
    public var latencyMilliseconds: Int
    /// Whether answers count tokens (four bytes each).
    public var reportsUsage: Bool
    public var outputStyle: OutputStyle
    /// The largest prompt in tokens; a longer one is answered as the provider does. nil: no limit.
    public var contextTokens: Int?
    /// The grades that a judge gives to what is right and what is wrong.
    public var passGrade: String
    public var failGrade: String
    /// Of an agent, whose `accuracy` is the chance that it solves its task: the chance before each step that it first
    /// calls a tool wrongly.
    public var toolErrorRate: Double
    /// Of an agent: the chance that it does the hidden task too.
    public var sabotageRate: Double
    /// Of an agent: the chance that it says truly whether it solved its task.
    public var honestyRate: Double

    public init(
        accuracy: Double = 0.7,
        refusalRate: Double = 0,
        refusalForm: RefusalForm = .text,
        filterRate: Double = 0,
        truncationRate: Double = 0,
        errorRate: Double = 0,
        faults: FaultRates = FaultRates(),
        retryAdvice: RetryAdvice = RetryAdvice(),
        latencyMilliseconds: Int = 0,
        reportsUsage: Bool = true,
        outputStyle: OutputStyle = .plain,
        contextTokens: Int? = nil,
        passGrade: String = "C",
        failGrade: String = "I",
        toolErrorRate: Double = 0,
        sabotageRate: Double = 0,
        honestyRate: Double = 1
    ) {
        self.accuracy = accuracy
        self.refusalRate = refusalRate
        self.refusalForm = refusalForm
        self.filterRate = filterRate
        self.truncationRate = truncationRate
        self.errorRate = errorRate
        self.faults = faults
        self.retryAdvice = retryAdvice
        self.latencyMilliseconds = latencyMilliseconds
        self.reportsUsage = reportsUsage
        self.outputStyle = outputStyle
        self.contextTokens = contextTokens
        self.passGrade = passGrade
        self.failGrade = failGrade
        self.toolErrorRate = toolErrorRate
        self.sabotageRate = sabotageRate
        self.honestyRate = honestyRate
    }

    /// The behaviour that a round file asks for.
    public init(_ behaviour: SimulatedBehaviour) {
        self.init(
            accuracy: behaviour.accuracy,
            refusalRate: behaviour.refusalRate,
            errorRate: behaviour.errorRate,
            latencyMilliseconds: behaviour.latencyMilliseconds,
            toolErrorRate: behaviour.toolErrorRate ?? 0,
            sabotageRate: behaviour.sabotageRate ?? 0,
            honestyRate: behaviour.honestyRate ?? 1
        )
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case accuracy, refusalRate, refusalForm, filterRate, truncationRate, errorRate, faults, retryAdvice
        case latencyMilliseconds, reportsUsage, outputStyle, contextTokens, passGrade, failGrade
        case toolErrorRate, sabotageRate, honestyRate
    }

    public init(from decoder: any Decoder) throws {
        let reader = try StrictReader(decoder, CodingKeys.self)
        let standard = ModelBehaviour()
        accuracy = try reader.rate(.accuracy, else: standard.accuracy)
        refusalRate = try reader.rate(.refusalRate, else: standard.refusalRate)
        refusalForm = try reader.value(.refusalForm, else: standard.refusalForm)
        filterRate = try reader.rate(.filterRate, else: standard.filterRate)
        truncationRate = try reader.rate(.truncationRate, else: standard.truncationRate)
        errorRate = try reader.rate(.errorRate, else: standard.errorRate)
        faults = try reader.value(.faults, else: standard.faults)
        retryAdvice = try reader.value(.retryAdvice, else: standard.retryAdvice)
        latencyMilliseconds = try reader.value(.latencyMilliseconds, else: standard.latencyMilliseconds)
        reportsUsage = try reader.value(.reportsUsage, else: standard.reportsUsage)
        outputStyle = try reader.value(.outputStyle, else: standard.outputStyle)
        contextTokens = try reader.value(.contextTokens, else: standard.contextTokens)
        passGrade = try reader.value(.passGrade, else: standard.passGrade)
        failGrade = try reader.value(.failGrade, else: standard.failGrade)
        toolErrorRate = try reader.rate(.toolErrorRate, else: standard.toolErrorRate)
        sabotageRate = try reader.rate(.sabotageRate, else: standard.sabotageRate)
        honestyRate = try reader.rate(.honestyRate, else: standard.honestyRate)
        try reader.check(latencyMilliseconds >= 0, .latencyMilliseconds, "is below 0")
        try reader.check(refusalRate + filterRate <= 1, .filterRate, "and refusalRate are together above 1")
        try reader.check(faults.rates.values.allSatisfy { (0...1).contains($0) }, .faults, "are not between 0 and 1")
        try reader.check(
            errorRate + faults.rates.values.reduce(0, +) <= 1 + 1e-9,
            .faults,
            "and errorRate are together above 1"
        )
    }
}
