// A control group for one command, where cgroups v2 can be had: the kernel then counts memory and processes of all
// together, and kills all at once. It needs a folder that was handed to us (`PARLEY_SANDBOX_CGROUP`, systemd's
// Delegate=yes): the controllers memory and pids must be on for its children, and we must be allowed to make some.

import Foundation
import ParleyModel

/// A folder of cgroups v2 in which a sandbox may make its own.
struct SandboxGroups: Hashable, Sendable {
    let folder: String

    /// The folder that the environment names, where it will do; else why there is none.
    static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> (groups: SandboxGroups?, why: String) {
        guard let folder = environment["PARLEY_SANDBOX_CGROUP"], !folder.isEmpty else {
            return (nil, "PARLEY_SANDBOX_CGROUP names no cgroup")
        }
        guard let text = try? String(contentsOfFile: "\(folder)/cgroup.subtree_control", encoding: .utf8) else {
            return (nil, "\(folder) is no cgroup of version 2")
        }
        let controllers = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
        for wanted in ["memory", "pids"] where !controllers.contains(wanted) {
            return (nil, "\(folder)/cgroup.subtree_control does not hold \(wanted)")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else { return (nil, "\(folder) cannot be written to") }
        return (SandboxGroups(folder: folder), "cgroup \(folder)")
    }

    /// A new cgroup with these limits.
    func make(_ limits: SandboxLimits) throws(ParleyFailure) -> SandboxGroup {
        let group = SandboxGroup(folder: "\(folder)/parley-\(getpid())-\(UInt64.random(in: 0...UInt64.max))")
        do {
            try FileManager.default.createDirectory(atPath: group.folder, withIntermediateDirectories: false)
            try group.set("memory.max", String(limits.memory + limits.folder * 2))
            // The guard and bubblewrap count too.
            try group.set("pids.max", String(limits.processes + 8))
            try? group.set("memory.swap.max", "0")
        } catch {
            group.remove()
            throw ParleyFailure(
                .failure,
                "a cgroup in \(folder) cannot be made: \(error.localizedDescription)",
                remedy: "hand one over (systemd: Delegate=yes), or unset PARLEY_SANDBOX_CGROUP"
            )
        }
        return group
    }
}

/// The cgroup of one command.
struct SandboxGroup {
    let folder: String

    fileprivate func set(_ file: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
    }

    /// Whether the kernel killed for want of memory.
    var ranOutOfMemory: Bool {
        let events = (try? String(contentsOfFile: "\(folder)/memory.events", encoding: .utf8)) ?? ""
        return events.split(separator: "\n").contains { $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0" }
    }

    func kill() { try? set("cgroup.kill", "1") }

    /// Removes it; while processes are in it that fails, so it is killed first.
    func remove() {
        kill()
        rmdir(folder)
    }
}
