// What is played at a moment: behaviours with their chances worked out, and the answer key. A scenario never changes;
// setting faults or keys puts a new one in its place, so that a request sees one or the other whole.

/// A behaviour with its chances worked out.
struct Role: Sendable {
    let behaviour: ModelBehaviour
    let accuracy: Chance
    let truncation: Chance
    let toolError: Chance
    let sabotage: Chance
    let honesty: Chance
    /// Refusals and filtered answers share one draw, so that their rates add up.
    let refusal: Chance
    let refusalOrFilter: Chance
    /// Faults with the sum of the rates up to each.
    let faults: [(kind: FaultKind, upTo: Chance)]

    init(_ behaviour: ModelBehaviour) {
        self.behaviour = behaviour
        accuracy = Chance(behaviour.accuracy)
        truncation = Chance(behaviour.truncationRate)
        toolError = Chance(behaviour.toolErrorRate)
        sabotage = Chance(behaviour.sabotageRate)
        honesty = Chance(behaviour.honestyRate)
        refusal = Chance(behaviour.refusalRate)
        refusalOrFilter = Chance(behaviour.refusalRate + behaviour.filterRate)
        var sum = 0.0
        var faults: [(FaultKind, Chance)] = []
        for kind in FaultKind.allCases {
            let share = FaultKind.mix.contains(kind) ? behaviour.errorRate / Double(FaultKind.mix.count) : 0
            let rate = share + (behaviour.faults.rates[kind] ?? 0)
            guard rate > 0 else { continue }
            sum += rate
            // Shares of a whole may add up to a hair below it.
            faults.append((kind, Chance(sum > 1 - 1e-12 ? 1 : sum)))
        }
        self.faults = faults
    }
}

/// What is played at a moment.
final class Scenario: Sendable {
    let configuration: SimulatorConfiguration
    let key: AnswerKey
    private let standard: Role
    private let roles: [String: Role]

    init(_ configuration: SimulatorConfiguration, key: AnswerKey) {
        self.configuration = configuration
        self.key = key
        standard = Role(configuration.standard)
        roles = configuration.models.mapValues(Role.init)
    }

    /// The role of a model; nil where it is not served.
    func role(of model: String) -> Role? {
        roles[model] ?? (configuration.servesUnknownModels ? standard : nil)
    }
}
