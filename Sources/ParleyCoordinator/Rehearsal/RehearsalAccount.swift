// What is in the database after a rehearsal, counted: outcomes, deaths, attempts that were cut off, and the answers of
// providers that transcripts keep.

import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// The account of a rehearsed round.
public struct RehearsalAccount: Hashable, Sendable {
    public var probes: [OutcomeKind: Int] = [:]
    public var grades: [OutcomeKind: Int] = [:]
    /// Grade jobs that answers asked for.
    public var gradesDue = 0
    public var dead = 0
    /// Attempts that the rescue took back, and others that did not become an outcome.
    public var rescued = 0
    public var failed = 0
    public var answersKept = 0
    /// The most answers that one transcript keeps.
    public var mostCalls = 0
    public var tokens: Int64 = 0
    public var cost = Money.zero

    public init() {}

    /// Jobs with an outcome.
    public var ended: Int { probes.values.reduce(0, +) + grades.values.reduce(0, +) }
}

extension CoordinatorQueue {
    /// Reads every transcript of a round.
    public func rehearsalAccount(round: RoundID) async throws -> RehearsalAccount {
        var account = RehearsalAccount()
        let status = try await status(round: round)
        account.probes = status.probes
        account.grades = status.grades
        account.dead = status.dead
        account.cost = status.cost
        (account.rescued, account.failed) = try await attemptCounts(round: round)
        let definition = try await definition(of: round)
        let seals = try await seals(of: round)
        for stream in try await exportStreams(round: round) {
            let blobs = try seals.transcripts(cell: stream.cell)
            var start = stream.jobs.lowerBound
            while start < stream.jobs.upperBound {
                let page = start..<min(start + 256, stream.jobs.upperBound)
                for (job, sealed) in try await transcripts(round: round, jobs: page) {
                    let answers = try blobs.transcript(sealed, at: .transcript(job)).exchanges.count {
                        $0.status == 200
                    }
                    account.answersKept += answers
                    account.mostCalls = max(account.mostCalls, answers)
                }
                if stream.judge == nil {
                    let judges = definition.suites[stream.suite].scorer.grader?.judges.count ?? 0
                    let answers = try await answered(round: round, jobs: page)
                    account.gradesDue += judges * answers.count
                }
                start = page.upperBound
            }
        }
        account.tokens = try await usedTokens(round: round)
        return account
    }
}
