// A rehearsal: the whole round on simulated providers that fail as providers do, in a private database of its own, with
// workers that are processes, of which one is killed midway. It ends when every job has its outcome, or when nothing has
// moved for long.

import Foundation
import Logging
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyRounds
import ParleySimulator

struct Rehearsal {
    /// The plan of the simulated form, and that of the round as its file has it, whose time and cost are predicted.
    let plan: Plan
    let real: Plan
    let settings: RehearsalSettings
    let logger: Logger

    /// Without any new outcome for so long, a rehearsal is given up.
    private static let patience = Duration.seconds(180)

    func run() async throws -> RehearsalDocument {
        let folder = FileManager.default.temporaryDirectory.path + "/parley-rehearsal-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await Session.embedded(folder: folder, logger: logger).use { session in
            let round = try await session.queue.submit(plan).round
            let provider = SimulatedProvider(
                configuration: settings.scenario(SimulatedRound.configuration(for: plan.definition)),
                key: try SimulatedRound.key(for: plan)
            )
            let address = try await provider.start()
            let start = ContinuousClock.now
            let killed = try await coordinated(session) {
                try await work(round, session, simulator: address.description)
            }
            let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
            let statistics = provider.statistics
            try await provider.stop()
            return RehearsalDocument(
                round: plan.definition.name,
                definitionHash: real.definitionHash,
                account: try await session.queue.rehearsalAccount(round: round),
                killed: killed,
                plan: RehearsalPlan(real),
                seconds: seconds,
                provider: RehearsalDocument.Provider(statistics)
            )
        }
    }

    /// Does something beside a coordinator, which has ended when this returns.
    private func coordinated<Result>(_ session: Session, _ body: () async throws -> Result) async throws -> Result {
        let coordinator = Task {
            try await CoordinatorService(queue: session.queue, interval: .milliseconds(250), logger: logger).run()
        }
        do {
            let result = try await body()
            coordinator.cancel()
            _ = await coordinator.result
            return result
        } catch {
            coordinator.cancel()
            _ = await coordinator.result
            throw error
        }
    }

    /// Runs the round to its end; answers what was done, and what the killed worker held, when it
    /// was killed.
    private func work(
        _ round: RoundID,
        _ session: Session,
        simulator: String
    ) async throws -> (done: Int, held: Int)? {
        let workers = WorkerProcesses(database: session.worker, simulator: simulator, settings: settings)
        defer { workers.end() }
        try workers.start("rehearsal-a")
        var killed: (done: Int, held: Int)?
        var last = (ended: -1, at: ContinuousClock.now)
        while true {
            let status = try await session.queue.status(round: round)
            let ended = status.done + status.grades.values.reduce(0, +)
            if killed == nil, status.leased > 0, ended * 3 >= status.planned {
                try workers.replaceFirst(by: "rehearsal-b")
                killed = (ended, status.leased)
            }
            if case .finished = try await session.queue.finishIfDone(round) { return killed }
            if ended > last.ended { last = (ended, .now) }
            guard last.at + Self.patience > .now else {
                let pause = status.paused.first.map { ": account '\($0.account)' is paused, \($0.pauseReason ?? "")" }
                throw ParleyFailure(
                    .incomplete,
                    "The rehearsal stands still at \(ended) jobs\(pause ?? "").",
                    remedy: "Look at budgets and limits of the round: `parley plan` shows them."
                )
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}

extension RehearsalPlan {
    init(_ plan: Plan) {
        let document = plan.document
        self.init(
            jobs: document.totals.jobs,
            gradeJobs: document.totals.gradeJobs,
            seconds: document.estimatedSeconds,
            tokens: plan.total.total,
            money: plan.totalMoney
        )
    }
}

extension RehearsalDocument.Provider {
    init(_ statistics: Statistics) {
        self.init(
            requests: statistics.total.requests,
            answers: statistics.total.answers,
            refusals: statistics.total.refusals,
            truncated: statistics.total.truncated,
            faults: Dictionary(uniqueKeysWithValues: statistics.faults.map { ($0.key.rawValue, $0.value) })
        )
    }
}
