// How many threads are worth running: the affinity mask, cut by the CPU quota of the control group.
//
// A container with a quota of two processors on a 64-core host sees 64 processors in its affinity mask; 64 threads
// there are throttled for most of each period. Limits of parent groups bind as well, so all of them are read.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The number of processors that this process may use: at least 1, whole processors of the quota rounded up.
public func availableProcessors() -> Int {
    let allowed = readText("/proc/self/status").flatMap(ProcessorLimits.affinity(status:)) ?? 1
    guard let quota = ProcessorLimits.quota(read: readText) else { return max(1, allowed) }
    return max(1, min(allowed, Int(quota.rounded(.up))))
}

/// Parsing of the kernel's files, apart from reading them, so that each format is tested on any machine.
enum ProcessorLimits {
    /// Number of processors in the `Cpus_allowed:` mask of `/proc/self/status`.
    static func affinity(status: String) -> Int? {
        for line in status.split(separator: "\n") where line.hasPrefix("Cpus_allowed:") {
            let bits = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue).map(\.nonzeroBitCount)
            let count = bits.reduce(0, +)
            return count > 0 ? count : nil
        }
        return nil
    }

    /// Processors per period in a version 2 `cpu.max`, such as `150000 100000`; nil for `max`.
    static func quota(cpuMax: String) -> Double? {
        let words = cpuMax.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), quota > 0, period > 0
        else {
            return nil
        }
        return quota / period
    }

    /// The smallest quota along this process's control groups, of version 2 and version 1; nil when there is none.
    /// - Parameter read: gives a file's text, or nil when there is none
    static func quota(read: (String) -> String?) -> Double? {
        guard let groups = read("/proc/self/cgroup") else { return nil }
        var smallest: Double?
        func consider(_ quota: Double?) {
            if let quota { smallest = min(smallest ?? quota, quota) }
        }
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            if fields[0] == "0" && fields[1].isEmpty {
                for folder in ancestors(of: fields[2]) {
                    consider(read("/sys/fs/cgroup\(folder)/cpu.max").flatMap(quota(cpuMax:)))
                }
            } else if fields[1].split(separator: ",").contains("cpu") {
                for folder in ancestors(of: fields[2]) {
                    let base = "/sys/fs/cgroup/cpu\(folder)/cpu.cfs_"
                    if let quota = read(base + "quota_us"), let period = read(base + "period_us") {
                        consider(self.quota(cpuMax: quota + " " + period))
                    }
                }
            }
        }
        return smallest
    }

    /// `/a/b` gives `/a/b`, `/a` and the empty path of the root.
    private static func ancestors(of path: Substring) -> [String] {
        var parts = path.split(separator: "/")
        var all: [String] = []
        while !parts.isEmpty {
            all.append(parts.map { "/" + $0 }.joined())
            parts.removeLast()
        }
        return all + [""]
    }
}

/// The first 64 KiB of a small file of the kernel, or nil when it cannot be read.
private func readText(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self)
}
