// Where a model is reached: addresses, headers, and what of an address may be kept. An address may hold no
// credentials; values of its query are taken for secrets, except a version of the API.

import Foundation
import ParleyModel

/// The address of one model, checked.
struct Endpoint: Sendable {
    /// Query items whose values are no secrets.
    private static let plainItems: Set<String> = ["api-version"]
    static let anthropicVersion = "2023-06-01"

    /// Where calls go.
    let generateURL: String
    /// Where calls go, with the values of the query hidden.
    let keptURL: String
    /// The list of models: the cheapest question that needs the key.
    let modelsURL: String
    /// The key, and the values of the query: what must never be kept.
    let secrets: [String]
    /// Headers of every call, with what authorises it.
    let headers: [(name: String, value: String)]

    /// Throws where the base URL is none of http or https, has no host, or holds credentials.
    init(model: ModelDefinition, key: Secret?) throws(ParleyFailure) {
        let name = model.name.text
        guard var base = URLComponents(string: model.baseURL), ["http", "https"].contains(base.scheme?.lowercased()),
            base.host?.isEmpty == false
        else {
            throw ParleyFailure(
                .invalidInput,
                "the base_url of model '\(name)' is no http or https address",
                remedy: "write it like https://api.example.com/v1"
            )
        }
        guard base.user == nil, base.password == nil else {
            throw ParleyFailure(
                .invalidInput,
                "the base_url of model '\(name)' holds credentials",
                remedy: "take them out and name the key with api_key: env:NAME or file:PATH"
            )
        }
        base.fragment = nil
        while base.path.hasSuffix("/") { base.path.removeLast() }
        // The version belongs to the paths below.
        if model.provider == .anthropic, base.path.hasSuffix("/v1") { base.path.removeLast(3) }
        let values = (base.queryItems ?? []).filter { !Self.plainItems.contains($0.name) }.compactMap(\.value)
        secrets = [key?.text].compactMap { $0 } + values
        var headers: [(name: String, value: String)] = []
        switch model.provider {
        case .openai:
            generateURL = Self.url(base, "/chat/completions")
            modelsURL = Self.url(base, "/models")
            if let key { headers.append(("authorization", "Bearer \(key.text)")) }
        case .anthropic:
            generateURL = Self.url(base, "/v1/messages")
            modelsURL = Self.url(base, "/v1/models")
            if let key { headers.append(("x-api-key", key.text)) }
            headers.append(("anthropic-version", Self.anthropicVersion))
        }
        self.headers = headers + [("accept", "application/json"), ("user-agent", "parley")]
        keptURL = Self.withoutSecrets(generateURL)
    }

    private static func withoutSecrets(_ url: String) -> String {
        guard var components = URLComponents(string: url) else { return "" }
        components.queryItems = components.queryItems?.map { item in
            plainItems.contains(item.name) ? item : URLQueryItem(name: item.name, value: "removed")
        }
        return components.string ?? ""
    }

    private static func url(_ base: URLComponents, _ path: String) -> String {
        var components = base
        components.path += path
        return components.string ?? ""
    }
}
