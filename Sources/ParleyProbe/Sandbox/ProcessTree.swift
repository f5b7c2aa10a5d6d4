// What the processes of a sandbox use, all together, as /proc tells it. This is the means where no cgroup can be had:
// looked at every few milliseconds, so it can be passed for as long; the kernel's limits for each process hold at once.

import Foundation

/// A process and all that descend from it.
struct ProcessTree {
    /// What was seen at one look.
    struct Usage: Hashable, Sendable {
        var processes: [pid_t] = []
        /// Bytes in memory; what is shared counts for each.
        var memory = 0
        /// Processor time of those that run, and of what they waited for.
        var processor = Duration.zero
        /// The most files and folders in one of the private file systems.
        var files = 0
        /// The first process of the sandbox's process name space, which outlives all others of it.
        var first: pid_t?
    }

    let root: pid_t

    /// The kernel tells children only where it was built to (CONFIG_PROC_CHILDREN, as all distributions do).
    static var isKnown: Bool { FileManager.default.fileExists(atPath: "/proc/self/task/\(getpid())/children") }

    /// The processes with their depth, the root first.
    private var processes: [(id: pid_t, depth: Int)] {
        var found = [(root, 0)]
        var next = 0
        // No sandbox has more; a tree that changes while it is read must not hold us.
        while next < found.count, found.count < 4_096 {
            let (id, depth) = found[next]
            next += 1
            for task in Self.tasks(of: id) {
                let children = Self.text("/proc/\(id)/task/\(task)/children").split(separator: " ")
                found += children.compactMap { pid_t($0) }.map { ($0, depth + 1) }
            }
        }
        return found
    }

    func usage() -> Usage {
        var usage = Usage()
        for (id, depth) in processes {
            usage.processes.append(id)
            let pages = Self.text("/proc/\(id)/statm").split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            usage.memory += pages * Self.pageSize
            usage.processor += Self.processor(of: id)
            // Guard, bubblewrap, the first process inside, then the keeper: whose root is the sandbox's.
            if depth == 2 { usage.first = id }
            if depth == 3 { usage.files = max(usage.files, Self.files(of: id)) }
        }
        return usage
    }

    /// Whether a process is there and more than a name that nobody asked for.
    static func lives(_ id: pid_t) -> Bool {
        let stat = text("/proc/\(id)/stat")
        guard let end = stat.lastIndex(of: ")") else { return false }
        return !["Z", "X"].contains(stat[end...].dropFirst(2).prefix(1))
    }

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    private static let ticks = Int(sysconf(Int32(_SC_CLK_TCK)))

    private static func tasks(of id: pid_t) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
    }

    /// utime, stime, cutime and cstime, fields 14 to 17 of /proc/ID/stat; a name in brackets comes before them.
    private static func processor(of id: pid_t) -> Duration {
        let stat = text("/proc/\(id)/stat")
        guard let end = stat.lastIndex(of: ")") else { return .zero }
        let fields = stat[end...].split(separator: " ")
        guard fields.count > 15 else { return .zero }
        let sum = fields[12...15].reduce(0) { $0 + (Int($1) ?? 0) }
        return .milliseconds(sum * 1_000 / max(1, ticks))
    }

    private static func files(of id: pid_t) -> Int {
        [SandboxCommand.folder, "/tmp"].map { folder in
            var system = statvfs()
            guard statvfs("/proc/\(id)/root\(folder)", &system) == 0 else { return 0 }
            return Int(clamping: system.f_files &- system.f_ffree)
        }.max() ?? 0
    }

    private static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
