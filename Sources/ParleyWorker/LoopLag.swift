// How long a task that is ready waits to be run. A timer on its own thread hands a task to the cooperative pool twice a
// second and measures when it begins: what tells a worker that is starved from a provider that is slow.

import ParleyDispatch
import ParleyTelemetry
import Synchronization

struct LoopLag: Sendable {
    private static let interval = Duration.milliseconds(500)

    private let waits = Waits()
    private let timer: RepeatingTimer

    init(_ histogram: Histogram) {
        timer = RepeatingTimer(label: "parley.lag", interval: Self.interval) { [waits] in
            let asked = waits.asked()
            Task.detached { histogram.observe(waits.began(asked)) }
        }
    }

    /// How long tasks have waited so far, those that still do included, and how many they are.
    var total: (time: Duration, tasks: Int) { waits.total }

    func stop() { timer.cancel() }
}

/// Adds up waits, from their beginning on.
private final class Waits: Sendable {
    private struct State {
        var time = Duration.zero
        var tasks = 0
        /// Of those that still wait, how many they are and when they were asked for, added up since `start`.
        var waiting = 0
        var asked = Duration.zero
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    func asked() -> Duration {
        let asked = ContinuousClock.now - start
        state.withLock {
            $0.waiting += 1
            $0.asked += asked
        }
        return asked
    }

    func began(_ asked: Duration) -> Duration {
        let time = ContinuousClock.now - start - asked
        state.withLock {
            $0.waiting -= 1
            $0.asked -= asked
            $0.tasks += 1
            $0.time += time
        }
        return time
    }

    var total: (time: Duration, tasks: Int) {
        state.withLock {
            ($0.time + (ContinuousClock.now - start) * $0.waiting - $0.asked, $0.tasks + $0.waiting)
        }
    }
}
