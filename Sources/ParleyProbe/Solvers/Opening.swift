// The messages with which a conversation opens, in the order that every solver keeps: the configuration's system
// prompt, the solver's, the system messages that the sample begins with, the worked examples, the rest of the
// sample. A sample's leading system messages stand before the examples, since many chat templates take system
// messages at the start only.

import ParleyModel

/// Builds the first request of a sample.
enum Opening {
    /// The opening messages. Throws where the template cannot be filled, where it has no user message to stand in,
    /// or where there are no choices, or more than letters.
    static func messages(
        of sample: Sample,
        solver: Solver,
        configuration: Configuration
    ) throws(TemplateProblem) -> [Message] {
        let prompts = [configuration.systemPrompt, solver.systemPrompt].compactMap { $0 }.filter { !$0.isEmpty }
        let own = try templated(sample, solver: solver)
        let leading = own.prefix { $0.role == .system }
        let examples = solver.fewShot.flatMap { [Message(.user, $0.input), Message(.assistant, $0.answer)] }
        return prompts.map { Message(.system, $0) } + leading + examples + own.dropFirst(leading.count)
    }

    private static func templated(_ sample: Sample, solver: Solver) throws(TemplateProblem) -> [Message] {
        if solver.kind == .multipleChoice {
            guard (2...ChoiceLayout.mostChoices).contains(sample.choices.count) else {
                throw TemplateProblem(
                    "sample '\(sample.id)' has \(sample.choices.count) choices; multiple_choice takes 2 to "
                        + "\(ChoiceLayout.mostChoices)"
                )
            }
        }
        let fallback = solver.kind == .multipleChoice ? ChoiceLayout.defaultTemplate : nil
        var own = sample.input.map { Message($0.role, $0.content) }
        guard let template = solver.template ?? fallback else { return own }
        guard let last = own.lastIndex(where: { $0.role == .user }) else {
            throw TemplateProblem("sample '\(sample.id)' has no user message for the suite's template to stand in")
        }
        own[last].content = try SampleFields(sample: sample).fill(template)
        return own
    }
}
