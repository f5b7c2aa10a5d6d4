// How hard a rehearsal is: which faults the simulated providers make, on top of what the round file says of each model.

import ArgumentParser
import ParleySimulator

struct RehearsalSettings: ParsableArguments {
    @Option(help: ArgumentHelp("The median latency of a simulated call, in milliseconds.", valueName: "ms"))
    var latencyMs: Int = 40
    @Option(help: ArgumentHelp("The chance of a 429 that asks to wait.", valueName: "rate"))
    var rateLimits: Double = 0.03
    @Option(help: ArgumentHelp("How long such a 429 asks to wait, in milliseconds.", valueName: "ms"))
    var waitMs: Int = 3000
    @Option(help: ArgumentHelp("The chance of an overload in the middle of a stream.", valueName: "rate"))
    var overloads: Double = 0.02
    @Option(help: ArgumentHelp("The least chance of a refusal.", valueName: "rate"))
    var refusals: Double = 0.03
    @Option(help: ArgumentHelp("The chance of a truncated answer.", valueName: "rate"))
    var truncations: Double = 0.02
    @Option(help: ArgumentHelp("The most jobs in flight of each worker.", valueName: "count"))
    var concurrency: Int = 32

    func validate() throws {
        for (name, rate) in [
            ("rate-limits", rateLimits), ("overloads", overloads), ("refusals", refusals), ("truncations", truncations),
        ] where !(0...0.5).contains(rate) {
            throw ValidationError("--\(name) takes 0 to 0.5")
        }
        guard (0...60_000).contains(latencyMs) else { throw ValidationError("--latency-ms takes 0 to 60000") }
        guard (0...600_000).contains(waitMs) else { throw ValidationError("--wait-ms takes 0 to 600000") }
        guard (1...10_000).contains(concurrency) else { throw ValidationError("--concurrency takes 1 to 10000") }
    }

    /// The round's models with these faults.
    func scenario(_ configuration: SimulatorConfiguration) -> SimulatorConfiguration {
        var configuration = configuration
        configuration.models = configuration.models.mapValues { behaviour in
            var behaviour = behaviour
            behaviour.latencyMilliseconds = max(behaviour.latencyMilliseconds, latencyMs)
            behaviour.refusalRate = max(behaviour.refusalRate, refusals)
            behaviour.truncationRate = max(behaviour.truncationRate, truncations)
            behaviour.faults = [.rateLimit: rateLimits, .streamOverload: overloads]
            behaviour.retryAdvice = RetryAdvice(form: .seconds, milliseconds: waitMs)
            return behaviour
        }
        return configuration
    }
}
