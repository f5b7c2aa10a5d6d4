// The system calls of one child: pipes, posix_spawn, poll, wait, kill. Foundation's Process would not do: it reports an
// end only when every child that inherited its socket is gone, and a program may leave children behind.

import Foundation
import Synchronization

/// A running child in a process group of its own.
struct ProgramChild {
    enum Stream { case output, error }

    /// Pipes are made and passed on under one lock: a pipe that another child inherits would never end.
    private static let spawning = Mutex(())

    private let pid: pid_t
    private let descriptors: Descriptors

    /// The ends of the pipes that we hold; −1 where closed.
    private final class Descriptors {
        var input: Int32 = -1
        var output: Int32 = -1
        var error: Int32 = -1

        deinit {
            for descriptor in [input, output, error] where descriptor >= 0 { close(descriptor) }
        }
    }

    /// The shell changes to the folder, limits the address space and is replaced by the program. No core is dumped.
    private static let script = """
        cd "$1" || exit 126
        ulimit -c 0
        if [ "$2" -gt 0 ]; then ulimit -v "$2" || exit 126; fi
        shift 2
        exec "$@"
        """

    /// Starts a program. Throws where there is no room for a process or a pipe.
    static func spawn(_ launch: ProgramLaunch) throws(LaunchFailure) -> ProgramChild {
        let kibibytes = launch.memoryLimit.map { $0 * 1024 } ?? 0
        let arguments = ["/bin/sh", "-c", script, "parley-program", launch.folder, "\(kibibytes)"] + launch.command
        let environment = launch.environment.map { "\($0.key)=\($0.value)" }
        return try spawning.withLock { _ throws(LaunchFailure) in
            let pipes = try [makePipe(), makePipe(), makePipe()]
            let descriptors = Descriptors()
            (descriptors.input, descriptors.output, descriptors.error) = (pipes[0].1, pipes[1].0, pipes[2].0)
            let theirs = [pipes[0].0, pipes[1].1, pipes[2].1]
            defer { for descriptor in theirs { close(descriptor) } }
            let child = ProgramChild(
                pid: try start(arguments, environment, standard: theirs, closing: openDescriptors()),
                descriptors: descriptors
            )
            for descriptor in [descriptors.input, descriptors.output, descriptors.error] {
                _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            }
            return child
        }
    }

    private static func makePipe() throws(LaunchFailure) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw LaunchFailure(message: "no pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// What is open now beyond the standard streams: sockets to providers and to the database must not be inherited,
    /// whether their owners marked them so or not.
    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }.filter { $0 > 2 }
    }

    private static func start(
        _ arguments: [String],
        _ environment: [String],
        standard: [Int32],
        closing: [Int32]
    ) throws(LaunchFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in standard.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        for descriptor in closing { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of Dispatch block almost all signals, and a child would inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pid: pid_t = 0
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        let code = posix_spawn(&pid, arguments[0], &actions, &attributes, argv, envp)
        guard code == 0 else { throw LaunchFailure(message: "no process: \(String(cString: strerror(code)))") }
        return pid
    }

    /// Waits until there is something to read or write, at most so long.
    func wait(milliseconds: Int32, wantsToWrite: Bool) {
        var polled: [pollfd] = []
        for descriptor in [descriptors.output, descriptors.error] where descriptor >= 0 {
            polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
        if wantsToWrite, descriptors.input >= 0 {
            polled.append(pollfd(fd: descriptors.input, events: Int16(POLLOUT), revents: 0))
        }
        // With both streams at their end, the program itself is about to be.
        _ = poll(&polled, nfds_t(polled.count), polled.isEmpty ? 1 : milliseconds)
    }

    /// Reads what is there; nil where there is nothing now, or nothing any more.
    func read(_ stream: Stream, into buffer: inout [UInt8]) -> Int? {
        let descriptor = stream == .output ? descriptors.output : descriptors.error
        guard descriptor >= 0 else { return nil }
        let count = Foundation.read(descriptor, &buffer, buffer.count)
        if count > 0 { return count }
        if count == 0 || (errno != EAGAIN && errno != EINTR) {
            close(descriptor)
            if stream == .output { descriptors.output = -1 } else { descriptors.error = -1 }
        }
        return nil
    }

    /// Writes as much as the pipe takes, and closes it behind the last byte. A program that does not read is no error.
    func write(_ bytes: inout ArraySlice<UInt8>) {
        guard descriptors.input >= 0 else { return bytes = [] }
        let count = bytes.withUnsafeBytes { Foundation.write(descriptors.input, $0.baseAddress, $0.count) }
        if count > 0 {
            bytes = bytes.dropFirst(count)
        } else if errno != EAGAIN, errno != EINTR {
            bytes = []
        }
        if bytes.isEmpty {
            close(descriptors.input)
            descriptors.input = -1
        }
    }

    /// Whether the program itself has ended; it is not reaped by this.
    var hasEnded: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.si_signo == SIGCHLD
    }

    /// Kills everything in the group and reaps the program; the status as wait(2) gives it.
    func killGroupAndReap() -> Int32 {
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
