// Renews the leases of what is in flight, three times a lease. It beats on a Dispatch timer of its own queue and runs
// on that queue, so that it goes on while the cooperative pool is stuck; the connection it uses has a queue of its own.
// What people see of a worker goes with it: so it costs no statement of its own.

import Dispatch
import Logging
import ParleyDispatch
import ParleyModel
import ParleyQueue
import ParleyTelemetry

actor Heartbeat {
    private let executor = DispatchQueueExecutor(label: "parley.heartbeat")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let queue: WorkerQueue
    private let inFlight: InFlight
    private let metrics: WorkerMetrics
    private let logger: Logger
    private var vitals: VitalSigns
    private var timer: RepeatingTimer?
    private var isBeating = false
    /// Jobs that the last answer called lost. One that was committed a moment before is among them, and is gone from
    /// the in-flight set a moment later: what is still there at the next beat is lost.
    private var suspects: Set<JobID> = []

    init(queue: WorkerQueue, inFlight: InFlight, vitals: VitalSigns, metrics: WorkerMetrics, logger: Logger) {
        self.queue = queue
        self.inFlight = inFlight
        self.vitals = vitals
        self.metrics = metrics
        self.logger = logger
    }

    func start() {
        timer = RepeatingTimer(label: "parley.heartbeat.timer", interval: queue.lease / 3) { [weak self] in
            // Starts on the timer's thread and hops to this actor's queue: never by way of the cooperative pool.
            Task.immediate { await self?.beat() }
        }
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }

    /// Beats as soon as possible.
    nonisolated func beatNow() {
        Task.immediate { await beat() }
    }

    /// Beats again in a second, for suspects not to run on until the next beat.
    private func recheck() {
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { [weak self] in
            Task.immediate { await self?.beat() }
        }
    }

    private func beat() async {
        guard !isBeating else { return }
        isBeating = true
        defer { isBeating = false }
        do {
            let answer = try await queue.heartbeat(inFlight.keys, telling: vitals.tell())
            let lost = answer.filter { suspects.contains($0) }
            suspects = Set(answer).subtracting(lost)
            if !lost.isEmpty {
                metrics.lostLeases.add(lost.count)
                logger.warning("leases were lost", metadata: ["jobs": "\(lost.count)"])
                inFlight.lose(lost)
            }
            if !suspects.isEmpty { recheck() }
        } catch {
            logger.error("the heartbeat failed", metadata: ["error": "\(error)"])
        }
    }
}
