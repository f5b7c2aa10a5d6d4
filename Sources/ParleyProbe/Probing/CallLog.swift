// What an attempt has used and exchanged so far. Usage is kept by model, since each model has its own price, and a
// failure in a later turn takes all of it along: what was used before it is charged.

import ParleyModel

/// The calls of one attempt.
struct CallLog: Sendable {
    private(set) var exchanges: [Exchange] = []
    private(set) var usageByModel: [ModelName: Usage] = [:]

    /// The tokens of all models together.
    var usage: Usage { usageByModel.values.reduce(Usage(), +) }

    /// What earlier attempts waited that this one goes on from.
    private var earlierMicros: Int64 = 0

    init() {}

    /// Goes on from an earlier attempt.
    init(after usage: [ModelName: Usage], latencyMicros: Int64) {
        usageByModel = usage
        earlierMicros = latencyMicros
    }

    /// Time spent waiting for providers, in microseconds.
    var latencyMicros: Int64 { exchanges.reduce(earlierMicros) { $0 + $1.durationMicros } }

    /// Takes in a reply of this model.
    @inline(never)
    mutating func record(_ reply: GenerateReply, of model: ModelName) {
        exchanges.append(reply.exchange)
        usageByModel[model, default: Usage()] = usageByModel[model, default: Usage()] + reply.usage
    }

    /// Takes in a call that brought no reply and did not fail the attempt.
    mutating func record(_ exchange: Exchange, usage: Usage?, of model: ModelName) {
        exchanges.append(exchange)
        usageByModel[model, default: Usage()] = usageByModel[model, default: Usage()] + (usage ?? Usage())
    }

    /// The price of all calls; each model's share is rounded up to a billionth once. A model without a price costs
    /// nothing: a money budget over one is refused when the round is planned.
    func cost(in definition: RoundDefinition) -> Money {
        usageByModel.reduce(.zero) { total, entry in
            total + (definition.model(entry.key)?.price?.cost(of: entry.value) ?? .zero)
        }
    }

    /// A failure with what was exchanged and used before it. What the attempt used is unknown where the failed call's
    /// use is: then all that was reserved for it is charged.
    func failure(_ failure: ProbeFailure, of model: ModelName, in definition: RoundDefinition) -> ProbeFailure {
        var failure = failure
        failure.exchanges = exchanges + failure.exchanges
        if let own = failure.usage {
            failure.usage = usage + own
            failure.cost = cost(in: definition) + (definition.model(model)?.price?.cost(of: own) ?? .zero)
        }
        return failure
    }
}
