// What a simulated 429, 503 or 529 says about when to come back, in the forms in which providers say it.

/// The advice of an error about when to come back.
public struct RetryAdvice: Hashable, Sendable, Codable {
    public enum Form: String, CaseIterable, Hashable, Sendable, Codable {
        /// `retry-after: 89`
        case seconds
        /// `retry-after-ms: 89000`
        case milliseconds
        /// `retry-after: Sun, 06 Nov 1994 08:49:37 GMT`
        case date
        /// `x-ratelimit-reset-requests: 1m29s` (OpenAI) or `anthropic-ratelimit-requests-reset` (Anthropic) only.
        case resetHeader = "reset_header"
        /// No advice.
        case none
    }

    public var form: Form
    public var milliseconds: Int

    public init(form: Form = .seconds, milliseconds: Int = 1000) {
        self.form = form
        self.milliseconds = milliseconds
    }

    private enum CodingKeys: String, CodingKey, CaseIterable { case form, milliseconds }

    public init(from decoder: any Decoder) throws {
        let reader = try StrictReader(decoder, CodingKeys.self)
        let standard = RetryAdvice()
        form = try reader.value(.form, else: standard.form)
        milliseconds = try reader.value(.milliseconds, else: standard.milliseconds)
        try reader.check(milliseconds >= 0, .milliseconds, "is below 0")
    }
}
