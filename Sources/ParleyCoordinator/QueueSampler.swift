// Reads the queue's state into gauges, at a pace of its own: a scrape answers from memory, however slow the database and
// however many ask. How old the answer is stands beside it.
//
// Invariant: only running rounds are shown, the newest `roundLimit` of them; series of rounds that have ended go.

public import Logging
import ParleyModel
import ParleyPostgres
public import ParleyQueue
public import ParleyTelemetry
public import ServiceLifecycle

/// Keeps the gauges of the queue.
public struct QueueSampler: Service {
    private static let roundLimit = 50

    private let queue: CoordinatorQueue
    private let interval: Duration
    private let logger: Logger
    private let gauges: QueueGauges
    private let sampledAt: Gauge
    private let failures: Counter

    public init(_ registry: MetricRegistry, queue: CoordinatorQueue, interval: Duration = .seconds(10), logger: Logger)
    {
        self.queue = queue
        self.interval = interval
        self.logger = logger
        gauges = QueueGauges(registry)
        sampledAt = registry.gauge(
            "parley_queue_sample_timestamp_seconds",
            "When the gauges of the queue were last read, by the database's clock; 0 before the first time."
        ).of()
        failures = registry.counter(
            "parley_queue_sample_failures_total",
            "Readings of the queue that the database did not answer."
        ).of()
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sample()
                } catch {
                    if Task.isCancelled { return }
                    failures.add()
                    logger.warning("the queue's gauges could not be read", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// Reads once.
    public func sample() async throws {
        let rounds = try await queue.rounds()
        var sample = QueueSample(
            states: rounds.map(\.state),
            workers: try await queue.workers(),
            term: try await queue.leadership().term
        )
        for round in rounds.filter({ $0.state == .running }).suffix(Self.roundLimit) {
            sample.rounds.append(
                QueueSample.Round(
                    name: round.name,
                    streams: try await queue.streams(round: round.id),
                    ages: try await queue.queueAges(round: round.id),
                    budgets: try await queue.budgets(round: round.id),
                    reserves: try await queue.budgetReserves(round: round.id),
                    limits: try await queue.limits(round: round.id),
                    sealedRanges: try await queue.segments(round: round.id).count
                )
            )
        }
        gauges.show(sample)
        sampledAt.set(Double(try await queue.now()) / 1e6)
    }
}

/// What is read at a time.
struct QueueSample {
    struct Round {
        let name: RoundName
        let streams: [StreamStatus]
        let ages: [Stage: Duration]
        let budgets: [BudgetStatus]
        let reserves: [BudgetReserve]
        let limits: [LimitStatus]
        let sealedRanges: Int
    }

    let states: [RoundState]
    let workers: [WorkerStatus]
    let term: Int64
    var rounds: [Round] = []
}
