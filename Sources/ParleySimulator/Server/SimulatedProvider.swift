// The simulated provider: a server on plain SwiftNIO that plays models of known behaviour over both wire formats.
// Overview: a `ConnectionHandler` reads requests, `Simulation` decides, `Call` writes the bytes, `SimulatorCore`
// holds what all connections share.

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Where a simulated provider listens.
public struct SimulatorAddress: Hashable, Sendable, CustomStringConvertible {
    public var host: String
    public var port: Int

    /// `http://host:port`
    public var description: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// The base URL for OpenAI's format, up to and with `/v1`. With a model it plays that one, whatever is asked for.
    public func openAIBase(model: String? = nil) -> String { description + prefix(model) + "/v1" }

    /// The base URL for Anthropic's format, without `/v1`.
    public func anthropicBase(model: String? = nil) -> String { description + prefix(model) }

    private func prefix(_ model: String?) -> String {
        guard let model else { return "" }
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
        return model.utf8.reduce(into: "/m/") { path, byte in
            let digits = String(byte, radix: 16, uppercase: true)
            path += plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
        }
    }
}

/// A provider that plays models of known behaviour, for tests, rehearsals and benchmarks.
///
/// It serves `POST /v1/chat/completions`, `POST /v1/messages`, `GET /v1/models`, all of these also under
/// `/m/{model}`, and for its own `GET /health`, `GET /stats`, `POST /control`.
///
///     let provider = SimulatedProvider(configuration: SimulatorConfiguration(seed: 7))
///     let address = try await provider.start()
///     provider.setFaults([.overloaded: 1])
///     try await provider.stop()
public final class SimulatedProvider: Sendable {
    private struct Running {
        var group: MultiThreadedEventLoopGroup
        var listener: any Channel
    }

    /// Why a provider did not start.
    public enum StartFailure: Error, Hashable, Sendable {
        /// It runs already; stop it first.
        case alreadyRunning
        /// The listener has no address of the Internet kind.
        case noAddress
    }

    private let core: SimulatorCore
    private let threads: Int
    private let running = Mutex<Running?>(nil)

    public init(configuration: SimulatorConfiguration = SimulatorConfiguration(), key: AnswerKey = AnswerKey()) {
        core = SimulatorCore(configuration, key: key)
        threads = configuration.threads
    }

    // MARK: - Life

    /// Listens on a host and port; port 0 takes a free one. Throws ``StartFailure`` and what the system says where
    /// the port cannot be had.
    @discardableResult
    public func start(host: String = "127.0.0.1", port: Int = 0) async throws -> SimulatorAddress {
        guard running.withLock({ $0 == nil }) else { throw StartFailure.alreadyRunning }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        do {
            let listener = try await bootstrap(group).bind(host: host, port: port).get()
            guard let bound = listener.localAddress?.port else { throw StartFailure.noAddress }
            let isFirst = running.withLock { running in
                guard running == nil else { return false }
                running = Running(group: group, listener: listener)
                return true
            }
            guard isFirst else { throw StartFailure.alreadyRunning }
            return SimulatorAddress(host: host, port: bound)
        } catch {
            // The reason for the failed start matters more than one of the shutdown.
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Closes the listener and every connection, those with an answer outstanding too. Does nothing where it does
    /// not run.
    public func stop() async throws {
        let stopping = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let stopping else { return }
        try? await stopping.listener.close()
        try await stopping.group.shutdownGracefully()
    }

    private func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
        let core = core
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
                    try channel.pipeline.syncOperations.addHandlers([decoder, ConnectionHandler(core)])
                }
            }
    }

    // MARK: - Changes at run time

    /// Replaces the answer key.
    public func setKey(_ key: AnswerKey) { core.setKey(key) }

    /// Sets how a model behaves; nil means the models that have no behaviour of their own.
    public func setBehaviour(_ behaviour: ModelBehaviour, of model: String? = nil) {
        core.change { configuration in
            if let model { configuration.models[model] = behaviour } else { configuration.standard = behaviour }
        }
    }

    /// Sets the faults of one model, or of all; `errorRate` becomes 0 there.
    public func setFaults(_ faults: FaultRates, of model: String? = nil) {
        let set = { (behaviour: inout ModelBehaviour) in
            behaviour.faults = faults
            behaviour.errorRate = 0
        }
        core.change { configuration in
            if let model {
                set(&configuration.models[model, default: configuration.standard])
            } else {
                set(&configuration.standard)
                for name in configuration.models.keys { set(&configuration.models[name, default: ModelBehaviour()]) }
            }
        }
    }

    /// Plays what it was made with again, and forgets prompts and counts. The answer key stays.
    public func reset() { core.reset() }

    /// What is played now.
    public var configuration: SimulatorConfiguration { core.scenario.configuration }

    /// What was counted.
    public var statistics: Statistics { core.statistics }
}
