// What a run needs to go on: the conversation, the time that it took, how it ended. With the environment's state, the
// counts and what was used it is the checkpoint, a JSON object of its own format number.

import ParleyModel

/// How far an agent has come.
struct AgentProgress {
    var messages: [Message] = []
    /// The time of all attempts together, tools included.
    var elapsed: Duration = .zero
    var modelReturned: String?
    /// The stop reason of the reply that ended the run; nil while it goes on.
    var ending: StopReason?

    /// The ids of all calls so far.
    var callIDs: Set<String> { Set(messages.flatMap(\.toolCalls).map(\.id)) }
}

extension AgentRun {
    private static let checkpointFormat: Int64 = 2

    /// Keeps the state after a turn.
    func save() async throws(ProbeFailure) {
        guard let checkpoints else { return }
        let (usage, cost) = (caller.log.usage, caller.log.cost(in: caller.definition))
        let state = try checkpoint()
        do {
            try await checkpoints.save(state, usage: usage, cost: cost)
        } catch {
            var failure = error
            // The save called no model: what was used is what came before it.
            failure.usage = Usage()
            throw caller.failure(failure)
        }
        caller.checkpointedUsage = usage
        caller.checkpointedCost = cost
    }

    private func checkpoint() throws(ProbeFailure) -> JSONValue {
        do {
            var members: [String: JSONValue] = [
                "format": .integer(Self.checkpointFormat),
                "environment": .string(settings.environment),
                "state": environment.state,
                "messages": .array(progress.messages.map(\.json)),
                "elapsed_micros": .integer(progress.elapsed.wholeMicroseconds),
                "latency_micros": .integer(caller.log.latencyMicros),
                "usage": .object(
                    Dictionary(
                        try caller.log.usageByModel.map { ($0.key.text, try JSONValue(encoding: $0.value)) },
                        uniquingKeysWith: { first, _ in first }
                    )
                ),
                "record": try JSONValue(encoding: record),
            ]
            members["model_returned"] = progress.modelReturned.map(JSONValue.string)
            members["ending"] = progress.ending.map { .string($0.rawValue) }
            return .object(members)
        } catch {
            throw caller.failure(
                ProbeFailure(.worker, "the checkpoint cannot be written: \(error)", fingerprint: "checkpoint")
            )
        }
    }

    /// Goes on from the last checkpoint, where there is one.
    func resume() async throws(ProbeFailure) {
        guard let checkpoints else { return }
        do {
            guard let kept = try await checkpoints.load() else { return }
            try restore(kept)
        } catch var failure as ProbeFailure {
            failure.usage = failure.usage ?? Usage()
            throw caller.failure(failure)
        } catch {
            let message = "the checkpoint cannot be read: \(error)"
            throw caller.failure(ProbeFailure(.worker, message, fingerprint: "checkpoint", usage: Usage()))
        }
    }

    private func restore(_ kept: JSONValue) throws {
        guard kept["format"]?.integer == Self.checkpointFormat, kept["environment"]?.string == settings.environment,
            let state = kept["state"], let texts = kept["messages"]?.array, let usage = kept["usage"]?.object,
            let record = kept["record"], let elapsed = kept["elapsed_micros"]?.integer,
            let latency = kept["latency_micros"]?.integer
        else { throw ParleyFailure(.failure, "it is of another form") }
        progress.messages = texts.compactMap(Message.init(json:))
        guard progress.messages.count == texts.count else { throw ParleyFailure(.failure, "a message is of no form") }
        environment = try Environments.make(settings.environment, sample: sample, state: state)
        self.record = try record.decode(AgentRecord.self)
        self.record.resumedAfterTurns = self.record.turns
        progress.elapsed = .microseconds(elapsed)
        progress.modelReturned = kept["model_returned"]?.string
        progress.ending = kept["ending"]?.string.flatMap(StopReason.init(rawValue:))
        let used = try usage.map { (ModelName($0.key), try $0.value.decode(Usage.self)) }
        caller.log = CallLog(after: Dictionary(used, uniquingKeysWith: +), latencyMicros: latency)
        caller.checkpointedUsage = caller.log.usage
        caller.checkpointedCost = caller.log.cost(in: caller.definition)
    }
}
