// The gauges of the queue, and how a reading is shown in them. Each reading takes the place of the one before, so that
// what is gone is not shown for ever.

import ParleyModel
import ParleyQueue
import ParleyTelemetry

struct QueueGauges: Sendable {
    private typealias Entry = (labels: [String], set: (Gauge) -> Void)

    private let jobs: MetricFamily<Gauge>
    private let ages: MetricFamily<Gauge>
    private let paused: MetricFamily<Gauge>
    private let budgetTokens: MetricFamily<Gauge>
    private let budgetMoney: MetricFamily<Gauge>
    private let limits: MetricFamily<Gauge>
    private let tripped: MetricFamily<Gauge>
    private let sealed: MetricFamily<Gauge>
    private let rounds: MetricFamily<Gauge>
    private let workers: MetricFamily<Gauge>
    private let term: MetricFamily<Gauge>

    init(_ registry: MetricRegistry) {
        jobs = registry.gauge(
            "parley_queue_jobs",
            "Jobs of running rounds: ready (never claimed), waiting (came back, or grades), leased, dead.",
            labels: ["round", "stage", "state"]
        )
        ages = registry.gauge(
            "parley_queue_oldest_age_seconds",
            "How long the longest waiting job could have been claimed, or its stream was last claimed from.",
            labels: ["round", "stage"]
        )
        paused = registry.gauge("parley_streams_paused", "Streams that are paused.", labels: ["round", "stage"])
        budgetTokens = registry.gauge(
            "parley_budget_tokens",
            "Tokens of a budget: its cap, what was used, and what workers may use until they ask again.",
            labels: ["round", "budget", "part"]
        )
        budgetMoney = registry.gauge(
            "parley_budget_money",
            "The same in money, in the round's currency.",
            labels: ["round", "budget", "part"]
        )
        limits = registry.gauge(
            "parley_limit_jobs",
            "Calls of an account and model: in flight, allowed (as found out from the provider), ceiling (as planned).",
            labels: ["account", "model", "part"]
        )
        tripped = registry.gauge(
            "parley_limit_tripped",
            "1 while the breaker of an account and model is open: the provider fails.",
            labels: ["account", "model"]
        )
        sealed = registry.gauge("parley_sealed_ranges", "Sealed ranges of outcomes.", labels: ["round"])
        rounds = registry.gauge("parley_rounds", "Rounds by state.", labels: ["state"])
        workers = registry.gauge(
            "parley_workers",
            "Workers that have not ended; silent ones gave no sign of life for a lease.",
            labels: ["state"]
        )
        term = registry.gauge(
            "parley_coordinator_term",
            "The number of the term under which a coordinator leads, or led last; each change of the leader adds one."
        )
        // Not zero before it was read.
        term.replaceAll([])
    }

    func show(_ sample: QueueSample) {
        showCounts(sample)
        term.replaceAll([Self.entry([], Double(sample.term))])
        jobs.replaceAll(sample.rounds.flatMap(Self.jobs))
        ages.replaceAll(
            sample.rounds.flatMap { round in
                Stage.allCases.map { stage in
                    Self.entry([round.name.description, "\(stage)"], seconds(round.ages[stage] ?? .zero))
                }
            }
        )
        paused.replaceAll(
            sample.rounds.flatMap { round in
                Stage.allCases.map { stage in
                    let count = round.streams.count { $0.stage == stage && $0.pauseReason != nil }
                    return Self.entry([round.name.description, "\(stage)"], Double(count))
                }
            }
        )
        showBudgets(sample)
        // Two rounds may use one account and model: its limit is one, and the lower ceiling binds.
        let all = Dictionary(
            sample.rounds.flatMap(\.limits).map { ([$0.account, $0.model.description], $0) },
            uniquingKeysWith: { $0.ceiling <= $1.ceiling ? $0 : $1 }
        )
        limits.replaceAll(
            all.flatMap { labels, limit in
                [
                    Self.entry(labels + ["in_flight"], Double(limit.used)),
                    Self.entry(labels + ["allowed"], Double(limit.allowed)),
                    Self.entry(labels + ["ceiling"], Double(limit.ceiling)),
                ]
            }
        )
        tripped.replaceAll(all.map { Self.entry($0.key, $0.value.isTripped ? 1 : 0) })
        sealed.replaceAll(sample.rounds.map { Self.entry([$0.name.description], Double($0.sealedRanges)) })
    }

    private func showCounts(_ sample: QueueSample) {
        rounds.replaceAll(
            RoundState.allCases.map { state in
                Self.entry([state.rawValue], Double(sample.states.count { $0 == state }))
            }
        )
        workers.replaceAll(
            ["active", "draining", "silent"].map { state in
                let count = sample.workers.count { ($0.isAlive ? $0.state : "silent") == state }
                return Self.entry([state], Double(count))
            }
        )
    }

    private func showBudgets(_ sample: QueueSample) {
        var (tokens, money): ([Entry], [Entry]) = ([], [])
        for round in sample.rounds {
            for budget in round.budgets {
                let labels = [round.name.description, String(budget.number)]
                let reserve = round.reserves.first { $0.number == budget.number }
                if let cap = budget.tokens {
                    tokens.append(Self.entry(labels + ["cap"], Double(cap)))
                    tokens.append(Self.entry(labels + ["used"], Double(budget.usedTokens)))
                    tokens.append(Self.entry(labels + ["reserved"], Double(reserve?.tokens ?? 0)))
                }
                if let cap = budget.money {
                    money.append(Self.entry(labels + ["cap"], units(cap)))
                    money.append(Self.entry(labels + ["used"], units(budget.usedMoney)))
                    money.append(Self.entry(labels + ["reserved"], units(reserve?.money ?? .zero)))
                }
            }
        }
        budgetTokens.replaceAll(tokens)
        budgetMoney.replaceAll(money)
    }

    private static func jobs(_ round: QueueSample.Round) -> [Entry] {
        Stage.allCases.flatMap { stage in
            let streams = round.streams.filter { $0.stage == stage && !$0.isCancelled }
            return [
                ("ready", streams.reduce(0) { $0 + $1.ready }), ("waiting", streams.reduce(0) { $0 + $1.waiting }),
                ("leased", streams.reduce(0) { $0 + $1.leased }), ("dead", streams.reduce(0) { $0 + $1.dead }),
            ].map { entry([round.name.description, "\(stage)", $0.0], Double($0.1)) }
        }
    }

    private static func entry(_ labels: [String], _ value: Double) -> Entry { (labels, { $0.set(value) }) }

    private func units(_ money: Money) -> Double { Double(money.billionths) / 1e9 }

    private func seconds(_ time: Duration) -> Double { time / .seconds(1) }
}
