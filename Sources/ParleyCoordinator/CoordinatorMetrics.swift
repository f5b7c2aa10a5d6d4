// What the coordinator counts of its own duty.

public import Logging
public import ParleyPostgres
public import ParleyTelemetry

/// Counters of the coordinator's duty.
public struct CoordinatorMetrics: Sendable {
    private let registry: MetricRegistry
    private let database: DatabaseMetrics
    let duty: Histogram
    let failures: Counter
    let expired: Counter
    let died: Counter
    let recalled: Counter
    let sealed: Counter
    private let leads: Gauge

    public init(_ registry: MetricRegistry) {
        self.registry = registry
        database = DatabaseMetrics(registry)
        duty = registry.histogram(
            "parley_coordinator_duty_seconds",
            "Time of one round of the coordinator's duty.",
            bounds: .shortTimes
        ).of()
        failures = registry.counter(
            "parley_coordinator_duty_failures_total",
            "Rounds of duty that ended with an error, mostly of the database."
        ).of()
        expired = registry.counter(
            "parley_leases_expired_total",
            "Jobs taken back from workers that gave no sign of life."
        ).of()
        died = registry.counter(
            "parley_leases_expired_dead_total",
            "Those of them that had no attempt left."
        ).of()
        recalled = registry.counter("parley_jobs_recalled_total", "Jobs taken back at the cap of a budget.").of()
        sealed = registry.counter("parley_outcomes_sealed_total", "Outcomes that were sealed into ranges.").of()
        leads = registry.gauge("parley_coordinator_leads", "1 where this coordinator leads, 0 where it stands by.").of()
    }

    func watch(_ lead: Lead) {
        let leads = leads
        registry.beforeWriting { leads.set(lead.isSure ? 1 : 0) }
    }

    /// A pool of connections whose use is counted.
    public func pool(_ configuration: PostgresConfiguration, logger: Logger) -> PostgresPool {
        let database = database
        let observer = PoolObserver(waited: database.waited, used: database.used)
        let pool = PostgresPool(configuration, logger: logger, observer: observer)
        registry.beforeWriting {
            let census = await pool.census
            database.counted(
                open: census.open,
                idle: census.idle,
                maximum: census.maximum,
                waiting: census.waiting
            )
        }
        return pool
    }
}
