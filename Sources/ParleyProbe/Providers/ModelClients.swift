// The clients of a round's models: one for each model, made once, over HTTP clients that models with the same proxy
// and certificates share.

import Foundation
public import ParleyModel
import Synchronization

/// Makes and keeps the clients of models.
public struct ModelClients: Sendable {
    /// The time allowed for a check.
    private static let checkTimeout: Duration = .seconds(15)

    private let secrets: SecretStore
    private let bodyLimit: Int
    private let kept = Kept()

    /// Keys are looked up in `secrets`, at the first call for each model.
    public init(secrets: SecretStore = SecretStore()) {
        self.init(secrets: secrets, bodyLimit: HTTPTransport.defaultBodyLimit)
    }

    init(secrets: SecretStore, bodyLimit: Int) {
        self.secrets = secrets
        self.bodyLimit = bodyLimit
    }

    /// The client of a model; the same one for the same definition. Throws where the key is missing or the address,
    /// the proxy or the certificate file is unusable.
    public func client(for model: ModelDefinition) throws(ParleyFailure) -> any ModelClient {
        try httpClient(for: model, key: nil)
    }

    /// Forgets a model's client, so that its key is read again: for a key that was refused and then mended. Calls
    /// under way go on.
    public func forget(_ model: ModelName) {
        kept.state.withLock { state in
            state.clients = state.clients.filter { $0.key.name != model }
        }
    }

    /// Whether a model can be reached and takes its key. Resolves the key and asks for the list of models, which
    /// costs nothing.
    public func check(_ model: ModelDefinition) async -> ModelCheck {
        await check(model, timeout: min(Self.checkTimeout, .milliseconds(model.timeoutMilliseconds)))
    }

    func check(_ model: ModelDefinition, timeout: Duration) async -> ModelCheck {
        var warnings: [String] = []
        var key: Secret?
        do {
            if let reference = model.apiKey {
                let resolved = try secrets.resolve(reference)
                key = resolved.secret
                warnings = [resolved.warning].compactMap { $0 }
            }
        } catch {
            return ModelCheck(model.name, .keyMissing, error.message, remedy: error.remedy)
        }
        do {
            let client = try httpClient(for: model, key: key)
            let call = HTTPCall(
                method: .get,
                url: client.endpoint.modelsURL,
                headers: client.endpoint.headers,
                timeout: timeout
            )
            let reception = await client.transport.send(call)
            return ModelCheck(reception, model: model, redactor: client.redactor, warnings: warnings)
        } catch {
            return ModelCheck(model.name, .misconfigured, error.message, remedy: error.remedy, warnings: warnings)
        }
    }

    /// Closes all connections; clients that were given out fail from then on.
    public func shutdown() async {
        let transports = kept.state.withLock { state in
            defer { state = Kept.State() }
            return Array(state.transports.values)
        }
        for transport in transports { await transport.shutdown() }
    }

    private func httpClient(for model: ModelDefinition, key: Secret?) throws(ParleyFailure) -> HTTPModelClient {
        try kept.state.withLock { state throws(ParleyFailure) in
            if let client = state.clients[model] { return client }
            let secret = if let key { key } else { try model.apiKey.map(resolve) }
            let settings = HTTPTransport.Settings(proxy: model.proxy, certificateFile: model.certificateFile)
            let transport =
                if let kept = state.transports[settings] { kept } else {
                    try HTTPTransport(settings, bodyLimit: bodyLimit)
                }
            state.transports[settings] = transport
            let client = try HTTPModelClient(model: model, key: secret, transport: transport)
            state.clients[model] = client
            return client
        }
    }

    private func resolve(_ reference: SecretReference) throws(ParleyFailure) -> Secret {
        try secrets.resolve(reference).secret
    }
}

/// What copies of one `ModelClients` share.
private final class Kept: Sendable {
    struct State {
        var clients: [ModelDefinition: HTTPModelClient] = [:]
        var transports: [HTTPTransport.Settings: HTTPTransport] = [:]
    }

    let state = Mutex(State())

    /// The library traps where one of its clients goes away open.
    deinit {
        for transport in state.withLock({ Array($0.transports.values) }) { transport.abandon() }
    }
}
