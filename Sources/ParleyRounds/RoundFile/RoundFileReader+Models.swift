// The section `models`. Secrets are never read and never repeated: a value that is no reference is called a mistake
// without being shown.

import Foundation
import ParleyModel

extension RoundFileReader {
    static let modelKeys = [
        "name", "party", "access", "provider", "base_url", "model", "api_key", "account", "concurrency",
        "requests_per_minute", "tokens_per_minute", "timeout",
        "price", "proxy", "certificate_file", "unsupported_parameters", "simulate", "no_training",
        "raw_reasoning", "requires",
    ]

    func readModel(_ entry: Entry) -> ModelDefinition? {
        let fields = entry.fields
        let party: PartyName? = declared.reference(fields.required("party", "party: the owner's name"), .party)
        let provider = fields.required("provider", "provider: openai or anthropic")?.word(ProviderKind.self)
        let modelID = fields.required("model", "model: the id to ask the provider for")?.text()
        let access = fields["access"]?.word(ModelDefinition.Access.self) ?? .published
        if access == .internal, draft.tier == .bilateral {
            fields["access"]?.warn(
                "an internal model in a bilateral round, which is about published models",
                "use tier: mediated, or access: published"
            )
        }
        let baseURL = provider.flatMap { readBaseURL(fields["base_url"], provider: $0) }
        let parameters = fields["unsupported_parameters"].flatMap { readParameters($0) }
        let optional = (
            apiKey: fields["api_key"].flatMap { readSecret($0) },
            concurrency: fields["concurrency"]?.count(in: 1...100_000),
            requests: fields["requests_per_minute"]?.count(in: 1...1_000_000_000),
            tokens: fields["tokens_per_minute"]?.integer(in: 1...1_000_000_000_000),
            timeout: fields["timeout"]?.milliseconds(in: 1...86_400_000),
            price: fields["price"].flatMap { readPrice($0) },
            simulate: fields["simulate"].flatMap { readSimulation($0) },
            proxy: fields["proxy"].flatMap { readURL($0, example: "http://proxy:3128") },
            certificate: fields["certificate_file"].flatMap { readCertificate($0) },
            account: fields["account"]?.text()
        )
        guard let party, let provider, let modelID, let baseURL else { return nil }
        return ModelDefinition(
            name: Name(entry.name),
            party: party,
            access: access,
            provider: provider,
            baseURL: baseURL,
            modelID: modelID,
            apiKey: optional.apiKey,
            account: optional.account ?? party.text,
            concurrency: optional.concurrency ?? 8,
            requestsPerMinute: optional.requests,
            tokensPerMinute: optional.tokens,
            timeoutMilliseconds: optional.timeout ?? 120_000,
            price: optional.price,
            proxy: optional.proxy,
            certificateFile: optional.certificate,
            unsupportedParameters: parameters ?? [],
            simulate: optional.simulate,
            noTraining: fields["no_training"]?.text(),
            rawReasoning: fields["raw_reasoning"]?.flag(),
            requires: fields["requires"].flatMap { readTags($0) }
        )
    }

    /// Tags that workers must have, each once, in order.
    func readTags(_ field: Field) -> [String]? {
        guard let tags = field.texts() else { return nil }
        for fault in tags.compactMap(WorkerTag.fault) {
            field.fail(fault, "write requires: [sandbox, key:north], and give workers the same by --tag")
        }
        return Set(tags).sorted()
    }

    private func readBaseURL(_ field: Field?, provider: ProviderKind) -> String? {
        guard let field else { return provider == .openai ? "https://api.openai.com/v1" : "https://api.anthropic.com" }
        let example = provider == .openai ? "http://127.0.0.1:8000/v1" : "https://api.anthropic.com"
        guard var url = readURL(field, example: example) else { return nil }
        while url.hasSuffix("/") { url.removeLast() }
        for ending in ["/chat/completions", "/messages", "/completions"] where url.hasSuffix(ending) {
            field.fail("'base_url' names a single call (…\(ending))", "end it before \(ending), such as \(example)")
            return nil
        }
        if provider == .anthropic, url.hasSuffix("/v1") {
            field.fail("'base_url' of an anthropic model stands without '/v1'", "write \(example)")
            return nil
        }
        return url
    }

    /// An http or https address without credentials.
    private func readURL(_ field: Field, example: String) -> String? {
        guard let text = field.text() else { return nil }
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            parts.host?.isEmpty == false
        else {
            field.fail("'\(field.key)' is no http or https address", "write one such as \(example)")
            return nil
        }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            field.fail(
                "'\(field.key)' holds a user, a password or a query, which do not belong into a round file",
                "write the address alone, such as \(example); keys go by reference under api_key"
            )
            return nil
        }
        return text
    }

    private func readSecret(_ field: Field) -> SecretReference? {
        let remedy = "write api_key: env:NAME (an environment variable) or api_key: file:PATH"
        guard let text = field.scalarText, !field.isNull else {
            field.fail("'api_key' must be a reference to a secret", remedy)
            return nil
        }
        if let reference = SecretReference(text), Self.isPlausible(reference) { return reference }
        field.fail(
            "'api_key' must be a reference, not the secret itself (its value is not shown here)",
            remedy + "; if a real key stood in this file, withdraw it"
        )
        return nil
    }

    private static func isPlausible(_ reference: SecretReference) -> Bool {
        guard case .environment(let name) = reference else { return true }
        return name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
        }
            && !(48...57).contains(name.utf8.first ?? 48)
    }

    private func readPrice(_ field: Field) -> Price? {
        let keys = ["input", "output", "cache_read", "cache_write"]
        guard let fields = Fields(field, what: "a price", keys: keys) else { return nil }
        let input = fields.required("input", "input: the price of a million input tokens")?.money()
        let output = fields.required("output", "output: the price of a million output tokens")?.money()
        let cacheRead = fields["cache_read"]?.money()
        let cacheWrite = fields["cache_write"]?.money()
        guard let input, let output else { return nil }
        return Price(input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite)
    }

    private func readCertificate(_ field: Field) -> String? {
        guard let path = field.text() else { return nil }
        guard readTextFile(field, what: "certificate") != nil else { return nil }
        return path
    }

    private func readParameters(_ field: Field) -> [String]? {
        enum Parameter: String, CaseIterable {
            case temperature
            case topP = "top_p"
            case topK = "top_k"
            case seed, stop, reasoning
            case maxTokens = "max_tokens"
            case systemPrompt = "system_prompt"
        }
        return field.words(Parameter.self)?.map(\.rawValue)
    }

    private func readSimulation(_ field: Field) -> SimulatedBehaviour? {
        let keys = [
            "accuracy", "refusal_rate", "error_rate", "latency", "tool_error_rate", "sabotage_rate", "honesty_rate",
        ]
        guard let fields = Fields(field, what: "a simulation", keys: keys) else { return nil }
        let standard = SimulatedBehaviour()
        return SimulatedBehaviour(
            accuracy: fields["accuracy"]?.number(in: 0...1) ?? standard.accuracy,
            refusalRate: fields["refusal_rate"]?.number(in: 0...1) ?? standard.refusalRate,
            errorRate: fields["error_rate"]?.number(in: 0...1) ?? standard.errorRate,
            latencyMilliseconds: fields["latency"]?.milliseconds(in: 0...3_600_000) ?? standard.latencyMilliseconds,
            toolErrorRate: fields["tool_error_rate"]?.number(in: 0...1),
            sabotageRate: fields["sabotage_rate"]?.number(in: 0...1),
            honestyRate: fields["honesty_rate"]?.number(in: 0...1)
        )
    }
}
