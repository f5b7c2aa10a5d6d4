// The ways in which a provider fails, each as clients meet it in the field.

/// One way to fail.
public enum FaultKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// 429 with `Retry-After`: too many requests.
    case rateLimit = "rate_limit"
    /// 429 which no retry mends: the money or the quota is finished.
    case quotaFinished = "quota_finished"
    /// 529 (Anthropic), 503 (OpenAI): overloaded.
    case overloaded
    /// 500.
    case serverError = "server_error"
    /// 502 from a gateway, with a page of HTML.
    case badGateway = "bad_gateway"
    /// The connection closes before any answer.
    case disconnect
    /// The connection closes in the middle of the body.
    case disconnectMidBody = "disconnect_mid_body"
    /// 200 with a body that is no JSON.
    case malformedJSON = "malformed_json"
    /// A stream that ends in good order, but without its last events. Not streamed: the same as a cut body.
    case truncatedStream = "truncated_stream"
    /// An `error` event after HTTP 200. Not streamed: the same as `overloaded`.
    case streamOverload = "stream_overload"
    /// No answer ever comes.
    case hang
    /// The right answer, sent in pieces with pauses.
    case slowBody = "slow_body"

    /// What `error_rate` is spread over: what a client can retry at once and that ends by itself.
    static let mix: [FaultKind] = [
        .rateLimit, .overloaded, .serverError, .badGateway, .disconnect, .disconnectMidBody, .malformedJSON,
        .truncatedStream, .streamOverload,
    ]
}

/// The chance of each fault, for one request. In JSON an object: `{"overloaded": 0.1, "hang": 0.001}`.
public struct FaultRates: Hashable, Sendable, Codable, ExpressibleByDictionaryLiteral {
    /// Kinds that are missing never happen.
    public var rates: [FaultKind: Double]

    public init(_ rates: [FaultKind: Double] = [:]) { self.rates = rates }

    public init(dictionaryLiteral elements: (FaultKind, Double)...) {
        rates = Dictionary(elements, uniquingKeysWith: { _, last in last })
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        var rates: [FaultKind: Double] = [:]
        for (name, rate) in try container.decode([String: Double].self) {
            guard let kind = FaultKind(rawValue: name) else {
                let known = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "'\(name)' is no fault; the faults are \(known)"
                )
            }
            rates[kind] = rate
        }
        self.rates = rates
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(uniqueKeysWithValues: rates.map { ($0.key.rawValue, $0.value) }))
    }
}
