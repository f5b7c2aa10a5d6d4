// Whether this host can give a sandbox, found out once and by trying: a short command is run that reports what it can
// reach, and only where it reaches nothing that it must not is the sandbox taken. With a cgroup first, without one next.

import Foundation
import ParleyModel

/// This host's sandbox.
actor SandboxHost {
    static let shared = SandboxHost()

    private var found: Task<Result<Sandbox, ParleyFailure>, Never>?

    /// The sandbox, tried once in a process.
    /// - Throws: why there is none, and what to do
    func sandbox() async throws(ParleyFailure) -> Sandbox {
        let found = self.found ?? Task { await Self.attempt() }
        self.found = found
        return try await found.value.get()
    }

    private static func attempt() async -> Result<Sandbox, ParleyFailure> {
        do throws(ParleyFailure) { return .success(try await find()) } catch { return .failure(error) }
    }

    /// Finds and tries.
    static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws(ParleyFailure) -> Sandbox {
        let programs = try SandboxPrograms.find(environment: environment)
        guard SandboxGroups.find(environment: environment).groups != nil || ProcessTree.isKnown else {
            throw ParleyFailure(
                .failure,
                "neither a cgroup nor /proc/ID/task/ID/children is there, so memory cannot be limited",
                remedy: "name a cgroup of version 2 by PARLEY_SANDBOX_CGROUP"
            )
        }
        if let groups = SandboxGroups.find(environment: environment).groups {
            let sandbox = Sandbox(programs: programs, groups: groups)
            if (try? await check(sandbox)) != nil { return sandbox }
        }
        let sandbox = Sandbox(programs: programs, groups: nil)
        try await check(sandbox)
        return sandbox
    }

    /// Prints one word for each thing that is as it must be.
    private static let probe = """
        [ "$(cat seen)" = laid-out ] && echo folder
        [ "$(id -u)" = 1000 ] && echo account
        ( echo x > /usr/parley || echo x > /parley || echo x > /dev/parley || echo x > /etc/parley ) 2> /dev/null || echo system
        [ "$(ls /proc/sys/net/ipv4/conf 2> /dev/null | grep -v -e all -e default -e lo)" = "" ] && echo network
        [ -z "$(ls /root /home /var /run /etc/shadow /etc/passwd 2> /dev/null)" ] && echo files
        [ "$(ls -d /proc/[0-9]* | wc -l)" -lt 12 ] && echo processes
        unshare -r true 2> /dev/null || echo calls
        [ "$(env | wc -l)" -lt 8 ] && echo environment
        echo kept > kept
        """

    private static let words = [
        "folder", "account", "system", "network", "files", "processes", "calls", "environment",
    ]

    private static func check(_ sandbox: Sandbox) async throws(ParleyFailure) {
        var folder = FolderImage()
        try? folder.add("seen", .file(Array("laid-out".utf8), isExecutable: false))
        let result = try await sandbox.run(probe, in: folder)
        let said = Set(String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init))
        let missing = words.filter { !said.contains($0) }
        guard missing.isEmpty else {
            throw ParleyFailure(
                .failure,
                "the sandbox does not hold here: \(missing.joined(separator: ", "))",
                remedy: "look at the kernel's settings for user name spaces, and at bubblewrap's version (0.7 or later)"
            )
        }
        guard case .success(let kept) = result.folder, kept.texts["kept"] == "kept\n" else {
            throw ParleyFailure(
                .failure,
                "the sandbox does not give its folder back",
                remedy: "tar and coreutils must be in /usr/bin"
            )
        }
    }
}
