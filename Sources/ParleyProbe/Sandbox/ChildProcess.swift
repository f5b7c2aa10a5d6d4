// One child process whose descriptors are all named: it inherits nothing else of this process, no socket, no key file.
// Nothing here blocks: pipes are read and written as far as they go at once, and the end is asked for. Foundation's
// Process cannot hand over descriptors beyond the third, and reports an end only after the child's children are gone.

import Foundation
import ParleyModel

/// A child process in a process group of its own. Not Sendable: one task owns it.
struct ChildProcess {
    /// Its process id, which is its group's too.
    let id: pid_t

    /// Starts a program.
    /// - Parameter descriptors: ours, which become the child's 1, 2, 3 and so on; its 0 is /dev/null
    static func start(_ arguments: [String], descriptors: [Descriptor]) throws(ParleyFailure) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (theirs, ours) in zip(1..., descriptors) {
            posix_spawn_file_actions_adddup2(&actions, ours.number, Int32(theirs))
        }
        for number in Descriptor.mayBeOpen(from: Int32(descriptors.count + 1)) {
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

        var argv = arguments.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { (argv + environment).forEach { free($0) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, arguments[0], &actions, &attributes, &argv, &environment)
        guard code == 0 else {
            throw ParleyFailure(.failure, "\(arguments[0]) cannot be started: \(String(cString: strerror(code)))")
        }
        return ChildProcess(id: id)
    }

    /// How it ended: its exit code, or 128 and the signal; nil while it runs. Once it is not nil, `id` means nothing.
    func ended() -> Int32? {
        var status: Int32 = 0
        let waited = waitpid(id, &status, WNOHANG)
        if waited == 0 || (waited < 0 && errno == EINTR) { return nil }
        if waited < 0 { return 255 }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Stops the whole group.
    func stop() { Foundation.kill(-id, SIGSTOP) }

    /// Kills the whole group.
    func kill() { Foundation.kill(-id, SIGKILL) }
}

/// A descriptor of ours, closed on exec and when it is let go, and high enough never to be one of a child's.
final class Descriptor {
    static let least: Int32 = 20

    let number: Int32

    private init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// A pipe; its reading end is ours and does not block, or else a child's and does.
    static func pipe(isRead: Bool) throws(ParleyFailure) -> (reading: Descriptor, writing: Descriptor) {
        var pair: [Int32] = [-1, -1]
        guard Foundation.pipe(&pair) == 0 else { throw failure("a pipe") }
        let (reading, writing) = (try lifted(pair[0], or: pair[1]), try lifted(pair[1], or: nil))
        if isRead { reading.stopBlocking() }
        return (reading, writing)
    }

    /// The reading end of a pipe that holds these bytes and nothing more: at most 64 KiB, a pipe's room.
    static func holding(_ bytes: [UInt8]) throws(ParleyFailure) -> Descriptor {
        let (reading, writing) = try pipe(isRead: false)
        _ = bytes.withUnsafeBytes { Foundation.write(writing.number, $0.baseAddress, $0.count) }
        return reading
    }

    /// A pair of sockets, of which ours does not block: unlike a pipe, writing to one whose reader is gone kills nobody.
    static func socketPair() throws(ParleyFailure) -> (ours: Descriptor, theirs: Descriptor) {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw failure("a socket")
        }
        let (ours, theirs) = (try lifted(pair[0], or: pair[1]), try lifted(pair[1], or: nil))
        ours.stopBlocking()
        return (ours, theirs)
    }

    /// The numbers that may be open in this process, and some beyond for what other threads open meanwhile.
    static func mayBeOpen(from first: Int32) -> ClosedRange<Int32> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let highest = (names.compactMap { Int32($0) }.max() ?? 1_023) + 64
        return first...max(first, min(highest, Int32(clamping: limit.rlim_cur) - 1))
    }

    private static func lifted(_ number: Int32, or other: Int32?) throws(ParleyFailure) -> Descriptor {
        let high = fcntl(number, F_DUPFD_CLOEXEC, least)
        close(number)
        guard high >= 0 else {
            if let other { close(other) }
            throw failure("a descriptor")
        }
        return Descriptor(high)
    }

    private static func failure(_ what: String) -> ParleyFailure {
        ParleyFailure(.failure, "\(what) for the sandbox cannot be made: \(String(cString: strerror(errno)))")
    }

    private func stopBlocking() { _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) }

    /// Reads what is there, at most a mebibyte. An empty array: nothing is there, now or any more.
    func read() -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < 1 << 20 {
            let part = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                count = max(0, Foundation.read(number, buffer.baseAddress, buffer.count))
            }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    /// Sends what goes at once on a socket; nil where its reader is gone.
    func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = bytes.withUnsafeBytes {
            Foundation.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }
}
