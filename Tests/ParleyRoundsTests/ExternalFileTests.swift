// External solvers and tasks of Inspect in round files: what is frozen, and what is wrong said with its place.

import Foundation
import ParleyModel
import ParleyTestSupport
import Testing

@testable import ParleyProbe
@testable import ParleyRounds

@Suite("An external solver in a round file") struct ExternalFileTests {
    private static let head = """
        round: small
        tier: bilateral
        parties: [{ name: a, role: lab }, { name: b, role: lab }]
        models:
          - { name: m, party: a, provider: openai, model: m, base_url: "http://127.0.0.1:1/v1", api_key: "env:THE_KEY" }
        configurations: [{ name: c, model: m, max_tokens: 100 }, { name: judge, model: m }]
        runs: [{ suite: s, configurations: [c] }]
        suites:
          - name: s
            party: b
            areas: [AI control]

        """

    private static func folder(_ suite: String) throws -> Folder {
        let folder = try Folder()
        try folder.write("solver.py", "print(1)\n")
        try folder.write("helper.py", "x = 1\n")
        try folder.write("items.jsonl", #"{"input":"a question","target":"yes"}"#)
        try folder.write("round.yaml", head + suite)
        return folder
    }

    @Test("is frozen as it is written, with the hashes of its files")
    func frozen() throws {
        let folder = try Self.folder(
            """
                dataset: items.jsonl
                scorer: external
                solver:
                  kind: external
                  command: [python3, solver.py, --fast]
                  files: [helper.py]
                  time_limit: 90s
                  memory_limit: 256
                  output_limit: 4096
                  call_limit: 3
                  token_limit: 1000
                  environment: { allow: [PYTHONPATH] }
                  roles: { grader: judge }
                  options: { depth: 2, "quoted": "2", list: [true, ~, 1.5, word] }
            """
        )
        let plan = try Plan.make(file: folder.path + "/round.yaml")
        let program = try #require(plan.definition.suites.first?.solver.program)
        let hash = { (text: String) in ContentHash(of: Array(text.utf8)) }
        #expect(
            program
                == ExternalProgram(
                    command: ["python3", "solver.py", "--fast"],
                    files: [
                        FrozenFile(path: "solver.py", sha256: hash("print(1)\n")),
                        FrozenFile(path: "helper.py", sha256: hash("x = 1\n")),
                    ],
                    timeLimitMilliseconds: 90_000,
                    memoryLimitMebibytes: 256,
                    outputLimitBytes: 4096,
                    callLimit: 3,
                    tokenLimit: 1000,
                    environment: ["PYTHONPATH"],
                    roles: ["grader": "judge"],
                    options: ["depth": 2, "quoted": "2", "list": [true, nil, 1.5, "word"]]
                )
        )
        #expect(plan.document.programs.map(\.command) == [program.command])
        #expect(plan.total.output == 300 && plan.total.calls == 3)
        let json = try plan.definition.json()
        #expect(try json.decode(RoundDefinition.self) == plan.definition, "role and option names keep their form")
        try folder.write("solver.py", "print(2)\n")
        #expect(try Plan.make(file: folder.path + "/round.yaml").definitionHash != plan.definitionHash)
    }

    @Test("says what is wrong with it")
    func mistakes() throws {
        let cases = [
            ("{ kind: external }", "needs 'command'"),
            ("{ kind: external, command: [echo, hello] }", "names no file that could be frozen"),
            ("{ kind: external, command: [./none.py] }", "there is no program file"),
            ("{ kind: external, command: [./solver.py], turns: [x] }", "the program builds its own calls"),
            ("{ kind: external, command: [./solver.py], environment: { allow: [THE_KEY] } }", "holds a model's key"),
            ("{ kind: external, command: [./solver.py], environment: { allow: [PGPASSWORD] } }", "is Parley's"),
            ("{ kind: external, command: [./solver.py], roles: { grader: nobody } }", "no configuration is called"),
            ("{ kind: generate, call_limit: 3 }", "only external takes it"),
        ]
        for (solver, message) in cases {
            let folder = try Self.folder("    dataset: items.jsonl\n    scorer: exact\n    solver: \(solver)\n")
            let invalid = #expect(throws: InvalidInput.self) { try Plan.make(file: folder.path + "/round.yaml") }
            #expect(
                invalid?.diagnostics.contains { $0.message.contains(message) } == true,
                "\(solver): \(invalid?.diagnostics ?? [])"
            )
        }
        let folder = try Self.folder("    dataset: items.jsonl\n    scorer: external\n")
        #expect(throws: InvalidInput.self) { try Plan.make(file: folder.path + "/round.yaml") }
    }

    @Test("that is a task of Inspect takes its samples from what was captured, and only where that is allowed")
    func inspect() throws {
        let folder = try Self.folder("    inspect: { task: solver.py@sums, task_args: { n: 2 }, limit: 1 }\n")
        let file = folder.path + "/round.yaml"
        let refused = #expect(throws: InvalidInput.self) { try Plan.make(file: file) }
        #expect(refused?.diagnostics.first?.remedy?.contains("--allow-external") == true)
        let bridge = FrozenFile(path: ExternalProgram.inspectBridge, sha256: ContentHash(of: [1]))
        let captured = folder.path + "/items.jsonl"
        let capture = TaskCapture(bridge: bridge) { request throws(ParleyFailure) in
            guard request.limit == 1, request.program.options?["task"] == "sums" else {
                throw ParleyFailure(.failure, "not what was asked for")
            }
            return CapturedTask(path: captured, versions: ["inspect_ai": "1.2"])
        }
        let suite = try #require(try Plan.make(file: file, capture: capture).definition.suites.first)
        #expect(suite.scorer.kind == .external && suite.dataset.count == 1 && suite.dataset.source == "solver.py@sums")
        let program = try #require(suite.solver.program)
        #expect(program.command == ["python3", ExternalProgram.inspectBridge, "solver.py"])
        #expect(program.files.map(\.path) == [ExternalProgram.inspectBridge, "solver.py"])
        #expect(program.options == ["task": "sums", "task_args": ["n": 2], "versions": ["inspect_ai": "1.2"]])
    }

    @Test("is told of a sample as external.schema.json says")
    func protocolSchema() throws {
        let folder = try Self.folder(
            """
                dataset: items.jsonl
                scorer: exact
                solver: { kind: external, command: [./solver.py], memory_limit: 64, token_limit: 9, options: [1], roles: { x: judge } }
            """
        )
        let definition = try Plan.make(file: folder.path + "/round.yaml").definition
        let suite = try #require(definition.suites.first)
        var configuration = definition.configurations[0]
        configuration.systemPrompt = "Be brief."
        configuration.sampling.temperature = 0.5
        let opening = ProgramOpening(
            suite: suite,
            configuration: configuration,
            program: try #require(suite.solver.program),
            epoch: 2
        )
        let call = ToolCall(id: "1", name: "look", arguments: [:])
        let sample = Sample(id: "1", input: [Message(.user, "?"), Message(.assistant, "", toolCalls: [call])])
        let line = opening.line(sample, address: "http://127.0.0.1:1", token: "t", format: .openai)
        #expect(line.count { $0 == 10 } == 1 && line.last == 10)
        let schema = try SchemaCheck("external")
        #expect(schema.problems(try JSONValue(parsing: line), definition: "sample") == [])
        let said: [(String, String)] = [
            ("log", #"{"type":"log","text":"x"}"#),
            ("message", #"{"type":"message","role":"user","content":"x"}"#),
            ("answer", #"{"type":"answer","answer":"x","stop":"max_tokens","explanation":"y"}"#),
            ("score", #"{"type":"score","score":null,"answer":"x"}"#), ("refused", #"{"type":"refused"}"#),
            ("error", #"{"type":"error","message":"x","transient":true}"#),
        ]
        for (name, text) in said {
            #expect(schema.problems(try JSONValue(parsing: text), definition: name) == [])
            #expect(throws: Never.self) { try ProgramMessage(line: Array(text.utf8)) }
        }
    }
}
