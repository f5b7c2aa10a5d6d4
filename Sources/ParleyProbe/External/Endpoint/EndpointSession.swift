// The model calls of one attempt of an external program: who may be called, how often, and what it came to. Every call
// goes through the attempt's `Caller` to the client of its configuration, so that key, limits, usage, cost and exchanges
// hold for it as for any other.
//
// States: open → (a provider failed) failed → closed. A call is let in while the session is open; `close` waits for the
// calls that were let in, since what they use is charged whether the program still wants the answer or not.

import Foundation
import ParleyModel
import Synchronization

/// A response of the endpoint.
struct EndpointReply: Sendable {
    var status: Int
    var body: JSONValue
    /// Whether the body is to be sent as a stream.
    var isStreamed = false
}

/// What an attempt may call, and what it has called.
final class EndpointSession: Sendable {
    /// A configuration that may be called.
    struct Role: Sendable {
        var configuration: Configuration
        var purpose: Exchange.Purpose
        /// The most output tokens of one call.
        var maxTokens: Int
    }

    struct Limits: Sendable {
        var calls: Int
        var tokens: Int?
    }

    /// What the calls came to.
    struct Calls: Sendable {
        var log: CallLog
        var modelReturned: String?
        /// The stop reason of the last reply of the model under test.
        var lastStop: StopReason?
        /// The failure of a provider, with which the attempt fails.
        var failure: ProbeFailure?
        /// Our limit that a call ran into.
        var limit: String?
    }

    private struct State {
        var caller: Caller
        var calls: Calls
        var count = 0
        var isOpen = true
        var running: [Int: Task<EndpointReply, Never>] = [:]
    }

    /// What the program shows with each call: 256 random bits.
    let token: String
    private let roles: [String: Role]
    private let limits: Limits
    private let onFailure: @Sendable () -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - roles: by the names that a call may give as its model
    ///   - onFailure: called when a provider failed and the attempt with it
    init(caller: Caller, roles: [String: Role], limits: Limits, onFailure: @escaping @Sendable () -> Void) {
        token = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        self.roles = roles
        self.limits = limits
        self.onFailure = onFailure
        state = Mutex(State(caller: caller, calls: Calls(log: caller.log)))
    }

    /// The names that may be called.
    var names: [String] { roles.keys.sorted() }

    /// Answers one call.
    func answer(_ body: JSONValue, _ format: ProviderKind) async -> EndpointReply {
        do throws(EndpointError) {
            guard let name = body["model"]?.string else { throw .invalid("'model' is missing.") }
            guard let role = roles[name] else {
                throw .notFound(
                    "This attempt may not call '\(name.prefix(80))'; it may call \(names.joined(separator: ", "))."
                )
            }
            let task = try admit { [self] in
                do throws(EndpointError) {
                    var reply = try await call(role, body, format)
                    reply.isStreamed = reply.status < 300 && body["stream"]?.bool == true
                    return reply
                } catch {
                    return EndpointReply(status: error.status, body: error.body(format))
                }
            }
            return await task.value
        } catch {
            return EndpointReply(status: error.status, body: error.body(format))
        }
    }

    /// Lets no more calls in, waits for those that are under way, and says what all came to.
    func close(cancelling: Bool) async -> Calls {
        let running = state.withLock { state in
            state.isOpen = false
            return Array(state.running.values)
        }
        for task in running {
            if cancelling { task.cancel() }
            _ = await task.value
        }
        return state.withLock { state in
            state.calls.log = state.caller.log
            return state.calls
        }
    }

    /// Counts a call and starts it. Throws where the attempt is over or a limit is reached.
    private func admit(
        _ work: @escaping @Sendable () async -> EndpointReply
    ) throws(EndpointError) -> Task<EndpointReply, Never> {
        try state.withLock { state throws(EndpointError) in
            guard state.isOpen else { throw .unauthorized }
            guard state.calls.failure == nil else { throw .attemptFailed }
            if let limit = reached(state) {
                state.calls.limit = limit
                throw .limit("This attempt has reached its limit: \(limit).")
            }
            state.count += 1
            let number = state.count
            let task = Task {
                let reply = await work()
                self.state.withLock { $0.running[number] = nil }
                return reply
            }
            state.running[number] = task
            return task
        }
    }

    private func reached(_ state: State) -> String? {
        if state.count >= limits.calls { return "\(limits.calls) model calls" }
        if let tokens = limits.tokens, state.caller.log.usage.total >= tokens { return "\(tokens) tokens" }
        return nil
    }

    private func call(
        _ role: Role,
        _ body: JSONValue,
        _ format: ProviderKind
    ) async throws(EndpointError) -> EndpointReply {
        let caller = state.withLock { $0.caller }
        let model = role.configuration.model
        var request = GenerateRequest(
            messages: [],
            configuration: role.configuration.seeded(epoch: role.purpose == .target ? caller.epoch : 1),
            maxTokens: role.maxTokens,
            purpose: role.purpose
        )
        let failure: ProbeFailure
        do {
            let client = try caller.connect(model)
            if let client = client as? any PassingClient, client.format == format {
                let passed = try await client.pass(body, for: request)
                record(passed.reply, role)
                return EndpointReply(status: passed.status, body: passed.body)
            }
            request.messages = try TextTranslation.messages(of: body, format)
            request.maxTokens = min(role.maxTokens, PassedBody.tokenLimit(of: body) ?? role.maxTokens)
            let reply = try await client.generate(request)
            record(reply, role)
            let name = body["model"]?.string ?? ""
            return EndpointReply(status: 200, body: TextTranslation.body(of: reply, model: name, format))
        } catch let error as EndpointError {
            throw error
        } catch let error as ProbeFailure {
            failure = error
        } catch {
            failure = ProbeFailure(.worker, "\(error)", fingerprint: "endpoint", usage: Usage())
        }
        return try settle(failure, role, format)
    }

    private func record(_ reply: GenerateReply, _ role: Role) {
        state.withLock { state in
            state.caller.log.record(reply, of: role.configuration.model)
            guard role.purpose == .target else { return }
            state.calls.modelReturned = reply.modelReturned ?? state.calls.modelReturned
            state.calls.lastStop = reply.stop
        }
    }

    /// A body that the provider rejects is the program's matter: it gets the provider's own words. Every other failure
    /// is the attempt's, and whether to try again is the queue's decision.
    private func settle(
        _ failure: ProbeFailure,
        _ role: Role,
        _ format: ProviderKind
    ) throws(EndpointError) -> EndpointReply {
        let model = role.configuration.model
        if failure.failureClass == .invalidRequest, let exchange = failure.exchanges.last,
            let status = exchange.status, (400..<500).contains(status)
        {
            state.withLock { $0.caller.log.record(exchange, usage: failure.usage, of: model) }
            guard let body = try? JSONValue(parsing: exchange.response), body.object != nil else {
                throw .invalid(failure.message)
            }
            return EndpointReply(status: status, body: body)
        }
        let isFirst = state.withLock { state in
            guard state.calls.failure == nil else { return false }
            state.calls.failure = state.caller.log.failure(failure, of: model, in: state.caller.definition)
            return true
        }
        if isFirst { onFailure() }
        throw .attemptFailed
    }
}
