// What the endpoint says where it does not pass a call on: an error in the form of the provider whose format was used,
// so that a client library shows it as it shows any other.

import ParleyModel

/// A refusal of the endpoint.
struct EndpointError: Error, Hashable, Sendable {
    let status: Int
    /// The type in both formats' words.
    let type: String
    let code: String
    let message: String

    private init(_ status: Int, _ type: String, _ code: String, _ message: String) {
        self.status = status
        self.type = type
        self.code = code
        self.message = message
    }

    static func invalid(_ message: String) -> EndpointError {
        EndpointError(400, "invalid_request_error", "invalid_request", message)
    }

    static let unauthorized = EndpointError(
        401,
        "authentication_error",
        "invalid_api_key",
        "This token is not valid, or not any more: it ends with its attempt."
    )

    /// The statuses of refusals are such that client libraries do not try again.
    static func limit(_ message: String) -> EndpointError {
        EndpointError(403, "permission_error", "attempt_limit", message)
    }

    static func notFound(_ message: String) -> EndpointError {
        EndpointError(404, "not_found_error", "model_not_found", message)
    }

    static let tooLarge = EndpointError(413, "request_too_large", "request_too_large", "The request is too large.")

    /// The attempt has failed and its program is about to be stopped.
    static let attemptFailed = EndpointError(
        502,
        "api_error",
        "attempt_failed",
        "The provider failed, and with it this attempt; the scheduler decides when it is tried again."
    )

    func body(_ format: ProviderKind) -> JSONValue {
        switch format {
        case .openai:
            ["error": ["message": .string(message), "type": .string(type), "param": nil, "code": .string(code)]]
        case .anthropic:
            ["type": "error", "error": ["type": .string(type), "message": .string(message)]]
        }
    }
}
