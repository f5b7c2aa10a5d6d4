// From an error report to what the caller gets: a reply where the error is the model's outcome, else a failure with
// its class, its wait and its fingerprint.

import ParleyModel

extension ResponseReader {
    /// The reply that this error amounts to; throws where it is a failure.
    func settle(_ report: ErrorReport) throws(ProbeFailure) -> WireReply {
        switch report.verdict {
        case .outcome(let stop):
            // A request that was rejected used nothing; one that broke off after a 200 did not say what it used.
            return WireReply(text: "", stop: stop, usage: report.isLate ? nil : Usage())
        case .failure(let verdict):
            throw failure(report, class: advised(verdict))
        }
    }

    /// The server's own word on retrying (`x-should-retry`) moves a failure between transient and deterministic; it
    /// never lifts a pause of the account.
    private func advised(_ verdict: FailureClass) -> FailureClass {
        let isTransient = verdict.retry == .transient || verdict.retry == .deferred
        guard verdict.retry != .pause else { return verdict }
        switch reply.headers["x-should-retry"]?.lowercased() {
        case "true" where verdict.retry == .deterministic: return .serverError
        case "false" where isTransient: return .invalidRequest
        default: return verdict
        }
    }

    private func failure(_ report: ErrorReport, class failureClass: FailureClass) -> ProbeFailure {
        let words = report.message.isEmpty ? report.code ?? report.type ?? "no message" : report.message
        let late = report.isLate ? " (as an error inside a successful response)" : ""
        return ProbeFailure(
            failureClass,
            "\(provider.rawValue) answered HTTP \(reply.status)\(late): \(Bounded.message(words))\(remedy(report))",
            retryAfter: [.transient, .deferred].contains(failureClass.retry)
                ? RetryAdvice(headers: reply.headers, now: now).wait : nil,
            fingerprint: Fingerprint.text(provider, status: reply.status, report.type, report.code),
            usage: isUnbilled(report) ? Usage() : nil
        )
    }

    /// Rejected before any work: nothing is billed. Other errors of the server may come after the work.
    private func isUnbilled(_ report: ErrorReport) -> Bool {
        guard !report.isLate else { return false }
        switch report.status {
        case 408: return false
        case 300..<500, 503, 529: return true
        default: return false
        }
    }

    private func remedy(_ report: ErrorReport) -> String {
        switch report.status {
        case 300..<400: ". Redirects are not followed: give the address itself as base_url"
        case 401, 403: ". Check the model's api_key and what it may use"
        case 404: ". Check the model's base_url and model_id"
        default: ""
        }
    }
}
