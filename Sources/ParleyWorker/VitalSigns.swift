// What a worker tells of itself with each heartbeat, read off what it counts anyway. Everything that is read only grows,
// and what is told is the difference to what was read about a lease before.

import Foundation
import ParleyDispatch
import ParleyModel

struct VitalSigns {
    private struct Reading {
        let at = ContinuousClock.now
        let processorTime: Duration
        let lag: (time: Duration, tasks: Int)
        let parts: [WorkerVitals.Bound: Duration]
    }

    private let metrics: WorkerMetrics
    private let lag: LoopLag
    /// The time of which it tells.
    private let span: Duration
    private let mostInFlight: @Sendable () -> Int
    /// The oldest first; the first alone is from before the span.
    private var readings: [Reading]

    init(_ metrics: WorkerMetrics, _ lag: LoopLag, span: Duration, mostInFlight: @escaping @Sendable () -> Int) {
        self.metrics = metrics
        self.lag = lag
        self.span = span
        self.mostInFlight = mostInFlight
        readings = [Self.read(metrics, lag)]
    }

    private static func read(_ metrics: WorkerMetrics, _ lag: LoopLag) -> Reading {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Reading(
            processorTime: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec),
            lag: lag.total,
            parts: metrics.partTimes
        )
    }

    mutating func tell() -> WorkerVitals {
        let now = Self.read(metrics, lag)
        readings.append(now)
        while readings[1].at <= now.at - span { readings.removeFirst() }
        let then = readings[0]
        let over = now.at - then.at
        let part = { (part: WorkerVitals.Bound) in
            Self.seconds((now.parts[part] ?? .zero) - (then.parts[part] ?? .zero))
        }
        return WorkerVitals(
            mostInFlight: mostInFlight(),
            processors: availableProcessors(),
            processorsUsed: Self.seconds((now.processorTime - then.processorTime) / max(over / .seconds(1), 0.001)),
            loopLagSeconds: Self.seconds((now.lag.time - then.lag.time) / max(now.lag.tasks - then.lag.tasks, 1)),
            overSeconds: Self.seconds(over),
            providerSeconds: part(.provider),
            queueSeconds: part(.queue),
            backoffSeconds: part(.backoff),
            localSeconds: part(.local)
        )
    }

    /// To the tenth of a millisecond.
    private static func seconds(_ time: Duration) -> Double { (time / .microseconds(100)).rounded() / 10_000 }
}
