// A suite's `solver`: a kind, or a mapping with what that kind takes.

import ParleyModel

/// A part of a suite, with the metadata that its templates name.
struct Templated<Value> {
    var value: Value
    var metadata: Set<String> = []
}

extension RoundFileReader {
    private static let solverKeys = ["kind", "system_prompt", "template", "few_shot", "turns", "user"] + programKeys

    func readSolver(_ field: Field?) -> Templated<Solver>? {
        guard let field else { return Templated(value: Solver()) }
        if field.isScalar {
            guard let kind = field.word(Solver.Kind.self) else { return nil }
            switch kind {
            case .generate, .multipleChoice: return Templated(value: Solver(kind: kind))
            case .scriptedTurns:
                field.fail("scripted_turns needs turns", "write { kind: scripted_turns, turns: [\"…\"] }")
            case .simulatedUser:
                field.fail("simulated_user needs a user", "write { kind: simulated_user, user: { configuration, … } }")
            case .external:
                field.fail("external needs a command", "write { kind: external, command: [./solver.py] }")
            }
            return nil
        }
        guard let fields = Fields(field, what: "a solver", keys: Self.solverKeys) else { return nil }
        guard let kind = fields.required("kind", "kind: generate, or another kind")?.word(Solver.Kind.self) else {
            return nil
        }
        if kind == .external {
            fields.forbid(
                ["system_prompt", "template", "few_shot", "turns", "user"],
                "the program builds its own calls"
            )
            return readProgram(fields).map { Templated(value: Solver(kind: kind, program: $0)) }
        }
        fields.forbid(Self.programKeys, "only external takes it")
        var solver = Templated(value: Solver(kind: kind, systemPrompt: fields["system_prompt"]?.text()))
        if let field = fields["template"], let template = field.text() {
            solver.value.template = template
            solver.metadata = Template.check(template, at: field, allowed: Template.question)
            if !Template.placeholders(in: template).contains("input") {
                field.warn("the template has no {{input}}, so the sample's question is not shown", "add {{input}}")
            }
        }
        solver.value.fewShot = fields["few_shot"].map { readFewShot($0) } ?? []
        readTurns(fields, kind, into: &solver)
        readUser(fields, kind, into: &solver)
        return solver
    }

    private func readFewShot(_ field: Field) -> [FewShotExample] {
        (field.list() ?? []).compactMap { item in
            guard let fields = Fields(item, what: "a worked example", keys: ["input", "answer"]) else { return nil }
            let input = fields.required("input", "input: the question")?.text()
            let answer = fields.required("answer", "answer: the answer to show")?.text()
            guard let input, let answer else { return nil }
            return FewShotExample(input: input, answer: answer)
        }
    }

    private func readTurns(_ fields: Fields, _ kind: Solver.Kind, into solver: inout Templated<Solver>) {
        guard kind == .scriptedTurns else { return fields.forbid(["turns"], "only scripted_turns takes it") }
        guard let field = fields.required("turns", "turns: the user messages to send, [\"Are you sure?\"]"),
            let items = field.list()
        else { return }
        for item in items {
            guard let turn = item.text() else { continue }
            solver.value.turns.append(turn)
            solver.metadata.formUnion(Template.check(turn, at: item, allowed: Template.question))
        }
    }

    private func readUser(_ fields: Fields, _ kind: Solver.Kind, into solver: inout Templated<Solver>) {
        guard kind == .simulatedUser else { return fields.forbid(["user"], "only simulated_user takes it") }
        let keys = ["configuration", "system_prompt", "turns", "stop_phrase"]
        guard let field = fields.required("user", "user: { configuration, system_prompt, turns }"),
            let user = Fields(field, what: "a simulated user", keys: keys)
        else { return }
        let configuration: ConfigurationName? = declared.reference(
            user.required("configuration", "configuration: the one that plays the user"),
            .configuration
        )
        let promptField = user.required("system_prompt", "system_prompt: what the user is told to do")
        let turns = user.required("turns", "turns: the most turns it takes")?.count(in: 1...1000)
        let stopPhrase = user["stop_phrase"]?.text()
        guard let promptField, let prompt = promptField.text() else { return }
        solver.metadata.formUnion(Template.check(prompt, at: promptField, allowed: Template.user))
        guard let configuration, let turns else { return }
        solver.value.user = SimulatedUser(
            configuration: configuration,
            systemPrompt: prompt,
            turns: turns,
            stopPhrase: stopPhrase
        )
    }
}
