// Whether a model can be reached and its key is taken, and what to do where not: what `parley doctor` shows.

public import ParleyModel

/// The result of a check of one model.
public struct ModelCheck: Hashable, Sendable {
    public enum Verdict: String, Hashable, Sendable, CaseIterable {
        case reachable
        /// There is no key, or none that can be sent.
        case keyMissing = "key_missing"
        case keyRefused = "key_refused"
        case notReachable = "not_reachable"
        /// The definition itself is wrong: address, proxy, certificate file.
        case misconfigured
    }

    public let model: ModelName
    public let verdict: Verdict
    /// What was found.
    public let message: String
    /// What the person can do about it; nil where nothing is to be done.
    public let remedy: String?
    /// What works and should be mended all the same.
    public let warnings: [String]

    public var isReachable: Bool { verdict == .reachable }

    init(_ model: ModelName, _ verdict: Verdict, _ message: String, remedy: String? = nil, warnings: [String] = []) {
        self.model = model
        self.verdict = verdict
        self.message = message
        self.remedy = remedy
        self.warnings = warnings
    }
}

extension ModelCheck {
    /// Reads the answer to a question for the list of models. Any answer but a refused key or a server's error shows
    /// that the endpoint is there: many compatible servers have no such list.
    init(_ reception: HTTPReception, model: ModelDefinition, redactor: Redactor, warnings: [String]) {
        let name = model.name
        guard reception.trouble == nil, let status = reception.status else {
            let reason = reception.trouble?.message ?? "no answer"
            self.init(
                name,
                .notReachable,
                redactor.redact(Bounded.message(reason, limit: 600)),
                remedy: Self.remedy(reception.trouble),
                warnings: warnings
            )
            return
        }
        switch status {
        case 401, 403:
            let words = Bounded.message(ErrorReport(status: status, body: reception.body).message)
            self.init(
                name,
                .keyRefused,
                redactor.redact("HTTP \(status): \(words)"),
                remedy: model.apiKey.map { "check the key behind \($0) and what it may use" }
                    ?? "the endpoint wants a key: name it with api_key: env:NAME or file:PATH",
                warnings: warnings
            )
        case 300..<400:
            self.init(
                name,
                .notReachable,
                "HTTP \(status): the address redirects, which is not followed",
                remedy: "give the address itself as base_url",
                warnings: warnings
            )
        case 500...:
            self.init(
                name,
                .notReachable,
                "the endpoint answers HTTP \(status)",
                remedy: "try again later; if it stays, check base_url and the provider's status page",
                warnings: warnings
            )
        default:
            let unlisted = Self.unlisted(model, status: status, body: redactor.redact(reception.body))
            self.init(name, .reachable, "HTTP \(status)", warnings: warnings + unlisted)
        }
    }

    private static func remedy(_ trouble: TransportTrouble?) -> String {
        switch trouble {
        case .tls: "check certificate_file, and that the address is the one the certificate is made for"
        case .timeout: "check base_url, proxy and firewall: nothing answered in time"
        case .unsendable: "check base_url and api_key"
        case .unreachable, .broken, .tooLarge, .cancelled, nil: "check base_url and proxy, and that the host is up"
        }
    }

    private static func unlisted(_ model: ModelDefinition, status: Int, body: [UInt8]) -> [String] {
        guard status == 200, let list = (try? JSONValue(parsing: body))?["data"]?.array else {
            return [
                "the endpoint gives no list of models: whether it serves '\(model.modelID)' shows at the first call"
            ]
        }
        if list.contains(where: { $0["id"]?.string == model.modelID }) { return [] }
        return ["the endpoint's list of models does not name '\(model.modelID)'"]
    }
}
