// Executor, timer and the two ways to wait for a socket, on real queues and pipes.

import Dispatch
import Foundation
import ParleyDispatch
import Synchronization
import Testing

private actor Blocking {
    let executor = DispatchQueueExecutor(label: "test.blocking")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private var count = 0

    func step() -> Int {
        executor.checkIsolated()
        dispatchPrecondition(condition: .onQueue(executor.queue))
        count += 1
        return count
    }

    func wait(_ semaphore: DispatchSemaphore) { semaphore.wait() }
}

@Suite("Dispatch layer")
struct WaitingTests {
    @Test("an actor's jobs run on its queue, one at a time")
    func executor() async {
        let actor = Blocking()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 { group.addTask { _ = await actor.step() } }
        }
        #expect(await actor.step() == 201)
    }

    @Test("many blocked actors do not stop the cooperative pool")
    func blockedActors() async {
        let semaphore = DispatchSemaphore(value: 0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { await Blocking().wait(semaphore) } }
            group.addTask { for _ in 0..<16 { semaphore.signal() } }
        }
    }

    @Test("a timer calls its handler again and again until it is cancelled")
    func timer() async {
        let (ticks, continuation) = AsyncStream.makeStream(of: Int.self)
        let count = Mutex(0)
        let timer = RepeatingTimer(label: "test.timer", interval: .milliseconds(1)) {
            continuation.yield(
                count.withLock {
                    $0 += 1; return $0
                }
            )
        }
        var iterator = ticks.makeAsyncIterator()
        for expected in 1...3 { #expect(await iterator.next() == expected) }
        timer.cancel()
    }

    @Test("a readable descriptor ends the wait, an expired deadline gives false", arguments: [true, false])
    func waiting(bySource: Bool) async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        let source = bySource ? ReadSourceWaiter(descriptor: descriptor) : nil
        let waiter: any SocketWaiting = source ?? PollWaiter()
        #expect(await waiter.waitUntilReadable(descriptor, deadline: .now + .milliseconds(1)) == false)
        for _ in 0..<50 {
            try pipe.fileHandleForWriting.write(contentsOf: Data([1]))
            #expect(await waiter.waitUntilReadable(descriptor, deadline: nil))
            #expect(pipe.fileHandleForReading.readData(ofLength: 1).count == 1)
        }
        source?.cancel()
        source?.cancel()
        if let source { #expect(await source.waitUntilReadable(descriptor, deadline: nil) == false) }
    }

    @Test("cancelling a source ends a wait that is under way")
    func cancelSource() async {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        let source = ReadSourceWaiter(descriptor: descriptor)
        async let readable = source.waitUntilReadable(descriptor, deadline: nil)
        source.cancel()
        #expect(await readable == false)
    }
}
