// Wrong round files, each with the line that is wrong and words that its message must hold. Most change one place of
// the small round, whose lines are numbered as in `SmallRound.yaml`.

/// One wrong round file.
struct Mistake: CustomStringConvertible, Sendable {
    let old: String
    let new: String
    /// The line that must be named; nil where the whole file is meant.
    let line: Int?
    let message: String
    /// Words of the remedy.
    let remedy: String

    init(_ old: String, _ new: String, line: Int?, _ message: String, _ remedy: String = "") {
        self.old = old
        self.new = new
        self.line = line
        self.message = message
        self.remedy = remedy
    }

    var description: String { new }

    static let head: [Mistake] = [
        Mistake("round: small", "rund: small", line: 1, "unknown key 'rund'", "'round'"),
        Mistake("round: small\n", "", line: 1, "needs 'round'", "add round"),
        Mistake("round: small", "round: Small Round", line: 1, "no valid name", "small-round"),
        Mistake("round: small", "round: [small]", line: 1, "must be text, not a list"),
        Mistake("round: small", "round:", line: 1, "has no value", "remove the key"),
        Mistake("tier: bilateral", "tier: bilatral", line: 2, "cannot be 'bilatral'", "'bilateral'"),
        Mistake("tier: bilateral", "tier: bilateral\ncurrency: dollars", line: 3, "no currency", "USD"),
        Mistake("tier: bilateral", "tier: bilateral\nseed: 1.5", line: 3, "'seed' must be a whole number"),
        Mistake("tier: bilateral", "tier: bilateral\nseed: \"7\"", line: 3, "not text in quotes", "remove the quotes"),
        Mistake("tier: bilateral", "tier: bilateral\ntier: mediated", line: 2, "stands more than once", "keep one"),
        Mistake("role: lab", "role: labb", line: 4, "cannot be 'labb'", "'lab'"),
        Mistake("{ name: lab-b, role: lab }", "{ name: lab-a, role: lab }", line: 5, "two parties are called 'lab-a'"),
        Mistake("{ name: lab-b, role: lab }", "lab-b", line: 5, "a party must be a mapping"),
        Mistake("{ name: lab-b, role: lab }", "{ role: lab, title: B }", line: 5, "needs 'name'"),
        Mistake("tier: bilateral", "tier: bilateral\nruns: []\n", line: 3, "empty list"),
    ]

    static let models: [Mistake] = [
        Mistake("party: lab-a", "party: lab-c", line: 8, "no party is called 'lab-c'", "'lab-a'"),
        Mistake("provider: openai", "provider: opneai", line: 9, "cannot be 'opneai'", "'openai'"),
        Mistake("    model: A-1\n", "", line: 7, "needs 'model'"),
        Mistake("model: A-1", "model: A-1\n    modle: B", line: 11, "unknown key 'modle'", "'model'"),
        Mistake("model: A-1", "model: A-1\n    concurrency: 0", line: 11, "from 1 to 100000, not 0"),
        Mistake("model: A-1", "model: A-1\n    concurrency: many", line: 11, "not 'many'"),
        Mistake("model: A-1", "model: A-1\n    timeout: 60", line: 11, "a duration such as", "unit"),
        Mistake("model: A-1", "model: A-1\n    timeout: 0s", line: 11, "must lie between"),
        Mistake("input: 3", "input: -3", line: 11, "from 0 to"),
        Mistake("input: 3", "input: .nan", line: 11, "not '.nan'", "finite"),
        Mistake("{ input: 3, output: 15 }", "{ input: 3 }", line: 11, "needs 'output'"),
        Mistake("{ input: 3, output: 15 }", "3", line: 11, "a price must be a mapping"),
        Mistake("model: A-1", "model: A-1\n    base_url: localhost:8000", line: 11, "no http or https address"),
        Mistake(
            "model: A-1",
            "model: A-1\n    base_url: http://x/v1/chat/completions",
            line: 11,
            "names a single call"
        ),
        Mistake("model: B-1", "model: B-1\n    base_url: http://x/v1", line: 16, "without '/v1'"),
        Mistake("model: A-1", "model: A-1\n    proxy: http://user:pw@x", line: 11, "holds a user"),
        Mistake("model: A-1", "model: A-1\n    certificate_file: no.pem", line: 11, "there is no file", "certificate"),
        Mistake(
            "model: A-1",
            "model: A-1\n    unsupported_parameters: [temprature]",
            line: 11,
            "temprature",
            "temperature"
        ),
        Mistake("model: A-1", "model: A-1\n    simulate: { accuracy: 2 }", line: 11, "from 0 to 1"),
        Mistake("model: A-1", "model: A-1\n    access: secret", line: 11, "cannot be 'secret'"),
    ]

    static let suites: [Mistake] = [
        Mistake("[AI control]", "[AI kontrol]", line: 19, "AI kontrol", "'AI control'"),
        Mistake("[AI control]", "[]", line: 19, "empty list"),
        Mistake("items.jsonl", "item.jsonl", line: 20, "there is no dataset /", "round file's folder"),
        Mistake("items.jsonl", "round.yaml", line: 20, "says nothing of its format", "format: jsonl"),
        Mistake("{ file: items.jsonl }", "{ file: items.jsonl, limit: 0 }", line: 20, "from 1 to"),
        Mistake("{ file: items.jsonl }", "{ file: items.jsonl, shuffle: yes }", line: 20, "a whole number"),
        Mistake("{ file: items.jsonl }", "{ file: items.jsonl, preset: gsm9k }", line: 20, "gsm9k", "'gsm8k'"),
        Mistake("{ file: items.jsonl }", "{ file: items.jsonl, filter: [a] }", line: 20, "must be a mapping"),
        Mistake(
            "{ file: items.jsonl }",
            "{ file: items.jsonl, preset: bbq, fields: { id: a } }",
            line: 20,
            "'fields' has no meaning here"
        ),
        Mistake("scorer: exact", "scorer: exakt", line: 21, "exakt", "'exact'"),
        Mistake("scorer: exact", "scorer: { kind: pattern, pattern: '(a' }", line: 21, "no valid regular expression"),
        Mistake("scorer: exact", "scorer: { kind: exact, tolerance: 1 }", line: 21, "'tolerance' has no meaning here"),
        Mistake("scorer: exact", "scorer: model_graded", line: 21, "needs judges"),
        Mistake(
            "scorer: exact",
            "scorer: { kind: model_graded, judges: [modl-a], rubric: GRADE, scale: { C: 1, I: 0 } }",
            line: 21,
            "no configuration is called 'modl-a'",
            "'model-a'"
        ),
        Mistake(
            "scorer: exact",
            "scorer: { kind: model_graded, judges: [model-a], scale: { C: 1, I: 0 } }",
            line: 21,
            "'rubric' or 'rubric_file'"
        ),
        Mistake(
            "scorer: exact",
            "scorer: { kind: model_graded, judges: [model-a], rubric: 'GRADE {{anser}}', scale: { C: 1, I: 0 } }",
            line: 21,
            "{{anser}}",
            "{{answer}}"
        ),
        Mistake("scorer: exact", "scorer: exact\n    epoch_reducer: best", line: 22, "cannot be 'best'", "pass_at_K"),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    epoch_reducer: worst_100",
            line: 22,
            "cannot be 'worst_100'",
            "1 to 99 %"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    epochs: 2\n    epoch_reducer: pass_at_3",
            line: 23,
            "needs 3 epochs",
            "epochs: 3"
        ),
        Mistake("scorer: exact", "scorer: exact\n    epochs: 0", line: 22, "'epochs' must be a whole number from 1"),
        Mistake("scorer: exact", "scorer: exact\n    solver: scripted_turns", line: 22, "needs turns"),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    solver: { kind: generate, turns: [a] }",
            line: 22,
            "'turns' has no"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    solver: { kind: generate, template: '{{inptu}}' }",
            line: 22,
            "{{inptu}}",
            "{{input}}"
        ),
        Mistake("scorer: exact", "scorer: exact\n    kinds: { refusd: exclude }", line: 22, "refusd", "'refused'"),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    kinds: { refused: { score_as: .inf } }",
            line: 22,
            "not '.inf'"
        ),
        Mistake("scorer: exact", "scorer: exact\n    max_tokens: 1e99", line: 22, "whole number"),
    ]

    static let agents: [Mistake] = [
        Mistake("scorer: exact", "scorer: exact\n    solver: agent", line: 22, "agent needs an environment", "NAME"),
        Mistake("scorer: exact", "scorer: exact\n    solver: { kind: agent }", line: 22, "needs 'environment'"),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    solver: { kind: agent, enviroment: file_store }",
            line: 22,
            "'enviroment'",
            "'environment'"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    solver: { kind: agent, environment: file_store, turns: [a] }",
            line: 22,
            "'turns' must be a whole number"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    solver: { kind: agent, environment: file_store, time_limit: 30 }",
            line: 22,
            "a duration such as"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    solver: { kind: generate, token_limit: 5 }",
            line: 22,
            "'token_limit' has no meaning here"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\n    solver: { kind: agent, environment: file_store, cost_limit: 1 }",
            line: 22,
            "over a model without a price: model-b",
            "token_limit"
        ),
        Mistake("scorer: exact", "scorer: environment", line: 21, "needs a measure", "main_task"),
        Mistake(
            "scorer: exact",
            "solver: { kind: agent, environment: file_store }\n    scorer: { kind: environment, measure: main_tsk }",
            line: 22,
            "main_tsk",
            "'main_task'"
        ),
        Mistake(
            "scorer: exact",
            "scorer: { kind: environment, measure: honesty }",
            line: 21,
            "needs an agent",
            "kind: agent"
        ),
        Mistake(
            "scorer: exact",
            "scorer: { kind: exact, measure: honesty }",
            line: 21,
            "'measure' has no meaning here"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\nconfigurations: [{ name: c, model: model-b, tool_mode: txt }]",
            line: 22,
            "cannot be 'txt'",
            "'text'"
        ),
    ]

    static let rest: [Mistake] = [
        Mistake(
            "{ file: items.jsonl }",
            "{ file: items.jsonl, preset: gsm8k }\n    solver: multiple_choice",
            line: 21,
            "multiple_choice needs choices",
            "numeric"
        ),
        Mistake("scorer: exact", "scorer: exact\nruns: [{ suite: suit-a, configurations: all }]", line: 22, "suit-a"),
        Mistake("scorer: exact", "scorer: exact\nruns: [{ suite: suite-a }]", line: 22, "needs 'configurations'"),
        Mistake("scorer: exact", "scorer: exact\nruns: everything", line: 22, "cannot be 'everything'"),
        Mistake("scorer: exact", "scorer: exact\nruns: mediated", line: 22, "nothing to run", "evaluator"),
        Mistake("scorer: exact", "scorer: exact\nbudgets: [{ money: 5 }]", line: 22, "without a price: model-b"),
        Mistake("scorer: exact", "scorer: exact\nbudgets: [{ party: lab-a }]", line: 22, "without a limit"),
        Mistake("scorer: exact", "scorer: exact\nbudgets: [{ tokens: 0 }]", line: 22, "1 or more"),
        Mistake(
            "scorer: exact",
            "scorer: exact\nbudgets: [{ party: lab-a, suite: suite-a, tokens: 5 }]",
            line: 22,
            "holds for one of party, suite"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\nconfigurations: [{ name: c, model: model-x }]",
            line: 22,
            "no model is called 'model-x'"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\nconfigurations: [{ name: c, model: model-b, temperature: hot }]",
            line: 22,
            "not 'hot'"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\nconfigurations: [{ name: c, model: model-b, reasoning: { effort: hihg } }]",
            line: 22,
            "hihg",
            "'high'"
        ),
        Mistake(
            "scorer: exact",
            "scorer: exact\nconfigurations: [{ name: c, model: model-b, system_prompt_file: p.txt }]",
            line: 22,
            "there is no file"
        ),
    ]

    /// Files that are no YAML, or none that can be read as a round.
    static let yaml: [Mistake] = [
        Mistake("tier: bilateral", "tier: bilateral\n\tseed: 1", line: 3, "a tab at the start of a line", "spaces"),
        Mistake("tier: bilateral", "tier: bilateral: 2", line: 2, "a ':' where no key can stand", "quotes"),
        Mistake("{ name: lab-b, role: lab }", "{ name: lab-b, role: lab", line: 6, "{ } that is not closed"),
        Mistake("tier: bilateral", "tier: *bilateral", line: 2, "an alias"),
        Mistake("tier: bilateral", "tier: bilateral\n---\ntier: x", line: 3, "a second document"),
        Mistake("tier: bilateral", "tier: \"bilateral", line: 21, "a quote that is never closed", "quote"),
    ]

    static let all = head + models + suites + agents + rest + yaml
}
