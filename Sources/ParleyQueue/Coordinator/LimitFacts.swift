// A limit with all that decides on it: what rounds allow and which of them, what was learned, what was used lately.

public import ParleyModel
import ParleyPostgres

/// What is known of the limit of an account and model. Rates are of the last minute.
public struct LimitFacts: Hashable, Sendable {
    /// A cap and the round that sets it: the least of those that run.
    public struct Cap: Hashable, Sendable {
        public let value: Int64
        public let round: RoundName

        public init(value: Int64, round: RoundName) {
            self.value = value
            self.round = round
        }
    }

    /// The most that some of the workers which share the limit have in flight, over all that they work for.
    public struct Workers: Hashable, Sendable {
        /// Who was told so; nil where it is the workers' own setting.
        public let told: WorkerTarget?
        public let toldBy: String?
        /// Of each; nil before it has said.
        public let most: Int?
        public let count: Int
        /// The most that they had in flight together since they last asked, as far as they told.
        public let held: Int
    }

    public let account: String
    public let model: ModelName
    public let concurrency: Cap
    public let requestsPerMinute: Cap?
    public let tokensPerMinute: Cap?
    /// What the provider takes, as far as it was found out.
    public let learned: Int
    /// Whether it still doubles, not having met a 429.
    public let isGrowing: Bool
    /// Whether the breaker is open or one job tries.
    public let isTripped: Bool
    /// Until something is claimed again.
    public let pausedFor: Duration
    public let pausedStreams: Int
    public let pauseReason: String?
    public let inFlight: Int
    public let workers: Int
    /// Those of the workers that take jobs, by what holds for them.
    public let workerLimits: [Workers]
    public let ended: Int
    public let tokens: Int64
    public let failed: Int
    /// Of the failed, those that the provider turned away: 429 and overloaded.
    public let turnedAway: Int
}

extension CoordinatorQueue {
    /// The limits that running rounds, and the named one, count on.
    public func limitFacts(round: RoundID? = nil) async throws -> [LimitFacts] {
        let workers = try await workerLimits()
        return try await query(.limitFacts, [.optional(round?.rawValue, .int64, PostgresValue.int64)]).map { row in
            let cap = { (value: Int64?, name: String?) in
                value.flatMap { value in name.map { LimitFacts.Cap(value: value, round: RoundName($0)) } }
            }
            return LimitFacts(
                account: try row.text("account"),
                model: ModelName(try row.text("model")),
                concurrency: LimitFacts.Cap(
                    value: try row.int64("concurrency"),
                    round: RoundName(try row.text("concurrency_round"))
                ),
                requestsPerMinute: cap(try row.int64OrNil("requests"), try row.textOrNil("requests_round")),
                tokensPerMinute: cap(try row.int64OrNil("token_cap"), try row.textOrNil("tokens_round")),
                learned: Int(try row.int32("allowed")),
                isGrowing: try row.bool("growing"),
                isTripped: try row.int32("openings") > 0,
                pausedFor: .seconds(min(try row.float64("paused_for"), 1e9)),
                pausedStreams: Int(try row.int64("paused_streams")),
                pauseReason: try row.textOrNil("pause_reason"),
                inFlight: Int(try row.int64("used")),
                workers: Int(try row.int64("workers")),
                workerLimits: workers[[try row.text("account"), try row.text("model")], default: []],
                ended: Int(try row.int64("ended")),
                tokens: try row.int64("tokens"),
                failed: Int(try row.int64("failed")),
                turnedAway: Int(try row.int64("turned_away"))
            )
        }
    }

    /// By account and model.
    private func workerLimits() async throws -> [[String]: [LimitFacts.Workers]] {
        var found: [[String]: [LimitFacts.Workers]] = [:]
        for row in try await query(.workerLimits) {
            let worker = try row.int64OrNil("worker").map { WorkerTarget.worker(WorkerID($0)) }
            found[[try row.text("account"), try row.text("model")], default: []].append(
                LimitFacts.Workers(
                    told: try worker ?? row.textOrNil("pool").map(WorkerTarget.pool),
                    toldBy: try row.textOrNil("told_by"),
                    most: try row.int32OrNil("most").map(Int.init),
                    count: Int(try row.int64("workers")),
                    held: Int(try row.int64("held"))
                )
            )
        }
        return found
    }
}
