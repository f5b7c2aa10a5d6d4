// What binds of an account's limits. Pure: what is known of the limit in, its values and the one that binds out. A rate
// binds where the last minute used nine tenths of it, a concurrency where nine tenths of it are in flight, and that of
// workers and pools where it does for all workers that share the account.

public import ParleyModel
public import ParleyQueue

extension LimitsDocument.Entry {
    /// The values in the order in which they would be asked about, at most one of which binds.
    public init(_ facts: LimitFacts) {
        let allowed = min(Int64(facts.learned), facts.concurrency.value)
        let begun = Int64(facts.ended + facts.failed)
        let seconds = Int64((facts.pausedFor / .seconds(1)).rounded(.up))
        var values: [LimitsDocument.Value] = []
        func add(_ kind: LimitsDocument.Kind, _ value: Int64, _ setBy: String, _ binds: Bool) {
            values.append(.init(kind, value, setBy: setBy, binds: binds && !values.contains(where: \.binds)))
        }
        if facts.pausedStreams > 0 {
            let reason = facts.pauseReason.map { ": \($0)" } ?? ""
            // A part that is paused holds only itself back.
            add(.pause, Int64(facts.pausedStreams), "pause\(reason)", facts.inFlight == 0 && facts.workers == 0)
        }
        if seconds > 0 || facts.isTripped {
            let setBy =
                facts.isTripped
                ? "failures in a row: one job tries when the wait is over" : "the provider's headers (Retry-After)"
            add(.wait, seconds, setBy, true)
        }
        if let cap = facts.requestsPerMinute {
            add(.requests, cap.value, "round file of \(cap.round)", Self.isUsed(begun, of: cap.value))
        }
        if let cap = facts.tokensPerMinute {
            add(.tokens, cap.value, "round file of \(cap.round)", Self.isUsed(facts.tokens, of: cap.value))
        }
        let isFull = Self.isUsed(Int64(facts.inFlight), of: allowed)
        let isLearned = Int64(facts.learned) < facts.concurrency.value
        let state =
            facts.isGrowing
            ? "found by trying: doubles while all goes well" : "found by trying: cut when the provider said 429"
        add(.learned, Int64(facts.learned), state, isFull && isLearned)
        add(.concurrency, facts.concurrency.value, "round file of \(facts.concurrency.round)", isFull && !isLearned)
        let noneHasRoom = facts.workerLimits.allSatisfy { workers in
            workers.total.map { Self.isUsed(Int64(workers.held), of: $0) } ?? false
        }
        for workers in facts.workerLimits {
            guard let total = workers.total else { continue }
            add(workers.kind, total, workers.setBy, noneHasRoom)
        }
        self.init(
            account: facts.account,
            model: facts.model,
            inFlight: facts.inFlight,
            workers: facts.workers,
            ended: facts.ended,
            failed: facts.failed,
            turnedAway: facts.turnedAway,
            tokens: facts.tokens,
            values: values
        )
    }

    private static func isUsed(_ used: Int64, of cap: Int64) -> Bool { used >= cap - cap / 10 }
}

extension LimitFacts.Workers {
    /// Of all of them; nil before they have said.
    fileprivate var total: Int64? { most.map { Int64($0) * Int64(count) } }

    fileprivate var kind: LimitsDocument.Kind {
        if case .pool = told { .pool } else { .worker }
    }

    fileprivate var setBy: String {
        let by = toldBy.map { " by \($0)" } ?? ""
        let each = count == 1 ? "" : ", \(most ?? 0) for each of \(count) workers"
        return switch told {
        case .worker(let id): "parley worker set \(id)\(by)"
        case .pool(let name): "parley pool set \(name)\(by)\(each)"
        case nil: "parley worker --concurrency\(each)"
        }
    }
}

extension CoordinatorQueue {
    /// The limits of the accounts that running rounds, and the named one, use.
    /// - Parameter model: only of this model
    public func limitsDocument(round: RoundID? = nil, model: ModelName? = nil) async throws -> LimitsDocument {
        LimitsDocument(
            limits: try await limitFacts(round: round).map(LimitsDocument.Entry.init)
                .filter { model == nil || $0.model == model }
        )
    }
}
