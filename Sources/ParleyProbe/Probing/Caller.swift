// The one place where solvers and judges reach a model: finds its client, advances the sampling seed, strips
// reasoning from what is sent, and keeps the log.

import ParleyModel
import ParleyTelemetry
import Tracing

/// Calls models for one attempt.
struct Caller {
    private let prober: Prober
    /// From 1; repetitions differ in their seed.
    let epoch: Int
    var log = CallLog()
    /// What an agent's last checkpoint says already.
    var checkpointedUsage = Usage()
    var checkpointedCost = Money.zero

    init(prober: Prober, epoch: Int) {
        self.prober = prober
        self.epoch = epoch
    }

    var definition: RoundDefinition { prober.definition }

    /// One call. Throws its failure, with what came before it in this attempt.
    @inline(never)
    mutating func ask(
        _ messages: [Message],
        tools: [Tool] = [],
        of configuration: Configuration,
        maxTokens: Int,
        purpose: Exchange.Purpose
    ) async throws(ProbeFailure) -> GenerateReply {
        let request = request(messages, tools, configuration, maxTokens, purpose)
        let connection = try connect(configuration.model)
        do {
            let reply =
                Trace.isEnabled
                ? try await traced(request, on: connection) : try await connection.generate(request)
            log.record(reply, of: configuration.model)
            return reply
        } catch {
            throw failure(error, of: request)
        }
    }

    // What makes a request and tells of a failure is apart from the call, so that it takes no memory while that waits.

    @inline(never)
    private func request(
        _ messages: [Message],
        _ tools: [Tool],
        _ configuration: Configuration,
        _ maxTokens: Int,
        _ purpose: Exchange.Purpose
    ) -> GenerateRequest {
        GenerateRequest(
            messages: messages.map(Self.withoutReasoning),
            tools: tools,
            configuration: configuration.seeded(epoch: epoch),
            maxTokens: maxTokens,
            purpose: purpose
        )
    }

    @inline(never)
    private func failure(_ error: ProbeFailure, of request: GenerateRequest) -> ProbeFailure {
        var failure = error
        switch request.purpose {
        case .target: break
        case .user: failure.message = "the simulated user or auditor: \(failure.message)"
        case .judge: failure.message = "the judge: \(failure.message)"
        }
        return whole(failure, of: request.configuration.model)
    }

    /// The call as a span. Apart, so that a call in flight takes no memory for it where there are none.
    @inline(never)
    private func traced(
        _ request: GenerateRequest,
        on connection: any ModelClient
    ) async throws(ProbeFailure) -> GenerateReply {
        let attributes: SpanAttributes = [
            "gen_ai.request.model": .string(request.configuration.model.description),
            "parley.purpose": .string(request.purpose.rawValue),
        ]
        return try await Trace.span(.providerCall, attributes: attributes) { () async throws(ProbeFailure) in
            try await connection.generate(request)
        }
    }

    private static func withoutReasoning(_ message: Message) -> Message {
        var message = message
        message.reasoning = nil
        return message
    }

    private func whole(_ failure: ProbeFailure, of model: ModelName) -> ProbeFailure {
        var failure = log.failure(failure, of: model, in: definition)
        failure.checkpointedUsage = checkpointedUsage
        failure.checkpointedCost = checkpointedCost
        return failure
    }

    /// A failure of ours with what was used before it; no call was made.
    func failure(_ failure: ProbeFailure) -> ProbeFailure { whole(failure, of: "") }

    /// A client that cannot be made (a key or a certificate that is missing) needs a person before any retry, which
    /// is what `authentication` says to the queue; a defect of ours is the worker's.
    @inline(never)
    func connect(_ model: ModelName) throws(ProbeFailure) -> any ModelClient {
        do {
            return try prober.client(model)
        } catch {
            let failureClass: FailureClass = error.category == .invalidInput ? .authentication : .worker
            throw failure(
                ProbeFailure(failureClass, error.description, fingerprint: "client/\(model)", usage: Usage())
            )
        }
    }
}

extension Configuration {
    /// The configuration of the k-th repetition: a configured seed is advanced to seed + epoch − 1 (wrapping), so
    /// that repetitions differ and each can be repeated. Without a seed the provider draws its own.
    func seeded(epoch: Int) -> Configuration {
        guard let seed = sampling.seed else { return self }
        var copy = self
        copy.sampling.seed = seed &+ Int64(epoch) &- 1
        return copy
    }
}
