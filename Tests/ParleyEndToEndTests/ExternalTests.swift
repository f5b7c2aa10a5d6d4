// External solvers and tasks of Inspect as their user knows them: round files, the built program, the simulated
// provider. What needs a Python with inspect_ai says that it is left out where there is none.

import Foundation
import ParleyModel
import Testing

@Suite("parley run with external programs", .serialized, .timeLimit(.minutes(8))) struct ExternalTests {
    private static var examples: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../examples")
            .standardizedFileURL
    }

    /// A copy of an example's folder.
    private static func copy(_ name: String) throws -> Workplace {
        let place = try Workplace()
        for file in try FileManager.default.contentsOfDirectory(atPath: examples.appendingPathComponent(name).path) {
            try? FileManager.default.removeItem(atPath: place.folder + "/" + file)
            try FileManager.default.copyItem(
                atPath: examples.appendingPathComponent(name + "/" + file).path,
                toPath: place.folder + "/" + file
            )
        }
        return place
    }

    private static func findings(_ ended: ParleyProcess.Ended) throws -> [String: CellRecord] {
        #expect(ended.code == 0, "\(ended.errors)")
        let findings = try JSONValue(parsing: ended.output).decode(FindingsDocument.self)
        return Dictionary(uniqueKeysWithValues: findings.cells.map { ($0.suite.text, $0) })
    }

    @Test(
        "runs the example solvers, in Python with calls that count and in the shell without any",
        .enabled(if: Self.runs("python3 -c ''"), "needs a python3 in PATH")
    )
    func examples() throws {
        let place = try Self.copy("external")
        let refused = try place.start().end()
        #expect(refused.code == 2 && refused.errors.contains("--allow-external"), "\(refused.errors)")
        let cells = try Self.findings(try place.start(["--allow-external", "--json"]).end())
        for name in ["asked-twice", "baseline"] {
            let cell = try #require(cells[name])
            #expect(cell.counted == 3 && cell.estimate == 1, "\(cell)")
        }
        #expect(try #require(cells["asked-twice"]).usage.output > 0)
        #expect(try #require(cells["baseline"]).usage == Usage(), "it calls no model")
        let plan = try ParleyProcess.run(["plan", place.round])
        #expect(plan.output.contains("RUNS A PROGRAM") && plan.output.contains("./solver.py sha256:"))
    }

    @Test("a task of Inspect is planned and run by its bridge: the protocol, with a stand-in for Python")
    func fakeBridge() throws {
        let place = try Workplace()
        let bridge = place.folder + "/fake-python"
        let script = """
            #!/bin/sh
            # $1 is the bridge, $2 the task's file.
            [ -f "$1" ] && [ -f "$2" ] || exit 9
            read -r line
            case $line in
            *'"type":"list"'*)
                output=$(printf '%s' "$line" | sed 's/.*"output":"\\([^"]*\\)".*/\\1/')
                echo '{"id":"one","input":"What is 1 + 1?","target":["2"],"choices":[],"metadata":{}}' > "$output"
                echo '{"type":"answer","answer":"{\\"samples\\":1,\\"versions\\":{\\"inspect_ai\\":\\"0\\"}}"}' ;;
            *'"versions":{"inspect_ai":"0"}'*)
                echo '{"type":"message","role":"user","content":"What is 1 + 1?"}'
                echo '{"type":"score","score":0.5,"answer":"two","explanation":"match: P"}' ;;
            *) echo '{"type":"error","message":"not as planned"}' ;;
            esac
            """
        try place.write("fake-python", script)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bridge)
        try place.write("task.py", "")
        let round = try String(contentsOfFile: place.round, encoding: .utf8)
        let suite = """
            suites:
              - name: sums
                party: a
                areas: [scalable oversight]
                inspect: { task: task.py@sums, python: \(bridge), task_args: { n: 1 } }
            runs: bilateral
            """
        try place.write("round.yaml", round.prefix(upTo: try #require(round.range(of: "suites:")).lowerBound) + suite)
        let refused = try place.start().end()
        #expect(refused.code == 2 && refused.errors.contains("runs its code"), "\(refused.errors)")
        let cells = try Self.findings(try place.start(["--allow-external", "--json"]).end())
        let cell = try #require(cells["sums"])
        #expect(cell.counted == 1 && cell.estimate == 0.5)
    }

    @Test("a Python without inspect_ai is an error of the plan that says how to get on")
    func missingInspect() throws {
        let place = try Self.copy("inspect")
        let words = #"{"type":"error","message":"ModuleNotFoundError: No module named 'inspect_ai'"}"#
        try place.write("python3", "#!/bin/sh\nread -r line\ncat <<'END'\n\(words)\nEND\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder + "/python3")
        let planned = try ParleyProcess.run(
            ["plan", place.round, "--simulated", "--allow-external"],
            environment: ["PATH": place.folder + ":/usr/bin:/bin"]
        )
        #expect(planned.code == 2 && planned.errors.contains("round.yaml:20"), "\(planned.errors)")
        #expect(planned.errors.contains("install inspect-ai for the python3 that comes first"), "\(planned.errors)")
    }

    @Test(
        "runs three tasks of Inspect, plain, with tools and model-graded",
        .enabled(
            if: Self.runs("python3 -c 'import inspect_ai, openai'"),
            "needs a python3 with inspect_ai and openai in PATH"
        )
    )
    func inspect() throws {
        let place = try Self.copy("inspect")
        let cells = try Self.findings(try place.start(["--allow-external", "--json", "--concurrency", "2"]).end())
        let capitals = try #require(cells["capitals"])
        #expect(capitals.counted == 4 && capitals.estimate == 1, "\(capitals)")
        // The simulated provider calls the tool, in vain, and says what it knows.
        let stockroom = try #require(cells["stockroom"])
        #expect(stockroom.counted == 2 && stockroom.estimate == 1, "\(stockroom)")
        let explanations = try #require(cells["explanations"])
        #expect(explanations.counted == 2 && explanations.estimate == 1, "\(explanations)")
        #expect(explanations.usage.input > 2 * stockroom.usage.input, "the grader's calls are counted")
    }

    /// Whether a line of the shell succeeds here.
    private static func runs(_ line: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line + " 2> /dev/null"]
        try? process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
