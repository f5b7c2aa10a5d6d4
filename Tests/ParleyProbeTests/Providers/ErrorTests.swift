// What error responses mean: outcomes of the model, classes of failures, fingerprints.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Error responses")
struct ErrorTests {
    private static func error(_ type: String, _ message: String = "", code: String? = nil) -> String {
        let code = code.map { "\"\($0)\"" } ?? "null"
        return #"{"error":{"type":"\#(type)","code":\#(code),"message":"\#(message)"}}"#
    }

    @Test(
        "An error that blames the input is an outcome of the model",
        arguments: [
            (.openai, 400, error("invalid_request_error", code: "context_length_exceeded"), .contextLength),
            (
                .openai, 400, error("invalid_request_error", "This model's maximum context length is 4096 tokens"),
                .contextLength
            ),
            (.openai, 400, error("invalid_request_error", code: "invalid_prompt"), .contentFilter),
            (.openai, 400, error("image_generation_user_error", code: "content_policy_violation"), .contentFilter),
            (.openai, 400, error("", code: "content_filter"), .contentFilter),
            (.openai, 400, error("invalid_request", code: "cyber_policy"), .contentFilter),
            (
                .openai, 403, #"{"error":{"code":403,"message":"flagged","metadata":{"reasons":["violence"]}}}"#,
                .contentFilter
            ),
            (.openai, 200, error("", code: "context_length_exceeded"), .contextLength),
            (
                .anthropic, 400, error("invalid_request_error", "prompt is too long: 210000 tokens > 200000"),
                .contextLength
            ),
            (
                .anthropic, 400, error("invalid_request_error", "input length and `max_tokens` exceed context limit"),
                .contextLength
            ),
            (
                .anthropic, 400, error("invalid_request_error", "Output blocked by content filtering policy"),
                .contentFilter
            ),
            (.anthropic, 413, error("request_too_large", "Request exceeds the maximum size"), .contextLength),
        ] as [(ProviderKind, Int, String, StopReason)]
    )
    func outcomes(provider: ProviderKind, status: Int, body: String, stop: StopReason) throws {
        let reply = try Wire.parse(provider, status: status, body)
        #expect(reply.stop == stop)
        #expect(reply.text == "")
        #expect(reply.usage == (status == 200 ? nil : Usage()))
    }

    @Test(
        "Every other error has its class",
        arguments: [
            (.openai, 429, error("requests", "Rate limit reached", code: "rate_limit_exceeded"), .rateLimited),
            (.openai, 429, error("insufficient_quota", code: "insufficient_quota"), .quotaExhausted),
            (.openai, 429, error("", code: "credit_balance_exhausted"), .quotaExhausted),
            (.openai, 429, error("exceeded_current_quota_error"), .quotaExhausted),
            (.openai, 429, error("engine_overloaded_error", "The engine is currently overloaded"), .overloaded),
            (.openai, 429, error("", "Slow down", code: "slow_down"), .overloaded),
            (.openai, 402, error("", "Insufficient Balance"), .quotaExhausted),
            (.openai, 503, "<html>busy</html>", .rateLimited),
            (.openai, 503, error("server_error", "That model is currently overloaded"), .overloaded),
            (.openai, 401, error("invalid_request_error", code: "invalid_api_key"), .authentication),
            (.openai, 403, "<html>", .authentication),
            (.openai, 404, error("invalid_request_error", code: "model_not_found"), .invalidRequest),
            (.openai, 400, #"{"object":"error","message":"bad","code":400}"#, .invalidRequest),
            (.openai, 413, "<html>413 Request Entity Too Large</html>", .invalidRequest),
            (.openai, 408, "", .timeout), (.openai, 409, "", .serverError), (.openai, 500, "", .serverError),
            (.openai, 502, "<html>", .serverError), (.openai, 504, "", .timeout), (.openai, 301, "", .invalidRequest),
            (.openai, 200, #"{"error":{"code":502,"message":"upstream"}}"#, .serverError),
            (
                .openai, 200, #"{"choices":[{"finish_reason":"error","error":{"code":429,"message":"x"}}]}"#,
                .rateLimited
            ),
            (.anthropic, 429, error("rate_limit_error"), .rateLimited),
            (.anthropic, 429, error("rate_limit_error", code: "enforced_spend_limit_reached"), .quotaExhausted),
            (.anthropic, 402, error("billing_error"), .quotaExhausted),
            (.anthropic, 400, error("invalid_request_error", "Your credit balance is too low"), .quotaExhausted),
            (.anthropic, 529, error("overloaded_error", "Overloaded"), .overloaded),
            (.anthropic, 529, "", .overloaded),
            (.anthropic, 200, #"{"type":"error","error":{"type":"overloaded_error","message":""}}"#, .overloaded),
            (.anthropic, 200, "upstream overloaded", .overloaded),
            (.anthropic, 200, "Internal Server Error", .serverError),
            (
                .anthropic, 400,
                error("invalid_request_error", "The request body is not valid JSON: unexpected end of data"),
                .connection
            ),
            (.anthropic, 400, error("invalid_request_error", "roles must alternate"), .invalidRequest),
        ] as [(ProviderKind, Int, String, FailureClass)]
    )
    func classes(provider: ProviderKind, status: Int, body: String, failureClass: FailureClass) {
        #expect(Wire.failure(provider, status: status, body)?.failureClass == failureClass)
    }

    @Test("The server's word on retrying moves a failure between transient and deterministic, and lifts no pause")
    func shouldRetry() {
        func retry(_ status: Int, _ word: String) -> FailureClass.Retry? {
            Wire.failure(.openai, status: status, headers: ["x-should-retry": word], "{}")?.failureClass.retry
        }
        #expect(retry(400, "true") == .transient)
        #expect(retry(500, "false") == .deterministic)
        #expect(retry(500, "true") == .transient)
        #expect(retry(400, "perhaps") == .deterministic)
        #expect(retry(401, "true") == .pause)
        #expect(retry(402, "true") == .pause)
    }

    @Test("A fingerprint names provider, status, type and code, bounded and plain, whatever the message says")
    func fingerprints() throws {
        let one = try #require(
            Wire.failure(.openai, status: 429, Self.error("requests", "wait 3 s", code: "rate limit"))
        )
        let two = try #require(
            Wire.failure(.openai, status: 429, Self.error("requests", "wait 9 s", code: "rate limit"))
        )
        #expect(one.fingerprint == "openai 429 requests rate_limit")
        #expect(one.fingerprint == two.fingerprint)
        #expect(one.message != two.message)
        let long = String(repeating: "x", count: 100_000)
        let huge = try #require(Wire.failure(.openai, status: 500, Self.error(long, long, code: long)))
        #expect(huge.fingerprint.utf8.count < 200)
        #expect(huge.message.utf8.count < 1000)
    }

    @Test("Only a request that was rejected before any work counts as unused")
    func usage() {
        #expect(Wire.failure(.openai, status: 429, "{}")?.usage == Usage())
        #expect(Wire.failure(.openai, status: 400, "{}")?.usage == Usage())
        #expect(Wire.failure(.openai, status: 500, "{}")?.usage == nil)
        #expect(Wire.failure(.openai, status: 200, #"{"error":"x"}"#)?.usage == nil)
    }
}
