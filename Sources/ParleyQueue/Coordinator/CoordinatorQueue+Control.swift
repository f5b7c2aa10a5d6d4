// What people do to rounds while they run. Everything may be repeated without harm; what changes something
// is recorded as an event.

public import ParleyModel
import ParleyPostgres

/// A part of a round: what is not named stands for any.
public struct RoundPart: Hashable, Sendable {
    /// Whose models.
    public var party: PartyName?
    public var model: ModelName?
    public var suite: SuiteName?

    public init(party: PartyName? = nil, model: ModelName? = nil, suite: SuiteName? = nil) {
        self.party = party
        self.model = model
        self.suite = suite
    }
}

extension CoordinatorQueue {
    /// What can be done to a part of a round.
    public enum Action: String, CaseIterable, Sendable, Hashable {
        /// Nothing more is claimed until it is resumed.
        case pause
        /// Paused parts go on, and waits of their accounts end: open breakers, and what providers asked for.
        case resume
        /// Nothing more is claimed; the round can end without it.
        case cancel
        /// Takes a cancellation back.
        case uncancel
    }

    /// What an action did.
    public struct Effect: Hashable, Sendable {
        /// Streams that changed.
        public let streams: Int
        /// Jobs in flight that were taken back.
        public let jobs: Int
        /// Accounts and models whose wait ended.
        public let waits: Int

        public var isChange: Bool { streams > 0 || jobs > 0 || waits > 0 }
    }

    /// Who does something, and why; both are recorded.
    public struct Authority: Hashable, Sendable {
        public var actor: String
        public var reason: String

        public init(actor: String, reason: String = "") {
            self.actor = actor
            self.reason = reason
        }
    }

    /// Pauses, resumes or cancels a part of a round.
    /// - Parameter now: takes back what is in flight; its workers stop it within seconds, and what it used counts as
    ///   unknown unless they say. Otherwise it finishes.
    /// - Throws: SQLSTATE P0002 where the round has no such part
    @discardableResult
    public func control(
        _ action: Action,
        _ round: RoundID,
        _ part: RoundPart = RoundPart(),
        now: Bool = false,
        by authority: Authority
    ) async throws -> Effect {
        let reason = authority.reason.isEmpty ? action.rawValue : authority.reason
        let row = try await query(
            .control,
            [.text(action.rawValue), .int64(round.rawValue)] + part.parameters + [
                .bool(now), .text(reason.storable(bytes: 2000)), .text(authority.actor.storable(bytes: 256)),
            ]
        ).only()
        let effect = Effect(
            streams: Int(try row.int64("streams")),
            jobs: Int(try row.int64("jobs")),
            waits: Int(try row.int64("waits"))
        )
        if effect.isChange { try await announce(round) }
        return effect
    }

    /// Sets the priority of a part of a round: higher goes first; 0 at the start.
    /// - Returns: how many streams changed
    @discardableResult
    public func prioritise(
        _ round: RoundID,
        _ part: RoundPart,
        _ priority: Int,
        by authority: Authority
    ) async throws -> Int { try await arrange("prioritise", round, part, priority, authority) }

    /// Sets the weight of a part of a round, 1 to 1000: where rounds and parties compete for one limit, they share it
    /// by weight; 1 at the start.
    /// - Returns: how many streams changed
    @discardableResult
    public func weigh(
        _ round: RoundID,
        _ part: RoundPart,
        _ weight: Int,
        by authority: Authority
    ) async throws -> Int { try await arrange("weigh", round, part, weight, authority) }

    private func arrange(
        _ action: String,
        _ round: RoundID,
        _ part: RoundPart,
        _ value: Int,
        _ authority: Authority
    ) async throws -> Int {
        let row = try await query(
            .arrange,
            [.text(action), .int64(round.rawValue)] + part.parameters + [
                .int32(Int32(clamping: value)), .text(authority.reason.storable(bytes: 500)),
                .text(authority.actor.storable(bytes: 256)),
            ]
        ).only()
        return Int(try row.int64(0))
    }

    /// Sets the caps of a budget of a running round; nil leaves one as it is.
    /// - Parameter number: from 1, in the order of the round file
    /// - Returns: whether that changed anything
    public func setBudget(
        _ round: RoundID,
        number: Int,
        tokens: Int64?,
        money: Money?,
        by authority: Authority
    ) async throws -> Bool {
        let row = try await query(
            .setBudget,
            [
                .int64(round.rawValue), .int32(Int32(clamping: number)), .optional(tokens, .int64, PostgresValue.int64),
                .optional(money?.billionths, .int64, PostgresValue.int64),
                .text(authority.reason.storable(bytes: 2000)), .text(authority.actor.storable(bytes: 256)),
            ]
        ).only()
        return try row.int64(0) > 0
    }

    /// Adds up what was used since the last time, so that budgets are quick to ask for. Do it every few seconds.
    /// - Returns: how many charges were added
    @discardableResult
    public func foldCharges() async throws -> Int { Int(try await query(.foldCharges).only().int64(0)) }

    /// Removes the checkpoints of finished jobs, whose outcomes are charged with all that they used. Do it every few
    /// seconds, too: until then both are charged.
    /// - Returns: how many
    @discardableResult
    public func settleCheckpoints() async throws -> Int { Int(try await query(.settleCheckpoints).only().int64(0)) }

    /// Takes back what is in flight under budgets that are used up and were to cancel it.
    /// - Returns: how many jobs
    @discardableResult
    public func enforceBudgets() async throws -> Int { Int(try await query(.enforceBudgets).only().int64(0)) }
}

extension RoundPart {
    /// Party, model, suite; null stands for any.
    var parameters: [PostgresValue] {
        [party?.text, model?.text, suite?.text].map { .optional($0, .text, PostgresValue.text) }
    }
}
