// External programs as real processes: good ones, and every way of being bad that ends an attempt and nothing else.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("An external program", .serialized, .timeLimit(.minutes(3))) struct ProgramTests {
    @Test("that answers is scored, and its log, messages and standard error stand in the transcript")
    func answers() async throws {
        let stage = try ProgramStage(
            """
            #!/bin/sh
            read -r task
            echo "to people" >&2
            echo '{"type":"log","text":"thinking"}'
            echo '{"type":"message","role":"user","content":"What is 40 + 2?"}'
            echo '{"type":"message","role":"assistant","content":"42"}'
            printf '{"type":"answer","answer":"42"}'
            """
        )
        let result = try await stage.probe()
        #expect(result.kind == .scored && result.score == .one)
        #expect(result.transcript.messages == [Message(.user, "What is 40 + 2?"), Message(.assistant, "42")])
        #expect(result.transcript.exchanges.isEmpty && result.usage == Usage())
        let record = try #require(result.transcript.program)
        #expect(record.end == "exit 0" && record.logs == ["thinking"] && record.errorOutput == "to people\n")
        #expect(try #require(record.startMicros) <= record.durationMicros)
        await stage.close()
    }

    @Test(
        "that ends without a last word fails its attempt by class and fingerprint",
        arguments: [
            ("exit 3", "external crash exit 3"), ("kill -SEGV $$", "external crash signal 11"),
            ("exit 0", "external no_answer"), ("echo hello", "external protocol not_json"),
            (#"echo '{"type":"poem"}'"#, "external protocol bad_message"),
            (#"echo '{"type":"answer"}'"#, "external protocol bad_message"),
            (#"printf '\377\376\000\n'"#, "external protocol not_json"),
            (#"echo '{"type":"score","score":1}'"#, "external protocol score_not_asked"),
            (#"echo '{"type":"error","message":"no"}'"#, "external error"),
            ("yes | head -c 100000", "external protocol not_json"),
            ("while :; do echo '{\"type\":\"log\",\"text\":\"more\"}'; done", "external protocol output_limit"),
            ("tr '\\0' ' ' < /dev/zero", "external protocol output_limit"),
        ]
    )
    func fails(line: String, fingerprint: String) async throws {
        let stage = try ProgramStage("#!/bin/sh\nread -r task\necho 'why it failed' >&2\n\(line)\n")
        stage.program.outputLimitBytes = 1 << 20
        let failure = try #require(await stage.failure())
        #expect(failure.failureClass == .malformedResponse)
        #expect(failure.fingerprint == fingerprint, "\(failure)")
        #expect(failure.message.contains("why it failed"))
        #expect(failure.usage == Usage() && failure.cost == .zero)
        await stage.close()
    }

    @Test("that cannot be started, or says that it may go well later, is tried again elsewhere or later")
    func transient() async throws {
        for text in ["#!/no/such/interpreter\n", #"printf '{"type":"error","message":"later","transient":true}'"#] {
            let stage = try ProgramStage(text.hasPrefix("#!") ? text : "#!/bin/sh\n" + text)
            let failure = try #require(await stage.failure())
            #expect(failure.failureClass == .worker, "\(failure)")
            await stage.close()
        }
    }

    @Test("that hangs is killed at its time limit, which is an outcome, children and all")
    func hangs() async throws {
        let stage = try ProgramStage("#!/bin/sh\nsleep 300 &\necho $! >&2\nsleep 300\n")
        stage.program.timeLimitMilliseconds = 400
        let result = try await stage.probe()
        #expect(result.kind == .limited && result.score == nil)
        let record = try #require(result.transcript.program)
        #expect(record.durationMicros >= 400_000 && record.durationMicros < 20_000_000)
        try await Self.expectGone(
            try #require(Int32(record.errorOutput.trimmingCharacters(in: .whitespacesAndNewlines)))
        )
        await stage.close()
    }

    @Test("that answers and leaves a child behind, holding its output, leaves nothing behind")
    func leavesChildren() async throws {
        let stage = try ProgramStage(
            """
            #!/bin/sh
            sleep 300 &
            echo $! >&2
            echo '{"type":"answer","answer":"42"}'
            """
        )
        let result = try await stage.probe()
        #expect(result.kind == .scored)
        let record = try #require(result.transcript.program)
        #expect(record.durationMicros < 20_000_000)
        try await Self.expectGone(
            try #require(Int32(record.errorOutput.trimmingCharacters(in: .whitespacesAndNewlines)))
        )
        await stage.close()
    }

    @Test("that stays after its last word is ended, and its answer counts")
    func stays() async throws {
        let stage = try ProgramStage("#!/bin/sh\necho '{\"type\":\"answer\",\"answer\":\"42\"}'\nsleep 300\n")
        let result = try await stage.probe()
        #expect(result.score == .one && result.transcript.program?.end.hasPrefix("killed") == true)
        await stage.close()
    }

    @Test(
        "that allocates more than its memory limit fails alone",
        .enabled(if: ProgramStage.hasPython, "needs a python3 in PATH")
    )
    func allocates() async throws {
        let stage = try ProgramStage(ProgramStage.python("block = bytearray(2 << 30)\nsay('answer', answer='42')"))
        stage.program.memoryLimitMebibytes = 512
        let failure = try #require(await stage.failure())
        #expect(failure.fingerprint == "external crash exit 1" && failure.message.contains("MemoryError"))
        await stage.close()
    }

    @Test(
        "gets an allow-list of variables, a folder of its own, no open file of the worker's, and no key",
        .enabled(if: ProgramStage.hasPython, "needs a python3 in PATH")
    )
    func environment() async throws {
        let body = """
            held = [os.readlink("/proc/self/fd/" + n) for n in os.listdir("/proc/self/fd") if int(n) > 2
                    and os.path.exists("/proc/self/fd/" + n)]
            say("answer", answer=json.dumps({"variables": dict(os.environ), "folder": os.getcwd(), "held": held,
                                             "task": json.dumps(task)}))
            """
        let stage = try ProgramStage(ProgramStage.python(body))
        stage.program.environment = ["SHOWN", "KEY", "PARLEY_DATABASE_URL", "PGPASSWORD"]
        let said = try JSONValue(parsing: try await stage.probe().transcript.answer)
        let variables = try #require(said["variables"]?.object)
        #expect(variables["SHOWN"] == "yes" && variables["HIDDEN"] == nil && variables["KEY"] == nil)
        // Where python3 is a script of pyenv, that adds its own.
        let own = variables.keys.filter { !$0.hasPrefix("PYENV_") && $0 != "_PYENV_INSTALL_PREFIX" }
        #expect(
            Set(own).isSubset(of: [
                "SHOWN", "PATH", "LANG", "HOME", "TMPDIR", "PWD", "LC_CTYPE", "OLDPWD", "SHLVL", "_",
            ])
        )
        #expect(variables["HOME"] == said["folder"])
        #expect(said["held"]?.array?.allSatisfy { $0.string?.hasPrefix("/proc/") == true } == true, "\(said)")
        #expect(said["task"]?.string?.contains(ProgramStage.key) == false)
        #expect(!FileManager.default.fileExists(atPath: said["folder"]?.string ?? "/"), "the folder is removed")
        await stage.close()
    }

    @Test("is refused by a worker that was not told to run any, and where a file is not the frozen one")
    func refused() async throws {
        let stage = try ProgramStage("#!/bin/sh\necho '{\"type\":\"answer\",\"answer\":\"42\"}'\n")
        stage.isAllowed = false
        let refusal = try #require(await stage.failure())
        #expect(refusal.failureClass == .worker && refusal.message.contains("--allow-external"))
        stage.isAllowed = true
        #expect(try await stage.probe().score == .one)
        try "#!/bin/sh\necho changed\n".write(toFile: stage.folder + "/solver", atomically: true, encoding: .utf8)
        let changed = try #require(await stage.failure())
        #expect(changed.message.contains("not the one that was frozen"))
        await stage.close()
    }

    @Test("scores itself where the suite says so")
    func scores() async throws {
        let cases: [(String, OutcomeKind, Score?)] = [
            (#"{"type":"score","score":0.25,"explanation":"a quarter"}"#, .scored, Score(0.25)),
            (#"{"type":"score","score":null}"#, .unscorable, nil), (#"{"type":"refused"}"#, .refused, nil),
            (#"{"type":"answer","answer":"42"}"#, .unscorable, nil),
        ]
        for (line, kind, score) in cases {
            let stage = try ProgramStage("#!/bin/sh\necho '\(line)'\n")
            stage.scorer = Scorer(kind: .external)
            let result = try await stage.probe()
            #expect(result.kind == kind && result.score == score, "\(line)")
            await stage.close()
        }
    }

    @Test("is stopped with its attempt")
    func cancelled() async throws {
        let stage = try ProgramStage("#!/bin/sh\nsleep 300\n")
        let launch = ProgramLaunch(
            command: [stage.folder + "/solver"],
            environment: ["PATH": "/usr/bin:/bin"],
            folder: stage.folder,
            input: [],
            timeLimit: .seconds(300),
            outputLimit: 1024
        )
        let task = Task { try await ProgramProcess(launch).run().cause }
        task.cancel()
        #expect(try await task.value == .stopped)
    }

    /// A killed process is a zombie until its parent, init, takes it in.
    private static func expectGone(_ pid: Int32) async throws {
        for _ in 0..<200 {
            let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
            if status.isEmpty || status.contains(") Z ") { return }
            await Task.yield()
            usleep(10_000)
        }
        Issue.record("process \(pid) is still there")
    }
}
