// The simulated provider as a round file wants it: each model with its behaviour, every sample with its right answer.

import ParleyModel
import ParleyRounds
import ParleySimulator

enum SimulatedRound {
    /// A provider that plays the models of a plan; not started yet. Reads every dataset once.
    static func provider(for plan: Plan) throws -> SimulatedProvider {
        let models = plan.definition.models.map { model in
            (model.modelID, ModelBehaviour(model.simulate ?? SimulatedBehaviour()))
        }
        var key = AnswerKey()
        for suite in plan.definition.suites {
            guard var reader = try plan.datasets[suite.name]?.makeReader() else { continue }
            while let sample = try reader.next() { key.add(sample, scorer: suite.scorer) }
        }
        return SimulatedProvider(
            configuration: SimulatorConfiguration(
                seed: UInt64(bitPattern: plan.definition.seed),
                models: Dictionary(models, uniquingKeysWith: { first, _ in first })
            ),
            key: key
        )
    }
}
