// The coordinator daemon: takes back what dead workers held, adds up what was used, seals what is final,
// stops what is over its budget, closes rounds that are done, has their ledgers witnessed, opens and closes the windows of
// the calendar, keeps the course of the limits. It holds no state, so that one that was down has missed nothing. Of several one leads and the others
// stand by (`Lead`); what a leader does takes effect under its term only.

private import Foundation
public import Logging
import ParleyModel
import ParleyPostgres
public import ParleyQueue
import ParleyTelemetry
public import ServiceLifecycle

/// The coordinator daemon.
public struct CoordinatorService: Service {
    /// The most jobs rescued in one transaction.
    private static let rescueBatch = 1000
    /// The time between two additions of what was used.
    private static let foldInterval = Duration.seconds(10)
    /// The time between two looks ahead in the calendar.
    private static let planInterval = Duration.seconds(3600)
    /// The time between two looks at the limits, of which their course is drawn.
    private static let lookInterval = Duration.seconds(10)

    /// Under a term while it is on duty.
    private var queue: CoordinatorQueue
    private let interval: Duration
    private let witness: LedgerWitness?
    private let metrics: CoordinatorMetrics?
    private let logger: Logger

    /// - Parameters:
    ///   - interval: the time between two rounds of duty
    ///   - metrics: where it counts what it does
    ///   - witness: signs the ledgers' heads; nil where parties do so themselves
    public init(
        queue: CoordinatorQueue,
        interval: Duration = .seconds(1),
        witness: LedgerWitness? = nil,
        metrics: CoordinatorMetrics? = nil,
        logger: Logger
    ) {
        self.queue = queue
        self.interval = interval
        self.witness = witness
        self.metrics = metrics
        self.logger = logger
    }

    /// Coordinates until graceful shutdown or cancellation. A database that is away for a while is waited for.
    public func run() async throws {
        let lead = Lead(queue, holder: Self.holder(), logger: logger)
        metrics?.watch(lead)
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await lead.keep() }
                defer { group.cancelAll() }
                try await watch(lead)
            }
        }
        await lead.resign()
    }

    /// A name that no other coordinator has.
    private static func holder() -> String {
        let process = ProcessInfo.processInfo
        return "\(process.hostName)/\(process.processIdentifier)/\(String(UInt32.random(in: 0 ... .max), radix: 16))"
    }

    private func watch(_ lead: Lead) async throws {
        var memory = Memory()
        while !Task.isCancelled {
            let began = ContinuousClock.now
            var term: CoordinatorQueue.Term?
            // The schema may have been migrated meanwhile. Where the database is away, the duty says so.
            if let schema = try? await queue.schemaStatus() { try schema.requireFit() }
            do {
                term = try await lead.take()
                if let term {
                    if memory.term != term { memory = Memory(term: term) }
                    var leading = self
                    leading.queue = queue.under(term)
                    try await leading.attend(&memory)
                }
            } catch let error as PostgresError where error.retryClass == .permission || error.retryClass == .schema {
                throw error
            } catch  where Task.isCancelled {
                return
            } catch {
                if let term, CoordinatorQueue.isOver(error) {
                    lead.lose(term)
                } else {
                    metrics?.failures.add()
                    logger.error("the coordinator's duty failed", metadata: ["error": "\(error)"])
                }
            }
            if term != nil { metrics?.duty.observe(ContinuousClock.now - began) }
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }

    /// What a leader remembers from one round of duty to the next.
    private struct Memory {
        var term: CoordinatorQueue.Term?
        var foldedAt = ContinuousClock.now
        var plannedAt: ContinuousClock.Instant?
        var lookedAt: ContinuousClock.Instant?
        var sealedRounds: Set<RoundID> = []
    }

    private func attend(_ memory: inout Memory) async throws {
        try await onDuty(&memory.foldedAt)
        try await keepCalendar(&memory.plannedAt)
        if memory.lookedAt.map({ $0 + Self.lookInterval <= .now }) ?? true {
            memory.lookedAt = .now
            try await queue.lookAtLimits()
        }
        let rounds = try await queue.rounds()
        try await finish(rounds)
        try await seal(rounds, &memory.sealedRounds)
        try await witness?.attend(queue.rounds(), queue)
    }

    private func onDuty(_ foldedAt: inout ContinuousClock.Instant) async throws {
        var rescue: CoordinatorQueue.Rescue
        repeat {
            rescue = try await queue.rescue(limit: Self.rescueBatch)
            metrics?.expired.add(rescue.rescued)
            metrics?.died.add(rescue.dead)
            if rescue.rescued > 0 {
                logger.warning(
                    "jobs of silent workers taken back",
                    metadata: ["jobs": "\(rescue.rescued)", "dead": "\(rescue.dead)"]
                )
            }
        } while rescue.rescued == Self.rescueBatch
        if foldedAt + Self.foldInterval <= .now {
            try await queue.settleCheckpoints()
            try await queue.foldCharges()
            foldedAt = .now
        }
        try await queue.recordExposures()
        let recalled = try await queue.enforceBudgets()
        metrics?.recalled.add(recalled)
        if recalled > 0 { logger.warning("jobs taken back at the cap of a budget", metadata: ["jobs": "\(recalled)"]) }
    }

    private func keepCalendar(_ plannedAt: inout ContinuousClock.Instant?) async throws {
        if plannedAt.map({ $0 + Self.planInterval <= .now }) ?? true {
            try await queue.planAhead()
            plannedAt = .now
        }
        for edge in try await queue.turnWindows() {
            logger.notice(
                "a window of the calendar was turned",
                metadata: [
                    "series": "\(edge.series)", "occurrence": "\(edge.occurrence)", "window": "\(edge.kind)",
                    "edge": "\(edge.edge)", "effect": "\(edge.effect)",
                ]
            )
        }
    }

    private func finish(_ rounds: [RoundRecord]) async throws {
        for round in rounds where round.state == .running {
            if case .finished(let unruled) = try await queue.finishIfDone(round.id) {
                logger.info("round finished", metadata: ["round": "\(round.name)", "unruled": "\(unruled)"])
            }
        }
    }

    /// Seals what is final, a little of each round at a time. What `sealed` names has ended, and nothing of it is left.
    private func seal(_ rounds: [RoundRecord], _ sealed: inout Set<RoundID>) async throws {
        for round in rounds where round.state == .running || !sealed.contains(round.id) {
            if let outcomes = try await queue.seal(round: round.id) {
                metrics?.sealed.add(outcomes)
                logger.debug("outcomes sealed", metadata: ["round": "\(round.name)", "outcomes": "\(outcomes)"])
            } else if round.state != .running {
                sealed.insert(round.id)
            }
        }
    }
}
