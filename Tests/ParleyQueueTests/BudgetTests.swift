// Budgets: reserved before, settled after, charged for whatever may have reached a provider.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Budgets")
struct BudgetTests {
    private let fixture: QueueFixture

    init() async throws { fixture = try await QueueFixture() }

    private func submit(_ budgets: [Budget], samples: Int = 1000, models: [ModelName] = ["m"]) async throws -> RoundID {
        var definition = testRound(models: models, samples: samples)
        definition.budgets = budgets
        let reservations = models.map { _ in [Reservation(tokens: 100, cost: Money(billionths: 1_000_000))] }
        return try await fixture.submit(definition, reservations: reservations).round
    }

    private func commit(_ worker: WorkerQueue, _ jobs: [ClaimedJob], tokens: Int64, cost: Int64) async throws {
        _ = try await worker.commit(
            jobs.map {
                Commit(
                    key: $0.key,
                    kind: .scored,
                    score: .one,
                    usage: Usage(input: tokens),
                    cost: Money(billionths: cost)
                )
            }
        )
    }

    @Test("Eight workers racing at the cap spend no more than it, and all of it but for less than a job")
    func race() async throws {
        let round = try await submit([Budget(money: Money(billionths: 300_000_000))])
        var workers: [WorkerQueue] = []
        for index in 0..<8 { workers.append(try await fixture.worker("w\(index)", lease: .seconds(3600))) }
        let seed = UInt64.random(in: 0 ... .max)
        print("budget race: seed \(seed)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, worker) in workers.enumerated() {
                group.addTask {
                    var random = SeededGenerator(seed: seed &+ UInt64(index))
                    for _ in 0..<60 {
                        let jobs = try await worker.claim(limit: Int.random(in: 1...20, using: &random))
                        try await commit(
                            worker,
                            jobs,
                            tokens: 80,
                            cost: Int64.random(in: 500_000...1_000_000, using: &random)
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
        // A worker that raced ahead has asked its 60 times while others held the rest: what is left goes one by one.
        var isAnythingLeft = true
        while isAnythingLeft {
            isAnythingLeft = false
            for worker in workers {
                let jobs = try await worker.claim(limit: 20)
                try await commit(worker, jobs, tokens: 80, cost: 500_000)
                if !jobs.isEmpty { isAnythingLeft = true }
            }
        }
        let budget = try #require(try await fixture.coordinator.budgets(round: round).first)
        #expect(budget.usedMoney.billionths <= 300_000_000, "seed \(seed)")
        #expect(budget.isExhausted && budget.usedMoney.billionths > 298_000_000, "seed \(seed): \(budget.usedMoney)")
        #expect(
            try await fixture.count("select sum(cost) from parley.outcomes") == Int(budget.usedMoney.billionths),
            "seed \(seed)"
        )
        // A higher cap lets it go on.
        #expect(
            try await fixture.coordinator.setBudget(
                round,
                number: 1,
                tokens: nil,
                money: Money(billionths: 400_000_000),
                by: .init(actor: "olga", reason: "agreed")
            )
        )
        #expect(try await !workers[0].claim(limit: 10).isEmpty)
        #expect(try await fixture.coordinator.events(round: round).map(\.what).filter { $0 == "budget" }.count == 1)
    }

    @Test("What an attempt may have used stays reserved after it is over, until its result is recorded")
    func unrecorded() async throws {
        _ = try await submit([Budget(money: Money(billionths: 10_000_000))])
        let worker = try await fixture.worker()
        var jobs: [ClaimedJob] = []
        for _ in 0..<10 { jobs += try await worker.claim(limit: 10) }
        #expect(jobs.count == 10)
        await worker.ended(jobs.keys)
        #expect(try await worker.claim(limit: 10) == [])
        #expect(try await fixture.worker("b").claim(limit: 10) == [])
        try await commit(worker, jobs, tokens: 80, cost: 500_000)
        #expect(try await !worker.claim(limit: 10).isEmpty, "half of it was not used")
    }

    @Test("What is left in parts that are too small for a job goes to who can use it")
    func fragments() async throws {
        // A job reserves a million; two workers came by half of the rest each when the others had it in flight.
        let round = try await submit([Budget(money: Money(billionths: 1_500_000))])
        let (first, second) = (try await fixture.worker("a"), try await fixture.worker("b"))
        try await fixture.admin.execute(
            script: """
                insert into parley.reserves (budget_id, worker_id, tokens, cost)
                select b.id, w.id, 0, 750000 from parley.budgets b cross join parley.workers w
                where b.round_id = \(round.rawValue)
                """
        )
        let jobs = try await first.claim(limit: 1) + second.claim(limit: 1)
        #expect(jobs.count == 1)
        #expect(try await fixture.count("select sum(cost) from parley.reserves") <= 1_500_000)
    }

    @Test("What failed, was killed and came too late is charged: what is known as it is, else all that was reserved")
    func charged() async throws {
        let round = try await submit([Budget(tokens: 1_000_000)])
        let worker = try await fixture.worker("a")
        var jobs = try await worker.claim(limit: 4)
        func used() async throws -> (tokens: Int64, unknown: Int) {
            let budget = try await fixture.coordinator.budgets(round: round)[0]
            return (budget.usedTokens, budget.unknown)
        }
        _ = try await worker.fail([
            FailedAttempt(
                key: jobs[0].key,
                failureClass: .serverError,
                message: "",
                usage: Usage(input: 7),
                cost: .zero
            ),
            FailedAttempt(key: jobs[1].key, failureClass: .timeout, message: ""),
        ])
        #expect(try await used() == (107, 1))
        // The other two are lost with their worker: taken to have used all.
        try await fixture.setClock(seconds: 61)
        #expect(try await fixture.coordinator.rescue().rescued == 2)
        #expect(try await used() == (307, 3))
        // One of them answers after all, twice; the other never does.
        let late = Commit(key: jobs[2].key, kind: .scored, score: .one, usage: Usage(input: 30), cost: .zero)
        #expect(try await worker.commit([late]) == [.lost])
        #expect(try await worker.commit([late]) == [.lost])
        #expect(try await used() == (237, 2))
        // Folding changes nothing of it.
        #expect(try await fixture.coordinator.foldCharges() > 0)
        #expect(try await used() == (237, 2))
        jobs = try await worker.claim(limit: 1)
        try await commit(worker, jobs, tokens: 50, cost: 0)
        #expect(try await used() == (287, 2))
        #expect(try await fixture.coordinator.foldCharges() == 1)
        #expect(try await used() == (287, 2))
    }

    @Test("Each budget holds for its own part: a model's stops that model alone")
    func parts() async throws {
        let round = try await submit([Budget(model: "m", tokens: 1000), Budget(tokens: 100_000)], models: ["m", "n"])
        let worker = try await fixture.worker()
        var done: [Int: Int] = [:]
        for _ in 0..<200 {
            let jobs = try await worker.claim(limit: 50)
            for job in jobs { done[job.cell, default: 0] += 1 }
            try await commit(worker, jobs, tokens: 100, cost: 0)
        }
        #expect(done[0] == 10 && (done[1] ?? 0) == 990, "\(done)")
        let budgets = try await fixture.coordinator.budgets(round: round)
        #expect(budgets.map(\.usedTokens) == [1000, 100_000] && budgets.allSatisfy(\.isExhausted))
    }

    @Test("A budget that cancels takes back what is in flight when what was really used reaches the cap")
    func cancels() async throws {
        _ = try await submit([Budget(tokens: 1000, cancels: true)])
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 10) + worker.claim(limit: 10)
        #expect(jobs.count == 10, "all that the cap allows")
        try await commit(worker, Array(jobs.prefix(2)), tokens: 450, cost: 0)
        #expect(try await fixture.coordinator.enforceBudgets() == 0)
        try await commit(worker, Array(jobs[2..<3]), tokens: 100, cost: 0)
        #expect(try await fixture.coordinator.enforceBudgets() == 7)
        #expect(try await Set(worker.heartbeat(jobs.dropFirst(3).map(\.key))) == Set(jobs.dropFirst(3).map(\.id)))
    }
}
