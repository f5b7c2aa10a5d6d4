// How long a round should take. Assumed, since nobody knows a provider's speed beforehand: a call takes half a second
// and then gives 50 output tokens a second up to its limit; a simulated model takes its stated latency instead. Each
// model works on as many calls at a time as its `concurrency` says, models work side by side, and the slowest decides.

import ParleyModel

/// The estimated duration of a round.
enum TimeEstimate {
    /// The assumption, in words for people.
    static let assumption = "0.5 s a call and 50 output tokens a second, up to each call's limit"
    static let millisecondsPerCall: Int64 = 500
    static let outputTokensPerSecond: Int64 = 50

    static func duration(of calls: [ModelEstimate], in definition: RoundDefinition) -> Duration {
        var busy: [ModelName: Int64] = [:]
        for part in calls {
            guard let model = definition.model(part.model) else { continue }
            let latency = definition.isSimulated ? model.simulate?.latencyMilliseconds : nil
            let milliseconds =
                if let latency {
                    part.tokens.calls.clampedProduct(Int64(latency))
                } else {
                    part.tokens.calls.clampedProduct(millisecondsPerCall)
                        .clampedSum(part.tokens.output / outputTokensPerSecond * 1000)
                }
            busy[model.name] = busy[model.name, default: 0].clampedSum(milliseconds)
        }
        let slowest = busy.map { name, milliseconds in
            milliseconds / Int64(definition.model(name)?.concurrency ?? 1)
        }
        return .milliseconds(slowest.max() ?? 0)
    }
}
