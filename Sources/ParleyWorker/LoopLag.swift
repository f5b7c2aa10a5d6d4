// How long a task that is ready waits to be run. A timer on its own thread hands a task to the cooperative pool twice a
// second and measures when it begins: what tells a worker that is starved from a provider that is slow.

import ParleyDispatch
import ParleyTelemetry

struct LoopLag: Sendable {
    private static let interval = Duration.milliseconds(500)

    private let timer: RepeatingTimer

    init(_ lag: Histogram) {
        timer = RepeatingTimer(label: "parley.lag", interval: Self.interval) {
            let asked = ContinuousClock.now
            Task.detached { lag.observe(ContinuousClock.now - asked) }
        }
    }

    func stop() { timer.cancel() }
}
