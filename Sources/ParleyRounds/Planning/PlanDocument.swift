// A plan as a document: what `parley plan --json` prints (schemas/json/plan.schema.json).

public import ParleyModel

/// A plan as a document; encode it with `JSONValue(encoding:)`.
public struct PlanDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.plan/1"

    /// Input and output, upper bounds.
    public struct Tokens: Hashable, Sendable, Codable {
        public var input: Int64
        public var output: Int64

        init(_ estimate: TokenEstimate) {
            input = estimate.input
            output = estimate.output
        }
    }

    public struct CellRow: Hashable, Sendable, Codable {
        public var suite: SuiteName
        public var configuration: ConfigurationName
        public var samples: Int
        public var epochs: Int
        public var jobs: Int
        public var gradeJobs: Int
        public var tokens: Tokens
        public var money: Money?
    }

    public struct Totals: Hashable, Sendable, Codable {
        public var cells: Int
        public var jobs: Int
        public var gradeJobs: Int
        public var calls: Int64
        public var tokens: Tokens
        public var money: Money?
    }

    public struct BudgetRow: Hashable, Sendable, Codable {
        public var budget: Budget
        public var estimatedTokens: Int64
        public var estimatedMoney: Money?
        public var isEnough: Bool
    }

    public var format: String
    public var round: RoundName
    public var title: String
    public var tier: Tier
    public var simulated: Bool
    public var currency: String
    public var definitionHash: ContentHash
    public var cells: [CellRow]
    public var totals: Totals
    public var budgets: [BudgetRow]
    public var estimatedSeconds: Double
    /// What the time assumes of providers.
    public var timeAssumption: String
    public var warnings: [Diagnostic]
}

extension Plan {
    /// All cells together.
    public var total: TokenEstimate { cells.reduce(TokenEstimate()) { $0 + $1.tokens } }

    /// The upper bound of the whole round's cost; nil where a model has no price.
    public var totalMoney: Money? {
        cells.reduce(Money.zero) { sum, cell in sum.flatMap { sum in cell.money.map { sum.clampedSum($0) } } }
    }

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
            estimatedSeconds: Double(estimatedTime / .milliseconds(1)) / 1000,
            timeAssumption: Plan.timeAssumption,
            warnings: warnings
        )
    }
}
