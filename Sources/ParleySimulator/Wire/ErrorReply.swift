// Errors in the shape of each provider: OpenAI's `{error: {message, type, param, code}}`, Anthropic's `{type:
// "error", error: {type, message}, request_id}`.

import NIOCore
import ParleyModel

struct ErrorReply: Hashable, Sendable {
    var status: Int
    var type: String
    var message: String
    /// OpenAI's code and parameter. Anthropic has a code for a spent limit only.
    var code: String?
    var parameter: String?

    init(status: Int, type: String, message: String, code: String? = nil, parameter: String? = nil) {
        self.status = status
        self.type = type
        self.message = message
        self.code = code
        self.parameter = parameter
    }

    init(_ problem: WireProblem) {
        self.init(
            status: problem.status,
            type: problem.type,
            message: problem.message,
            code: problem.code,
            parameter: problem.parameter
        )
    }

    func write(_ format: ProviderKind, identity: UInt64, into buffer: inout ByteBuffer) {
        switch format {
        case .openai:
            buffer.writeStaticString("{\"error\":{\"message\":")
            buffer.writeJSONString(message)
            buffer.writeStaticString(",\"type\":")
            buffer.writeJSONString(type)
            buffer.writeStaticString(",\"param\":")
            buffer.writeJSONString(parameter)
            buffer.writeStaticString(",\"code\":")
            buffer.writeJSONString(code)
            buffer.writeStaticString("}}")
        case .anthropic:
            buffer.writeStaticString("{\"type\":\"error\",\"error\":{\"type\":")
            buffer.writeJSONString(type)
            buffer.writeStaticString(",\"message\":")
            buffer.writeJSONString(message)
            if type == "rate_limit_error", let code {
                buffer.writeStaticString(",\"code\":")
                buffer.writeJSONString(code)
            }
            buffer.writeStaticString("},\"request_id\":\"req_")
            buffer.writeHex(identity)
            buffer.writeStaticString("\"}")
        }
    }
}

// MARK: - The errors that providers give

extension ErrorReply {
    static func overloaded(_ format: ProviderKind) -> ErrorReply {
        switch format {
        case .openai:
            ErrorReply(
                status: 503,
                type: "server_error",
                message: "The engine is currently overloaded, please try again later.",
                code: "overloaded"
            )
        case .anthropic: ErrorReply(status: 529, type: "overloaded_error", message: "Overloaded")
        }
    }

    static func serverError(_ format: ProviderKind) -> ErrorReply {
        switch format {
        case .openai:
            ErrorReply(
                status: 500,
                type: "server_error",
                message: "The server had an error while processing your request."
            )
        case .anthropic: ErrorReply(status: 500, type: "api_error", message: "Internal server error")
        }
    }

    static func rateLimit(_ format: ProviderKind) -> ErrorReply {
        switch format {
        case .openai:
            ErrorReply(
                status: 429,
                type: "requests",
                message: "Rate limit reached on requests per min (RPM): Limit 500, Used 500, Requested 1.",
                code: "rate_limit_exceeded"
            )
        case .anthropic:
            ErrorReply(
                status: 429,
                type: "rate_limit_error",
                message: "This request would exceed your organization's rate limit of 500 requests per minute."
            )
        }
    }

    static func quotaFinished(_ format: ProviderKind) -> ErrorReply {
        switch format {
        case .openai:
            ErrorReply(
                status: 429,
                type: "insufficient_quota",
                message: "You exceeded your current quota, please check your plan and billing details.",
                code: "credit_balance_exhausted"
            )
        case .anthropic:
            // The place of the code within the body is not verified against a live answer, so the message has it too.
            ErrorReply(
                status: 429,
                type: "rate_limit_error",
                message: "Your organization has reached its spend limit (enforced_spend_limit_reached).",
                code: "enforced_spend_limit_reached"
            )
        }
    }

    static func tooLong(_ format: ProviderKind, tokens: Int, limit: Int) -> ErrorReply {
        switch format {
        case .openai:
            ErrorReply(
                status: 400,
                type: "invalid_request_error",
                message: "This model's maximum context length is \(limit) tokens. "
                    + "However, your messages resulted in \(tokens) tokens.",
                code: "context_length_exceeded",
                parameter: "messages"
            )
        case .anthropic:
            ErrorReply(
                status: 400,
                type: "invalid_request_error",
                message: "prompt is too long: \(tokens) tokens > \(limit) maximum"
            )
        }
    }

    static let filtered = ErrorReply(
        status: 400,
        type: "invalid_request_error",
        message: "Output blocked by content filtering policy"
    )

    static func unknownModel(_ format: ProviderKind, _ model: String) -> ErrorReply {
        switch format {
        case .openai:
            ErrorReply(
                status: 404,
                type: "invalid_request_error",
                message: "The model `\(model)` does not exist or you do not have access to it.",
                code: "model_not_found"
            )
        case .anthropic: ErrorReply(status: 404, type: "not_found_error", message: "model: \(model)")
        }
    }

    static func unauthorized(_ format: ProviderKind) -> ErrorReply {
        switch format {
        case .openai:
            ErrorReply(
                status: 401,
                type: "invalid_request_error",
                message: "Incorrect API key provided.",
                code: "invalid_api_key"
            )
        case .anthropic: ErrorReply(status: 401, type: "authentication_error", message: "invalid x-api-key")
        }
    }

    static func tooLarge(_ format: ProviderKind) -> ErrorReply {
        switch format {
        case .openai:
            ErrorReply(status: 413, type: "invalid_request_error", message: "The request body is too large.")
        case .anthropic:
            ErrorReply(status: 413, type: "request_too_large", message: "Request exceeds the maximum size")
        }
    }

    static func notFound(_ format: ProviderKind, _ method: String, _ path: String) -> ErrorReply {
        let type = format == .openai ? "invalid_request_error" : "not_found_error"
        return ErrorReply(status: 404, type: type, message: "Invalid URL (\(method) \(path))", code: "unknown_url")
    }

    static func wrongMethod(_ format: ProviderKind, _ method: String) -> ErrorReply {
        ErrorReply(status: 405, type: "invalid_request_error", message: "Method \(method) is not allowed here.")
    }
}
