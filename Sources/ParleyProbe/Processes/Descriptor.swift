// The ends of pipes and sockets between this process and its children. Invariant: their numbers are above all that a
// child gets, so that none is in the way when they are put in their places, and all are closed on exec.

import Foundation
import ParleyModel

/// A descriptor of ours, closed when it is let go.
final class Descriptor {
    /// Above the numbers of any child's descriptors.
    private static let least: Int32 = 20

    let number: Int32

    private init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// A pipe of which we read, or into which we write. Our end does not block, the child's does.
    static func pipe(weRead: Bool) throws(ParleyFailure) -> (ours: Descriptor, theirs: Descriptor) {
        var pair: [Int32] = [-1, -1]
        guard Foundation.pipe(&pair) == 0 else { throw failure("a pipe") }
        return try ends(ours: pair[weRead ? 0 : 1], theirs: pair[weRead ? 1 : 0])
    }

    /// The reading end of a pipe that holds these bytes and nothing more: at most 64 KiB, a pipe's room.
    static func holding(_ bytes: [UInt8]) throws(ParleyFailure) -> Descriptor {
        let (ours, theirs) = try pipe(weRead: false)
        _ = bytes.withUnsafeBytes { Foundation.write(ours.number, $0.baseAddress, $0.count) }
        return theirs
    }

    /// A pair of sockets, of which ours does not block: unlike a pipe, writing to one whose reader is gone kills nobody.
    static func socketPair() throws(ParleyFailure) -> (ours: Descriptor, theirs: Descriptor) {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw failure("a socket")
        }
        return try ends(ours: pair[0], theirs: pair[1])
    }

    /// The numbers that may be open in this process, and some beyond for what other threads open meanwhile.
    static func mayBeOpen(from first: Int32) -> ClosedRange<Int32> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let highest = (names.compactMap { Int32($0) }.max() ?? 1_023) + 64
        return first...max(first, min(highest, Int32(clamping: limit.rlim_cur) - 1))
    }

    private static func ends(
        ours: Int32,
        theirs: Int32
    ) throws(ParleyFailure) -> (ours: Descriptor, theirs: Descriptor) {
        let high = [ours, theirs].map { fcntl($0, F_DUPFD_CLOEXEC, least) }
        let ends = high.filter { $0 >= 0 }.map(Descriptor.init)
        let trouble = ends.count == 2 ? nil : failure("a descriptor")
        close(ours)
        close(theirs)
        if let trouble { throw trouble }
        _ = fcntl(ends[0].number, F_SETFL, fcntl(ends[0].number, F_GETFL) | O_NONBLOCK)
        return (ends[0], ends[1])
    }

    private static func failure(_ what: String) -> ParleyFailure {
        ParleyFailure(.failure, "\(what) for a child process cannot be made: \(String(cString: strerror(errno)))")
    }

    /// Reads what is there, at most a mebibyte: nothing where nothing is there now, nil where nothing will come any more.
    func read() -> [UInt8]? {
        var bytes: [UInt8] = []
        var isEnd = false
        while bytes.count < 1 << 20 {
            let part = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                let got = Foundation.read(number, buffer.baseAddress, buffer.count)
                isEnd = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)
                count = max(0, got)
            }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes.isEmpty && isEnd ? nil : bytes
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
