// One child process, of the sandbox or of an external program. Its descriptors are all named: it inherits nothing else
// of this process, no socket, no key file. It leads a process group, which is killed before the child is reaped, so that
// the group's number cannot have passed to somebody else. Foundation's Process cannot hand over descriptors beyond the
// third, and reports an end only after the child's children are gone.

import Foundation
import ParleyModel

/// A child process in a process group of its own. Not Sendable: one task owns it.
struct ChildProcess {
    /// How it ended.
    enum End: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)

        /// As a shell says it: the exit code, or 128 and the signal.
        var code: Int32 {
            switch self {
            case .exited(let code): code
            case .signalled(let signal): 128 + signal
            }
        }
    }

    /// Its process id, which is its group's too.
    let id: pid_t

    /// Starts a program.
    /// - Parameter descriptors: ours, which become the child's 0, 1, 2 and so on; nil is /dev/null
    static func start(
        _ arguments: [String],
        environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        descriptors: [Descriptor?]
    ) throws(ParleyFailure) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (theirs, ours) in zip(Int32(0)..., descriptors) {
            if let ours {
                posix_spawn_file_actions_adddup2(&actions, ours.number, theirs)
            } else {
                posix_spawn_file_actions_addopen(&actions, theirs, "/dev/null", O_RDWR, 0)
            }
        }
        for number in Descriptor.mayBeOpen(from: Int32(descriptors.count)) {
            posix_spawn_file_actions_addclose(&actions, number)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of Dispatch block almost all signals, and a service ignores some: the child starts with neither.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let argv = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + variables).forEach { free($0) } }
        var id: pid_t = 0
        let code = withExtendedLifetime(descriptors) {
            posix_spawn(&id, arguments[0], &actions, &attributes, argv, variables)
        }
        guard code == 0 else {
            throw ParleyFailure(.failure, "\(arguments[0]) cannot be started: \(String(cString: strerror(code)))")
        }
        return ChildProcess(id: id)
    }

    /// Whether it has ended; it waits to be reaped then.
    var hasEnded: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.si_signo == SIGCHLD
    }

    /// Kills the whole group, waits for the child and says how it ended. `id` means nothing then.
    func reap() -> End {
        kill()
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    /// Stops the whole group.
    func stop() { Foundation.kill(-id, SIGSTOP) }

    /// Kills the whole group.
    func kill() { Foundation.kill(-id, SIGKILL) }
}
