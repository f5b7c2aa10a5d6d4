// Models, requests and bodies that the tests of providers share.

import Foundation
import ParleyModel

@testable import ParleyProbe

enum Wire {
    static let key = "sk-test-0123456789abcdef"
    static let answer =
        #"{"model":"m-1","choices":[{"finish_reason":"stop","message":{"content":"4"}}],"#
        + #""usage":{"prompt_tokens":9,"completion_tokens":1}}"#
    static let message =
        #"{"type":"message","model":"c-1","content":[{"type":"text","text":"4"}],"#
        + #""stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":1}}"#

    /// A model with a key, with a time limit that no answer of a local server needs.
    static func model(
        _ provider: ProviderKind = .openai,
        at url: String = "https://api.example.com",
        timeoutMilliseconds: Int = 20_000,
        proxy: String? = nil,
        certificateFile: String? = nil,
        unsupported: [String] = []
    ) -> ModelDefinition {
        ModelDefinition(
            name: "model",
            party: "party",
            provider: provider,
            baseURL: provider == .openai ? url + "/v1" : url,
            modelID: "m-1",
            apiKey: .environment("KEY"),
            account: "account",
            timeoutMilliseconds: timeoutMilliseconds,
            proxy: proxy,
            certificateFile: certificateFile,
            unsupportedParameters: unsupported
        )
    }

    static func request(
        _ messages: [Message] = [Message(.user, "2 + 2?")],
        maxTokens: Int = 100,
        change: (inout Configuration) -> Void = { _ in }
    ) -> GenerateRequest {
        var configuration = Configuration(name: "configuration", model: "model")
        change(&configuration)
        return GenerateRequest(messages: messages, configuration: configuration, maxTokens: maxTokens)
    }

    /// Reads a response of this provider.
    static func parse(
        _ provider: ProviderKind,
        status: Int = 200,
        headers: [String: String] = [:],
        _ body: String
    ) throws(ProbeFailure) -> WireReply {
        let reply = HTTPReply(status: status, headers: headers, body: Array(body.utf8))
        switch provider {
        case .openai: return try OpenAIResponse.parse(reply)
        case .anthropic: return try AnthropicResponse.parse(reply)
        }
    }

    /// The failure that a response is; nil where it is a reply.
    static func failure(
        _ provider: ProviderKind,
        status: Int = 200,
        headers: [String: String] = [:],
        _ body: String
    ) -> ProbeFailure? {
        do {
            _ = try parse(provider, status: status, headers: headers, body)
            return nil
        } catch {
            return error
        }
    }

    /// One call against a server; the failure as a value.
    static func call(
        _ model: ModelDefinition,
        _ request: GenerateRequest = request(),
        key: String = key,
        bodyLimit: Int = HTTPTransport.defaultBodyLimit
    ) async throws -> Result<GenerateReply, ProbeFailure> {
        let clients = ModelClients(secrets: SecretStore(environment: ["KEY": key]), bodyLimit: bodyLimit)
        let client = try clients.client(for: model)
        let result: Result<GenerateReply, ProbeFailure>
        do {
            result = .success(try await client.generate(request))
        } catch {
            result = .failure(error)
        }
        await clients.shutdown()
        return result
    }
}

extension Result {
    var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
