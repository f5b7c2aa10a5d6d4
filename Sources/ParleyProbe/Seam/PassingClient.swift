// A second way through a client: a body that a program built is passed on as it is, tools and all, with only the model,
// the key and the limits of the configuration put in. Tools thus work without being translated.

import ParleyModel

/// What came back for a body that was passed on.
struct PassedReply: Sendable {
    /// The HTTP status: an outcome such as a blocked request may have come as an error.
    var status: Int
    /// The response body, keys taken out.
    var body: JSONValue
    /// What it says.
    var reply: GenerateReply
}

/// A client that passes on bodies of its provider's own format.
protocol PassingClient: ModelClient {
    var format: ProviderKind { get }

    /// One call, no retries. The messages of `request` are not used; its configuration and limit are put into the body.
    func pass(_ body: JSONValue, for request: GenerateRequest) async throws(ProbeFailure) -> PassedReply
}
