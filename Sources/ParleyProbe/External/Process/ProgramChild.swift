// An external program as it runs: its process, and the pipes to its three standard streams. The shell that starts it
// changes to its folder, limits its address space, and is replaced by it.

import Foundation
import ParleyModel

/// A program's process with our ends of its pipes, which are nil where closed.
struct ProgramChild {
    let process: ChildProcess
    private var input: Descriptor?
    private var output: Descriptor?
    private var error: Descriptor?

    /// `$1` is the folder, `$2` the limit of the address space in KiB or 0. No core is dumped.
    private static let script = """
        cd "$1" || exit 126
        ulimit -c 0
        if [ "$2" -gt 0 ]; then ulimit -v "$2" || exit 126; fi
        shift 2
        exec "$@"
        """

    /// Starts a program. Throws where there is no room for a process or a pipe.
    init(_ launch: ProgramLaunch) throws(ParleyFailure) {
        let kibibytes = launch.memoryLimit.map { $0 * 1024 } ?? 0
        let (input, output, error) = (
            try Descriptor.pipe(weRead: false), try Descriptor.pipe(weRead: true), try Descriptor.pipe(weRead: true)
        )
        process = try ChildProcess.start(
            ["/bin/sh", "-c", Self.script, "parley-program", launch.folder, "\(kibibytes)"] + launch.command,
            environment: launch.environment,
            descriptors: [input.theirs, output.theirs, error.theirs]
        )
        (self.input, self.output, self.error) = (input.ours, output.ours, error.ours)
    }

    /// Waits until there is something to read or write, at most so long.
    func wait(milliseconds: Int32) {
        var polled: [pollfd] = []
        for end in [output, error] {
            if let end { polled.append(pollfd(fd: end.number, events: Int16(POLLIN), revents: 0)) }
        }
        if let input { polled.append(pollfd(fd: input.number, events: Int16(POLLOUT), revents: 0)) }
        // With all streams at their end, the program itself is about to be.
        _ = poll(&polled, nfds_t(polled.count), polled.isEmpty ? 1 : milliseconds)
    }

    /// What there is to read now of standard output.
    mutating func readOutput() -> [UInt8] { Self.read(&output) }

    /// What there is to read now of standard error.
    mutating func readError() -> [UInt8] { Self.read(&error) }

    private static func read(_ end: inout Descriptor?) -> [UInt8] {
        guard let open = end else { return [] }
        let bytes = open.read()
        if bytes == nil { end = nil }
        return bytes ?? []
    }

    /// Writes as much as the pipe takes, and closes it behind the last byte. A program that does not read is no error.
    mutating func write(_ bytes: inout ArraySlice<UInt8>) {
        guard let input else { return bytes = [] }
        let count = bytes.withUnsafeBytes { Foundation.write(input.number, $0.baseAddress, $0.count) }
        if count > 0 {
            bytes = bytes.dropFirst(count)
        } else if errno != EAGAIN, errno != EINTR {
            bytes = []
        }
        if bytes.isEmpty { self.input = nil }
    }
}
