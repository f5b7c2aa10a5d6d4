// The kernel's files, as they look in containers of both control-group versions.

import Testing

@testable import ParleyDispatch

@Suite("Available processors")
struct ProcessorLimitsTests {
    @Test("the affinity mask's bits are counted")
    func affinity() {
        #expect(ProcessorLimits.affinity(status: "Name:\tx\nCpus_allowed:\tff,0000000f\n") == 12)
        #expect(ProcessorLimits.affinity(status: "Name:\tx\n") == nil)
    }

    @Test("a version 2 quota of any parent group binds")
    func version2() {
        let files = [
            "/proc/self/cgroup": "0::/a/b\n",
            "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/a/cpu.max": "150000 100000\n",
            "/sys/fs/cgroup/cpu.max": "800000 100000\n",
        ]
        #expect(ProcessorLimits.quota { files[$0] } == 1.5)
    }

    @Test("a version 1 quota is read, and -1 means none")
    func version1() {
        var files = [
            "/proc/self/cgroup": "4:memory:/x\n3:cpu,cpuacct:/x\n",
            "/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n",
        ]
        #expect(ProcessorLimits.quota { files[$0] } == nil)
        files["/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us"] = "200000\n"
        #expect(ProcessorLimits.quota { files[$0] } == 2)
    }

    @Test("this machine has at least one processor")
    func here() {
        #expect(availableProcessors() >= 1)
    }
}
