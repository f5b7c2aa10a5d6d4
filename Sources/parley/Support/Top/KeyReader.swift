// Reads keys on a thread of its own: a read of a terminal blocks, which the cooperative pool must not.

import Foundation
import ParleyReport
import Synchronization

final class KeyReader: Sendable {
    private let feed: AsyncStream<TerminalEvent>.Continuation
    private let isStopped = Atomic(false)

    init(_ feed: AsyncStream<TerminalEvent>.Continuation) { self.feed = feed }

    func start() {
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 256)
            while !isStopped.load(ordering: .relaxed) {
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                // The terminal is gone. A wait without a key gives 0.
                if count < 0, errno != EINTR {
                    feed.yield(.end)
                    return
                }
                guard count > 0 else { continue }
                for key in TopKey.keys(in: Array(buffer[0..<count])) { feed.yield(.key(key)) }
            }
        }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
}
