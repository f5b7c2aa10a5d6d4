// The parallel loop runs every index once, whatever the number of threads.

import Synchronization
import Testing

@testable import ParleyDispatch

@Suite("parallelFor")
struct ParallelForTests {
    @Test("runs each index exactly once", arguments: [0, 1, 2, 7, 1000], [1, 2, 3, 16])
    func everyIndexOnce(count: Int, threads: Int) {
        let seen = Mutex([Int](repeating: 0, count: count))
        parallelFor(count: count, threads: threads) { index in seen.withLock { $0[index] += 1 } }
        #expect(seen.withLock { $0 } == [Int](repeating: 1, count: count))
    }
}
