// The state of the house at one look. It counts the outcomes of every round that is shown: look every few seconds, not
// more often.

public import ParleyModel
public import ParleyQueue

extension OperationsDocument.Round {
    init(_ status: RoundStatus, _ hold: RoundHold, oldestDue: Duration?) {
        let left = status.ready + status.waiting + status.leased
        let binding = left + status.unruled > 0 ? hold.reasons().first : nil
        // What was finished before all the rest was held back says nothing of when that will go on.
        let isHeld = binding.map { !$0.isCalm && $0.jobs >= left - status.leased } ?? false
        let pace = isHeld ? 0 : Double(status.finishedLastMinute) / 60
        let budget = hold.budgets.filter { ($0.money ?? .zero) > .zero }.max {
            Self.share($0) < Self.share($1)
        }
        self.init(
            round: hold.record.name,
            title: hold.record.title,
            state: hold.record.state.rawValue,
            simulated: hold.record.isSimulated,
            currency: hold.currency,
            planned: status.planned,
            done: status.done,
            kinds: Dictionary(uniqueKeysWithValues: OutcomeKind.allCases.map { ($0, status.probes[$0, default: 0]) }),
            graded: status.grades.values.reduce(0, +),
            ready: status.ready,
            waiting: status.waiting,
            held: status.leased,
            dead: status.unruled,
            oldestDueSeconds: oldestDue.map { ($0 / .milliseconds(1)).rounded() / 1000 },
            lastMinute: status.finishedLastMinute,
            etaSeconds: left > 0 && pace > 0 ? (Double(left) / pace).rounded() : nil,
            cost: status.cost,
            budget: budget?.money,
            budgetUsed: budget?.usedMoney,
            binding: binding
        )
    }

    private static func share(_ budget: BudgetStatus) -> Double {
        budget.usedMoney.value / (budget.money ?? .zero).value
    }
}

extension OperationsDocument.Worker {
    public init(_ status: WorkerStatus) {
        self.init(
            worker: status.id.rawValue,
            name: status.name,
            host: status.host,
            version: status.version,
            state: status.isAlive ? status.state : "silent",
            inFlight: status.held,
            vitals: status.vitals
        )
    }
}

extension CoordinatorQueue {
    /// One round with its pace and cost.
    public func operations(of hold: RoundHold) async throws -> OperationsDocument.Round {
        let round = hold.record.id
        return OperationsDocument.Round(
            try await status(round: round, of: hold.streams),
            hold,
            oldestDue: try await oldestDue(round: round)
        )
    }

    /// What an operator watches. Rounds that are over are left out, but for the newest and for those that are named.
    public func operations(rounds names: Set<RoundName> = []) async throws -> OperationsDocument {
        let records = try await rounds()
        var shown: [OperationsDocument.Round] = []
        for record in records
        where names.isEmpty ? record.state.isOpen || record == records.last : names.contains(record.name) {
            shown.append(try await operations(of: hold(record)))
        }
        return OperationsDocument(
            at: RoundHold.text(try await now()),
            rounds: shown,
            accounts: try await limitsDocument().limits,
            workers: try await workers().map(OperationsDocument.Worker.init)
        )
    }
}
