// A simulated provider that plays a planned round: each model as its `simulate` says, with an answer key drawn from
// the round's own datasets, so that a model of accuracy 0.7 is right in seven of ten samples.

import ParleyModel
import ParleyRounds
import ParleySimulator

enum SimulatedRound {
    /// The provider that plays every model of a plan. Throws where a dataset changed since it was planned. Blocks
    /// while it reads.
    static func provider(for plan: Plan) throws -> SimulatedProvider {
        SimulatedProvider(configuration: configuration(for: plan.definition), key: try key(for: plan))
    }

    /// The round's models by the id that calls name; of two with the same id, the first decides how both behave.
    static func configuration(for definition: RoundDefinition) -> SimulatorConfiguration {
        SimulatorConfiguration(
            seed: UInt64(bitPattern: definition.seed),
            models: Dictionary(
                definition.models.map { ($0.modelID, ModelBehaviour($0.simulate ?? SimulatedBehaviour())) },
                uniquingKeysWith: { first, _ in first }
            ),
            servesUnknownModels: false
        )
    }

    /// The right and wrong answers to every sample of every suite.
    static func key(for plan: Plan) throws(InvalidInput) -> AnswerKey {
        var key = AnswerKey()
        for suite in plan.definition.suites {
            guard var reader = try plan.datasets[suite.name]?.makeReader() else { continue }
            while let sample = try reader.next() { key.add(sample, scorer: suite.scorer) }
        }
        return key
    }
}
