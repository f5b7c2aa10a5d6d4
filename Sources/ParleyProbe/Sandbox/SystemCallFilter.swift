// The system calls that no command in the sandbox may make, as a seccomp program (classic BPF, linux/filter.h). Name
// spaces hide what a command could reach; this takes away what would reach past them or past the limits: tracing,
// new name spaces and mounts, kernel keys, BPF, memory that no process's size shows (memfd, System V), io_uring, and
// sockets other than local and Internet ones (vsock reaches a hypervisor through any network name space).

/// A seccomp program for one processor architecture.
struct SystemCallFilter: Hashable, Sendable {
    /// Audit architecture (linux/audit.h) and system call numbers (asm/unistd.h) of one processor.
    struct Machine: Hashable, Sendable {
        let audit: UInt32
        let denied: [UInt32]
        let clone: UInt32
        let socket: UInt32
        /// Numbers from here on belong to another calling convention of the same processor (x32), which is denied.
        let foreign: UInt32?

        /// ptrace, process_vm_readv/writev, unshare, setns, mount, umount2, pivot_root, chroot, keyctl, add_key,
        /// request_key, bpf, perf_event_open, userfaultfd, memfd_create, shmget, msgget, semget, init_module,
        /// finit_module, delete_module, kexec_load, kexec_file_load, open_by_handle_at, name_to_handle_at, kcmp.
        static let x86 = Machine(
            audit: 0xC000_003E,
            denied: [
                101, 310, 311, 272, 308, 165, 166, 155, 161, 250, 248, 249, 321, 298, 323, 319, 29, 68, 64, 175, 313,
                176, 246, 320, 304, 303, 312,
            ] + common,
            clone: 56,
            socket: 41,
            foreign: 0x4000_0000
        )
        static let arm = Machine(
            audit: 0xC000_00B7,
            denied: [
                117, 270, 271, 97, 268, 40, 39, 41, 51, 219, 217, 218, 280, 241, 282, 279, 194, 186, 190, 105, 273,
                106, 104, 294, 265, 264, 272,
            ] + common,
            clone: 220,
            socket: 198,
            foreign: nil
        )
        /// Newer calls have one number everywhere: io_uring_setup, _enter, _register, open_tree, move_mount, fsopen,
        /// fsconfig, fsmount, fspick, pidfd_getfd, mount_setattr, memfd_secret.
        private static let common: [UInt32] = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 447]

        /// This processor's; nil where there is no table for it.
        static var here: Machine? {
            #if arch(x86_64)
                x86
            #elseif arch(arm64)
                arm
            #else
                nil
            #endif
        }
    }

    private struct Instruction: Hashable, Sendable {
        let code: UInt16
        var whenTrue: UInt8 = 0
        var whenFalse: UInt8 = 0
        let value: UInt32
    }

    private var program: [Instruction] = []

    // linux/bpf_common.h and linux/seccomp.h.
    private static let (load, isEqual, isAtLeast, hasBits, end) =
        (UInt16(0x20), UInt16(0x15), UInt16(0x35), UInt16(0x45), UInt16(0x06))
    private static let (allow, killProcess, errno) = (UInt32(0x7FFF_0000), UInt32(0x8000_0000), UInt32(0x0005_0000))
    private static let (notPermitted, noSuchCall) = (errno | 1, errno | 38)
    /// Where seccomp_data holds the number, the architecture and the first argument's lower half (little endian).
    private static let (numberPlace, auditPlace, argumentPlace) = (UInt32(0), UInt32(4), UInt32(16))
    /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (linux/sched.h).
    private static let newNamespaces: UInt32 = 0x7E02_0000
    /// clone3 hides its flags behind a pointer; where it is not there, libraries use clone.
    private static let clone3: UInt32 = 435
    /// AF_UNIX, AF_INET, AF_INET6.
    private static let families: [UInt32] = [1, 2, 10]

    init(_ machine: Machine) {
        add(Self.load, Self.auditPlace)
        add(Self.isEqual, machine.audit, whenTrue: 1)
        add(Self.end, Self.killProcess)
        add(Self.load, Self.numberPlace)
        if let foreign = machine.foreign { deny(Self.isAtLeast, foreign, with: Self.noSuchCall) }
        deny(Self.isEqual, Self.clone3, with: Self.noSuchCall)
        for number in machine.denied { deny(Self.isEqual, number, with: Self.notPermitted) }
        // Not clone: over the next three instructions.
        add(Self.isEqual, machine.clone, whenFalse: 4)
        add(Self.load, Self.argumentPlace)
        deny(Self.hasBits, Self.newNamespaces, with: Self.notPermitted)
        add(Self.end, Self.allow)
        add(Self.isEqual, machine.socket, whenFalse: UInt8(Self.families.count * 2 + 2))
        add(Self.load, Self.argumentPlace)
        for family in Self.families { deny(Self.isEqual, family, with: Self.allow) }
        add(Self.end, Self.notPermitted)
        add(Self.end, Self.allow)
    }

    private mutating func add(_ code: UInt16, _ value: UInt32, whenTrue: UInt8 = 0, whenFalse: UInt8 = 0) {
        program.append(Instruction(code: code, whenTrue: whenTrue, whenFalse: whenFalse, value: value))
    }

    /// Ends with `verdict` where the test holds, else goes on.
    private mutating func deny(_ test: UInt16, _ value: UInt32, with verdict: UInt32) {
        add(test, value, whenFalse: 1)
        add(Self.end, verdict)
    }

    /// The program as bubblewrap's --seccomp reads it: struct sock_filter after struct sock_filter, little endian.
    var bytes: [UInt8] {
        program.flatMap { instruction in
            [UInt8(instruction.code & 0xFF), UInt8(instruction.code >> 8), instruction.whenTrue, instruction.whenFalse]
                + (0..<4).map { UInt8(truncatingIfNeeded: instruction.value >> ($0 * 8)) }
        }
    }
}
