// What `parley doctor` says of the sandbox: whether it works here, and by which means each limit holds.

import Foundation
public import ParleyModel

/// The sandbox as it was found on this host.
public struct SandboxExamination: Sendable {
    /// Limits by name, each with its means.
    public let limits: [(name: String, means: String)]

    /// Makes a sandbox and tries it.
    /// - Throws: why there is none, and what to do
    public static func examine() async throws(ParleyFailure) -> SandboxExamination {
        let sandbox = try await SandboxHost.find()
        let limits = SandboxLimits()
        let grouped = sandbox.groups.map { "cgroup \($0.folder)" }
        let (found, why) = SandboxGroups.find()
        let watched = "looked at every 20 ms (\(found == nil ? why : "\(why) was tried and does not hold"))"
        return SandboxExamination(limits: [
            (
                "network, processes, files and accounts",
                "name spaces by \(sandbox.programs.bubblewrap), a system call filter"
            ),
            ("memory \(limits.memory >> 20) MiB", grouped ?? "of each process by the kernel, of all \(watched)"),
            ("\(limits.processes) processes", grouped ?? "the kernel, in the sandbox's own user name space"),
            ("processor \(limits.processor.components.seconds) s", "of each process by the kernel, of all looked at"),
            ("wall time \(limits.wall.components.seconds) s", "a timer inside and one outside"),
            ("folder \(limits.folder >> 20) MiB", "the kernel (tmpfs)"),
            ("\(limits.files) files", "looked at every 20 ms"),
            ("output \(limits.output >> 10) KiB", "the rest is thrown away"),
        ])
    }

    /// All of it in one line.
    public var summary: String { limits.map { "\($0.name): \($0.means)" }.joined(separator: "; ") }
}
