// What one cell comes to: calls to the model under test, to a simulated user and to judges, each priced by its model.

import ParleyModel

/// Calls of a cell to one model.
struct ModelEstimate: Hashable, Sendable {
    let model: ModelName
    let tokens: TokenEstimate
    /// nil where the model has no price.
    let money: Money?

    init(model: ModelDefinition, tokens: TokenEstimate) {
        self.model = model.name
        self.tokens = tokens
        money = model.price?.cost(of: Usage(input: tokens.input, output: tokens.output))
    }
}

/// Estimates the cells of a round.
struct CellEstimator {
    let definition: RoundDefinition

    /// The calls of a cell over all its samples and epochs, by model; a model may stand more than once.
    func estimate(_ suite: Suite, _ configuration: Configuration, _ size: SampleSize) -> [ModelEstimate] {
        let count = Int64(suite.dataset.count)
        let epochs = Int64(suite.epochs)
        let answer = Int64(suite.maxTokens ?? configuration.maxTokens)
        let opening = opening(suite.solver, configuration, size, count: count)
        var parts: [(ConfigurationName, TokenEstimate)] = []
        var answerLength = answer
        switch suite.solver.kind {
        case .generate, .multipleChoice:
            parts = [(configuration.name, .conversation(opening: opening, later: [], answer: answer, count: count))]
        case .scriptedTurns:
            let turns = suite.solver.turns.map { TokenEstimate.message($0) }
            parts = [(configuration.name, .conversation(opening: opening, later: turns, answer: answer, count: count))]
        case .agent:
            guard let agent = suite.solver.agent else { break }
            let turns = [Int64](repeating: Int64(agent.estimatedAnswerTokens) + 4, count: agent.turns - 1)
            let described = Int64(AgentSettings.estimatedToolTokens).clampedProduct(count)
            let tokens = TokenEstimate.conversation(
                opening: opening.clampedSum(described),
                later: turns,
                answer: answer,
                count: count
            )
            parts = [(configuration.name, tokens.capped(agent.tokenLimit?.clampedProduct(count)))]
        case .external:
            // The program is taken to use all its calls, each after the last; its helpers are among them.
            guard let program = suite.solver.program, program.callLimit > 0 else { break }
            let later = [Int64](repeating: 4, count: program.callLimit - 1)
            let estimate = TokenEstimate.conversation(opening: opening, later: later, answer: answer, count: count)
            parts = [(configuration.name, estimate.capped(program.tokenLimit.map { Int64($0).clampedProduct(count) }))]
        case .simulatedUser:
            guard let user = suite.solver.user, let player = definition.configuration(user.configuration) else { break }
            let line = Int64(player.maxTokens)
            let turns = [Int64](repeating: line + 4, count: user.turns)
            let told = (TokenEstimate.message(user.systemPrompt) + answer).clampedProduct(count).clampedSum(size.input)
            let between = [Int64](repeating: answer + 4, count: user.turns - 1)
            answerLength = answer * Int64(user.turns + 1)
            parts = [
                (configuration.name, .conversation(opening: opening, later: turns, answer: answer, count: count)),
                (player.name, .conversation(opening: told, later: between, answer: line, count: count)),
            ]
        }
        if let grader = suite.scorer.grader {
            // Of an agent's calls a judge is shown at most 64 KiB.
            let actions: Int64 = grader.rubric.contains("{{actions}}") ? 16_384 : 0
            let read = (TokenEstimate.message(grader.rubric) + answerLength + actions).clampedProduct(count)
                .clampedSum(size.input + size.target)
            let graded = TokenEstimate(
                calls: count,
                input: read,
                output: Int64(grader.maxTokens).clampedProduct(count)
            )
            parts += grader.judges.map { ($0, graded) }
        }
        return parts.compactMap { name, tokens in
            guard let model = definition.configuration(name).flatMap({ definition.model($0.model) }) else { return nil }
            return ModelEstimate(model: model, tokens: tokens * epochs)
        }
    }

    /// The tokens of all samples' first calls.
    private func opening(_ solver: Solver, _ configuration: Configuration, _ size: SampleSize, count: Int64) -> Int64 {
        let prompts = [configuration.systemPrompt, solver.systemPrompt].compactMap { $0 }
        let examples = solver.fewShot.flatMap { [$0.input, $0.answer] }
        let fixed = (prompts + examples).reduce(0) { $0 + TokenEstimate.message($1) }
        let template = solver.template.map { TokenEstimate.text($0) } ?? 0
        let choices = solver.kind == .multipleChoice ? size.choices : 0
        return size.input + choices + (fixed + template) * count
    }
}
