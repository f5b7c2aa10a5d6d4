// A suite's `solver`: a kind, or a mapping with what that kind takes.

import ParleyModel

/// A part of a suite, with the metadata that its templates name.
struct Templated<Value> {
    var value: Value
    var metadata: Set<String> = []
}

extension RoundFileReader {
    private static let agentKeys = ["environment", "time_limit", "token_limit", "cost_limit", "output_limit"]
    private static let solverKeys =
        ["kind", "system_prompt", "template", "few_shot", "turns", "user", "auditor"]
        + Set(agentKeys + programKeys).sorted()

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
            case .agent:
                field.fail("agent needs an environment", "write { kind: agent, environment: NAME }")
            case .auditor:
                field.fail(
                    "auditor needs a configuration",
                    "write { kind: auditor, auditor: CONFIGURATION, turns: 20 }"
                )
            case .external:
                field.fail("external needs a command", "write { kind: external, command: [./solver.py] }")
            }
            return nil
        }
        guard let fields = Fields(field, what: "a solver", keys: Self.solverKeys) else { return nil }
        guard let kind = fields.required("kind", "kind: generate, or another kind")?.word(Solver.Kind.self) else {
            return nil
        }
        if kind != .auditor { fields.forbid(["auditor"], "only auditor takes it") }
        if kind == .external {
            fields.forbid(
                ["system_prompt", "template", "few_shot", "turns", "user"],
                "the program builds its own calls"
            )
            fields.forbid(["cost_limit"], "only agent and auditor take it")
            return readProgram(fields).map { Templated(value: Solver(kind: kind, program: $0)) }
        }
        fields.forbid(Self.programKeys.filter { !Self.agentKeys.contains($0) }, "only external takes it")
        var solver = Templated(value: Solver(kind: kind, systemPrompt: fields["system_prompt"]?.text()))
        if kind == .auditor {
            fields.forbid(["template", "few_shot", "user"], "the auditor writes what the target is sent")
            fields.forbid(["environment"], "only agent takes it")
            readAuditor(fields, into: &solver.value)
            return solver
        }
        if let field = fields["template"], let template = field.text() {
            solver.value.template = template
            solver.metadata = Template.check(template, at: field, allowed: Template.question)
            if !Template.placeholders(in: template).contains("input") {
                field.warn("the template has no {{input}}, so the sample's question is not shown", "add {{input}}")
            }
        }
        solver.value.fewShot = fields["few_shot"].map { readFewShot($0) } ?? []
        if kind == .agent {
            solver.value.agent = readAgent(fields)
        } else {
            fields.forbid(["cost_limit"], "only agent and auditor take it")
            fields.forbid(Self.agentKeys.filter(Self.programKeys.contains), "only agent, auditor and external take it")
            readTurns(fields, kind, into: &solver)
        }
        readUser(fields, kind, into: &solver)
        return solver
    }

    /// `turns` is here the most turns, a number.
    private func readAgent(_ fields: Fields) -> AgentSettings? {
        let environment = fields.required("environment", "environment: the name of the one it works in")?.text()
        return environment.map { limits(fields, environment: $0) }
    }

    /// `turns` is here the most calls of the auditor.
    private func readAuditor(_ fields: Fields, into solver: inout Solver) {
        solver.auditor = declared.reference(
            fields.required("auditor", "auditor: the configuration that plays user and world"),
            .configuration
        )
        solver.agent = limits(fields, environment: AgentSettings.audit)
    }

    private func limits(_ fields: Fields, environment: String) -> AgentSettings {
        AgentSettings(
            environment: environment,
            turns: fields["turns"]?.count(in: 1...10_000) ?? AgentSettings.defaultTurns,
            timeLimitMilliseconds: fields["time_limit"]?.milliseconds(in: 1...604_800_000),
            tokenLimit: fields["token_limit"]?.integer(in: 1...Int64.max / 4),
            costLimit: fields["cost_limit"]?.money(),
            outputLimit: fields["output_limit"]?.count(in: 1...100_000_000) ?? AgentSettings.defaultOutputLimit
        )
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
        guard kind == .scriptedTurns else {
            return fields.forbid(["turns"], "only scripted_turns, agent and auditor take it")
        }
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
