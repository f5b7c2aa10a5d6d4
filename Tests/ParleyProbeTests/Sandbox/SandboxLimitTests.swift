// Each limit against a command that means to pass it; and after each, nothing is left that runs.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite(
    "The sandbox's limits",
    .enabled("this host gives no sandbox; install bubblewrap") { await SandboxHere.isUsable() }
)
struct SandboxLimitTests {
    @Test(
        "what never ends is stopped at its wall time, whatever it ignores; the folder is kept",
        arguments: ["sleep 600", "trap '' TERM INT HUP; while :; do :; done", "cat", "yes > /dev/null"]
    )
    func wall(_ command: String) async throws {
        let word = SandboxHere.word()
        let result = try await SandboxHere.run("echo x > before; : \(word); \(command)") { limits in
            limits.wall = .seconds(1)
        }
        // Standard input is empty, so cat ends by itself.
        if command == "cat" { #expect(result.status == 0 && result.reached == nil) }
        if command != "cat" { #expect(result.reached == .wall && result.status == 137, "\(result)") }
        #expect(result.kept?.texts == ["before": "x\n"])
        #expect(SandboxHere.processes(holding: word).isEmpty)
    }

    @Test("processor time of many processes together is counted")
    func processor() async throws {
        let spin = "(while :; do :; done) & (while :; do :; done) & wait"
        let result = try await SandboxHere.run(spin) { limits in
            limits.processor = .seconds(1)
            limits.wall = .seconds(30)
        }
        #expect(result.reached == .processor || result.status == 137, "\(result)")
    }

    @Test(
        "fork bombs stay within the sandbox's processes and are gone after it",
        arguments: [
            "perl -e 'while (1) { fork }'", "f() { f | f & }; f; sleep 600", "perl -e 'fork while 1' & sleep 600",
        ]
    )
    func forks(_ bomb: String) async throws {
        let word = SandboxHere.word()
        let result = try await SandboxHere.run(": \(word); \(bomb)") { limits in
            limits.wall = .seconds(2)
            limits.processes = 32
        }
        #expect(result.status != 0 || result.reached != nil, "\(result.text)")
        #expect(SandboxHere.processes(holding: word).isEmpty)
        let counted = try await SandboxHere.run(
            "i=0; while [ $i -lt 80 ]; do sleep 5 & i=$((i+1)); done; echo all"
        ) { limits in limits.processes = 32 }
        #expect(!counted.text.contains("all") && counted.text.contains("fork"), "\(counted.text)")
    }

    @Test("memory: of one process by the kernel, of many together by looking")
    func memory() async throws {
        let one = try await SandboxHere.run("tail /dev/zero; echo end $?") { $0.memory = 64 << 20 }
        #expect(one.reached == .memory || !one.text.contains("end 0"), "\(one)")
        let many = try await SandboxHere.run(
            "for i in 1 2 3 4 5 6; do (head -c 40000000 /dev/zero | tail | sleep 20) & done; wait; echo end"
        ) { $0.memory = 96 << 20 }
        #expect(many.reached == .memory && !many.text.contains("end"), "\(many)")
    }

    @Test("the folder and /tmp have an end, in bytes and in files")
    func disk() async throws {
        let bytes = try await SandboxHere.run(
            "for i in 1 2 3 4; do head -c 5000000 /dev/zero > f$i; head -c 5000000 /dev/zero > /tmp/f$i; done; du -sk . /tmp; rm f*"
        ) { $0.folder = 8 << 20 }
        #expect(bytes.text.contains("No space left"), "\(bytes.text)")
        let sizes = bytes.text.split(separator: "\n").compactMap { $0.split(separator: "\t").first.flatMap { Int($0) } }
        #expect(sizes.count == 2 && sizes.allSatisfy { $0 <= 8 << 10 }, "\(bytes.text)")
        for place in [".", "/tmp"] {
            let files = try await SandboxHere.run("i=0; while :; do : > \(place)/f$i; i=$((i+1)); done") { limits in
                limits.files = 500
            }
            #expect(files.reached == .files, "\(files)")
        }
    }

    @Test("output beyond the limit is thrown away and counted, and the command goes on")
    func output() async throws {
        let result = try await SandboxHere.run("yes | head -c 30000000; echo end >&2; echo x > after") { limits in
            limits.output = 1_000
        }
        #expect(result.output.count == 1_000 && result.droppedBytes == 30_000_004 - 1_000 && result.status == 0)
        #expect(result.kept?.texts == ["after": "x\n"])
    }

    @Test("a child that means to outlive its command does not, and does not hold it up")
    func outliving() async throws {
        let word = SandboxHere.word()
        let result = try await SandboxHere.run(
            "(setsid sh -c 'trap \"\" TERM HUP; sleep 600; : \(word)' &) ; nohup sleep 601 > /dev/null 2>&1 & echo started"
        )
        #expect(result.text == "started\n" && result.status == 0 && result.reached == nil, "\(result)")
        #expect(SandboxHere.processes(holding: word).isEmpty)
    }

    @Test("a cancelled task's command is killed")
    func cancelled() async throws {
        let word = SandboxHere.word()
        let task = Task { try await SandboxHere.run(": \(word); sleep 600") { $0.wall = .seconds(500) } }
        while SandboxHere.processes(holding: word).count < 4 { await Task.yield() }
        task.cancel()
        let failure = await #expect(throws: ParleyFailure.self) { try await task.value }
        #expect(failure?.category == .interrupted)
        #expect(SandboxHere.processes(holding: word).isEmpty)
    }

    @Test("when the lifeline is cut, as at this process's death, all of it ends")
    func lifeline() async throws {
        let word = SandboxHere.word()
        let sandbox = try await SandboxHost.shared.sandbox()
        let command = SandboxCommand(programs: sandbox.programs, limits: SandboxLimits())
        let child = try await start(command.arguments("echo up; : \(word); sleep 600", group: nil))
        while !child.hasEnded { await Task.yield() }
        _ = child.reap()
        while !SandboxHere.processes(holding: word).isEmpty { await Task.yield() }
    }

    /// Starts a sandbox as `Sandbox.run` does, and lets go of the lifeline when the command runs.
    private func start(_ arguments: [String]) async throws -> ChildProcess {
        let (output, packed) = (try Descriptor.pipe(weRead: true), try Descriptor.pipe(weRead: true))
        let filter = try Descriptor.holding(SystemCallFilter(try #require(SystemCallFilter.Machine.here)).bytes)
        let (laidOut, lifeline) = (try Descriptor.socketPair(), try Descriptor.pipe(weRead: false))
        let archive = FolderImage().archive
        let child = try ChildProcess.start(
            arguments,
            descriptors: [
                nil, output.theirs, output.theirs, laidOut.theirs, packed.theirs, filter, lifeline.theirs,
            ]
        )
        #expect(laidOut.ours.send(archive[...]) == archive.count)
        shutdown(laidOut.ours.number, Int32(SHUT_WR))
        var said: [UInt8] = []
        while said.isEmpty, !child.hasEnded {
            said += output.ours.read() ?? []
            await Task.yield()
        }
        #expect(said == Array("up\n".utf8))
        return child
    }
}
