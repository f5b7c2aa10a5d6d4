// What an error means: an outcome of the model, or a failure of the attempt with its class. Codes decide first, then
// types, then the few marks that providers put into messages only, then the status. Sources: the error references of
// OpenAI and Anthropic and the classification that inspect_ai applies.

import ParleyModel

/// What an error means.
enum ErrorVerdict: Hashable, Sendable {
    /// The model's (or the provider's) answer to this input: the same input gives the same again.
    case outcome(StopReason)
    case failure(FailureClass)
}

extension ErrorReport {
    private static let filterCodes: Set<String> = [
        "invalid_prompt", "content_policy_violation", "content_filter", "cyber_policy", "ResponsibleAIPolicyViolation",
    ]
    private static let contextMarks = [
        "prompt is too long", "exceed context limit", "maximum context length", "context length exceeded",
        "exceeds the context window", "exceeds the model's context", "exceeds the available context",
        "input is too long",
    ]
    /// Parts of codes and types that mean that money or quota is finished.
    private static let quotaMarks = [
        "insufficient_quota", "credit_balance", "spend_limit", "usage_limit", "billing", "exceeded_current_quota",
        "insufficient_balance", "insufficient_credits", "quota_exhausted",
    ]

    var verdict: ErrorVerdict {
        if let outcome { return .outcome(outcome) }
        return .failure(failureClass)
    }

    /// Only an error that blames the input can be an outcome.
    private var outcome: StopReason? {
        let names = [code, type].compactMap { $0 }
        if names.contains("context_length_exceeded") { return .contextLength }
        if !Self.filterCodes.isDisjoint(with: names) { return .contentFilter }
        guard [200, 400, 403, 413, 422].contains(status), isStructured else { return nil }
        let words = words
        if status == 413 || names.contains("request_too_large") || Self.contextMarks.contains(where: words.contains) {
            return .contextLength
        }
        return isModerated || words.contains("content filtering") ? .contentFilter : nil
    }

    private var failureClass: FailureClass {
        let names = [code, type].compactMap { $0?.lowercased() }
        let words = words
        if status == 402 || names.contains(where: { name in Self.quotaMarks.contains { name.contains($0) } }) {
            return .quotaExhausted
        }
        if words.contains("credit balance is too low") || words.contains("exceeded your current quota") {
            return .quotaExhausted
        }
        if isOverload(words) { return .overloaded }
        if let known = classOfType(names) { return known }
        if status == 400, words.contains("not valid json"), words.contains("unexpected end of data") {
            return .connection
        }
        return classOfStatus(words)
    }

    /// Overload hides in a 429, a 503, a 529, and in errors that come after a 200.
    private func isOverload(_ words: String) -> Bool {
        guard status == 429 || status >= 500 || isLate else { return false }
        return status == 529 || words.contains("overloaded") || words.contains("slow down")
            || words.contains("slow_down")
    }

    /// Types that say more than the status, or stand alone in a stream.
    private func classOfType(_ names: [String]) -> FailureClass? {
        if names.contains(where: { $0.contains("overloaded") || $0 == "slow_down" }) { return .overloaded }
        guard isLate, status < 400 else { return nil }
        for name in names {
            switch name {
            case "rate_limit_error", "rate_limit_exceeded": return .rateLimited
            case "timeout_error": return .timeout
            case "api_error", "server_error", "internal_error": return .serverError
            case "authentication_error", "permission_error": return .authentication
            case "invalid_request_error", "not_found_error": return .invalidRequest
            default: continue
            }
        }
        return nil
    }

    private func classOfStatus(_ words: String) -> FailureClass {
        switch status {
        case 401, 403, 407: .authentication
        case 408, 504: .timeout
        case 409: .serverError
        // Moonshot, Cloudflare and others limit rates with 503.
        case 429, 503: .rateLimited
        case 500...: .serverError
        case 300..<500: .invalidRequest
        // An error after a successful status that names no type: something broke on the other side.
        default: .serverError
        }
    }
}
