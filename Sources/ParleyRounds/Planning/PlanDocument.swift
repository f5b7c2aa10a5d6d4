// A plan as a document: what `parley plan --json` prints (schemas/json/plan.schema.json).

public import ParleyModel

/// A plan as a document; encode it with `JSONValue(encoding:)`.
public struct PlanDocument: Hashable, Sendable, Codable {
    /// The version of this form.
    public static let currentFormat = "parley.plan/1"

    /// Input and output, upper bounds.
    public struct Tokens: Hashable, Sendable, Codable {
        /// Input tokens of all calls.
        public var input: Int64
        /// Output tokens of all calls, at their limits.
        public var output: Int64

        init(_ estimate: TokenEstimate) {
            input = estimate.input
            output = estimate.output
        }
    }

    /// A cell and what it comes to.
    public struct CellRow: Hashable, Sendable, Codable {
        /// The suite's name.
        public var suite: SuiteName
        /// The configuration's name.
        public var configuration: ConfigurationName
        /// Samples after filter and limit.
        public var samples: Int
        /// How often each sample is run.
        public var epochs: Int
        /// Probe jobs: samples × epochs.
        public var jobs: Int
        /// Grade jobs: probe jobs × judges.
        public var gradeJobs: Int
        /// Of all calls, those of judges and simulated users included.
        public var tokens: Tokens
        /// In the round's currency; nil where a model has no price.
        public var money: Money?
    }

    /// All cells together.
    public struct Totals: Hashable, Sendable, Codable {
        /// The number of cells.
        public var cells: Int
        /// Probe jobs of all cells.
        public var jobs: Int
        /// Grade jobs of all cells.
        public var gradeJobs: Int
        /// Calls to providers, without retries.
        public var calls: Int64
        /// Of all calls.
        public var tokens: Tokens
        /// In the round's currency; nil where a model has no price.
        public var money: Money?
    }

    /// A budget beside the estimate.
    public struct BudgetRow: Hashable, Sendable, Codable {
        /// As the round file gives it.
        public var budget: Budget
        /// Tokens of all calls under the budget.
        public var estimatedTokens: Int64
        /// nil where a model under the budget has no price.
        public var estimatedMoney: Money?
        /// Whether the estimate stays within the budget.
        public var isEnough: Bool
    }

    /// A suite that runs a program on the workers.
    public struct ProgramRow: Hashable, Sendable, Codable {
        /// The suite's name.
        public var suite: SuiteName
        /// As the round file writes it.
        public var command: [String]
        /// What is frozen of it.
        public var files: [FrozenFile]
    }

    /// The answers that people are to label.
    public struct AuditRow: Hashable, Sendable, Codable {
        /// Answers a cell, as agreed.
        public var size: Int
        /// The cells that models grade.
        public var cells: Int
        /// The most answers to label: a cell may have fewer than agreed.
        public var answers: Int
        /// The commitment to the seed that draws them.
        public var seed: ContentHash
    }

    /// `PlanDocument.currentFormat`.
    public var format: String
    /// The round's name.
    public var round: RoundName
    /// The round's title.
    public var title: String
    /// Who tests whom.
    public var tier: Tier
    /// Whether the simulated provider plays every model.
    public var simulated: Bool
    /// The ISO code of the currency of all money here.
    public var currency: String
    /// The hash of the definition that a submission would freeze.
    public var definitionHash: ContentHash
    /// In the order of the definition's cells.
    public var cells: [CellRow]
    /// All cells together.
    public var totals: Totals
    /// In the order of the definition's budgets.
    public var budgets: [BudgetRow]
    /// What will be run on workers; empty for most rounds.
    public var programs: [ProgramRow]
    /// nil where the round has no audit.
    public var audit: AuditRow?
    /// How long the round should take, by `timeAssumption`.
    public var estimatedSeconds: Double
    /// What the time assumes of providers.
    public var timeAssumption: String
    /// What is allowed but odd.
    public var warnings: [Diagnostic]
}

extension Plan {
    /// All cells together.
    public var total: TokenEstimate { cells.reduce(TokenEstimate()) { $0 + $1.tokens } }

    /// The upper bound of the whole round's cost; nil where a model has no price.
    public var totalMoney: Money? {
        cells.reduce(Money.zero) { sum, cell in sum.flatMap { sum in cell.money.map { sum.clampedSum($0) } } }
    }

    /// The plan as a document.
    public var document: PlanDocument {
        PlanDocument(
            format: PlanDocument.currentFormat,
            round: definition.name,
            title: definition.title,
            tier: definition.tier,
            simulated: definition.isSimulated,
            currency: definition.currency,
            definitionHash: definitionHash,
            cells: cells.map { cell in
                PlanDocument.CellRow(
                    suite: cell.cell.suite,
                    configuration: cell.cell.configuration,
                    samples: cell.samples,
                    epochs: cell.epochs,
                    jobs: cell.jobs,
                    gradeJobs: cell.gradeJobs,
                    tokens: PlanDocument.Tokens(cell.tokens),
                    money: cell.money
                )
            },
            totals: PlanDocument.Totals(
                cells: cells.count,
                jobs: cells.reduce(0) { $0 + $1.jobs },
                gradeJobs: cells.reduce(0) { $0 + $1.gradeJobs },
                calls: total.calls,
                tokens: PlanDocument.Tokens(total),
                money: totalMoney
            ),
            budgets: budgets.map { planned in
                PlanDocument.BudgetRow(
                    budget: planned.budget,
                    estimatedTokens: planned.estimatedTokens,
                    estimatedMoney: planned.estimatedMoney,
                    isEnough: planned.isEnough
                )
            },
            programs: definition.suites.compactMap { suite in
                suite.solver.program.map {
                    PlanDocument.ProgramRow(suite: suite.name, command: $0.command, files: $0.files)
                }
            },
            audit: definition.audit.map(auditRow),
            estimatedSeconds: Double(estimatedTime / .milliseconds(1)) / 1000,
            timeAssumption: Plan.timeAssumption,
            warnings: warnings
        )
    }

    private func auditRow(_ audit: AuditSample) -> PlanDocument.AuditRow {
        let graded = cells.filter { $0.gradeJobs > 0 }
        return PlanDocument.AuditRow(
            size: audit.size,
            cells: graded.count,
            answers: graded.reduce(0) { $0 + min(audit.size, $1.jobs) },
            seed: audit.seed
        )
    }
}
