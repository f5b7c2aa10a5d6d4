// Where there is no sandbox nothing is run, and the refusal says what to do. The programs here only pretend to be
// bubblewrap; each is harmless.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Hosts without a sandbox")
struct SandboxRefusalTests {
    @Test("no bubblewrap: refused with the package's name", arguments: ["/nonexistent/bwrap", "/usr"])
    func missing(_ path: String) async throws {
        let failure = await #expect(throws: ParleyFailure.self) {
            try await SandboxHost.find(environment: ["PARLEY_BWRAP": path])
        }
        #expect(failure?.message.contains(path) == true && failure?.remedy?.contains("apt-get install") == true)
        #expect(throws: ParleyFailure.self) { try SandboxPrograms.find(environment: ["PARLEY_BWRAP": path]) }
    }

    @Test("a program that makes no sandbox is found out, and the command is not run")
    func pretending() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(SandboxHere.word())
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        for script in [
            "exit 0", "echo bwrap: no user name spaces >&2; exit 1",
            "while [ \"$1\" != -- ]; do shift; done; shift; exec \"$@\"",
        ] {
            let file = folder.appendingPathComponent("bwrap").path
            try "#!/bin/sh\n\(script)\n".write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
            let failure = await #expect(throws: ParleyFailure.self, "\(script)") {
                try await SandboxHost.find(environment: ["PARLEY_BWRAP": file])
            }
            #expect(failure?.message.contains("could not be made") == true, "\(script): \(failure?.message ?? "")")
            if script.contains("exit 1") { #expect(failure?.message.contains("no user name spaces") == true) }
        }
    }

    @Test("a cgroup that will not do is named with its reason")
    func groups() throws {
        #expect(SandboxGroups.find(environment: [:]).why.contains("PARLEY_SANDBOX_CGROUP"))
        #expect(SandboxGroups.find(environment: ["PARLEY_SANDBOX_CGROUP": "/nonexistent"]).why.contains("no cgroup"))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(SandboxHere.word())
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("cgroup.subtree_control")
        try "cpu memory\n".write(to: file, atomically: false, encoding: .utf8)
        let environment = ["PARLEY_SANDBOX_CGROUP": folder.path]
        #expect(SandboxGroups.find(environment: environment).why.hasSuffix("does not hold pids"))
        try "cpu memory pids\n".write(to: file, atomically: false, encoding: .utf8)
        let groups = try #require(SandboxGroups.find(environment: environment).groups)
        // What would be a cgroup's own files are plain ones here: their content is what the kernel would be told.
        let group = try groups.make(SandboxLimits(memory: 1 << 20, processes: 5, folder: 1 << 20))
        #expect(try String(contentsOfFile: "\(group.folder)/memory.max", encoding: .utf8) == "3145728")
        #expect(try String(contentsOfFile: "\(group.folder)/pids.max", encoding: .utf8) == "13")
        #expect(!group.ranOutOfMemory)
        try "low 0\noom_kill 2\n".write(toFile: "\(group.folder)/memory.events", atomically: false, encoding: .utf8)
        #expect(group.ranOutOfMemory)
    }

    @Test("a command that is too long, or holds a NUL, is refused before anything is started")
    func command() async throws {
        let sandbox = Sandbox(programs: SandboxPrograms(bubblewrap: "/nonexistent", setpriv: nil), groups: nil)
        for command in [String(repeating: "x", count: 20_000), "a\u{0}b"] {
            let failure = await #expect(throws: ParleyFailure.self) {
                try await sandbox.run(command, in: FolderImage())
            }
            #expect(failure?.category == .invalidInput)
        }
    }
}
