// From observations to the findings document: the definition gives the columns their meaning (what counts, what is
// compared with what), the reduction computes, this file names. No number is computed here.

import ParleyDispatch
public import ParleyModel
import ParleyReduction

/// One observation as the assembler takes it.
public struct FindingsInput: Hashable, Sendable {
    /// Index in `RoundDefinition.cells`.
    public var cell: Int
    /// Index in the suite's frozen order.
    public var sample: Int
    /// From 0.
    public var epoch: Int
    public var kind: OutcomeKind
    public var score: Score?
    public var usage: Usage
    /// The probe's cost and its judges'.
    public var cost: Money
    public var latencyMicros: Int64

    public init(
        cell: Int,
        sample: Int,
        epoch: Int,
        kind: OutcomeKind,
        score: Score?,
        usage: Usage,
        cost: Money,
        latencyMicros: Int64
    ) {
        self.cell = cell
        self.sample = sample
        self.epoch = epoch
        self.kind = kind
        self.score = score
        self.usage = usage
        self.cost = cost
        self.latencyMicros = latencyMicros
    }
}

/// Collects observations of one round and makes its findings.
public struct FindingsAssembler: Sendable {
    private let definition: RoundDefinition
    private var columns = OutcomeColumns()
    private var segments: [OutcomeColumns] = []

    public init(definition: RoundDefinition) { self.definition = definition }

    /// Takes one observation, in any order. Throws where it does not fit a column.
    public mutating func add(_ input: FindingsInput) throws {
        try columns.append(OutcomeRow(input))
    }

    /// Takes the outcomes of a segment, none of which may be added otherwise.
    public mutating func add(_ segment: OutcomeSegment) { segments.append(segment.columns) }

    /// The findings of what was added.
    /// - Parameters:
    ///   - modelsReturned: the model ids that came back, by configuration
    ///   - asOf: the time of the last outcome, ISO 8601
    ///   - judges: what is said of the judges, by a `JudgeAssembler`
    ///   - resamples: of the bootstrap of each cell, which is seeded from the definition; nil for no bootstrap
    ///   - permutations: draws of the sign-flip test of each comparison, seeded alike; nil for no such test
    ///   - amendments: changes of what was agreed; what they touch is exploratory
    ///   - ruledOut: how many observations a ruling leaves out, by index of the cell
    public func findings(
        modelsReturned: [ModelName: Set<String>],
        asOf: String?,
        judges: JudgeRecords = JudgeRecords(),
        resamples: Int? = nil,
        permutations: Int? = nil,
        amendments: [Amendment] = [],
        ruledOut: [Int: Int] = [:]
    ) throws -> FindingsDocument {
        let hash = try definition.hash
        let specs = definition.cells.map { CellSpec($0, in: definition) }
        let reduction = try reduceRound(
            columns: segments + [columns],
            cells: specs,
            pairs: definition.cells.pairsWithinSuites(),
            bootstrap: BootstrapPlan(resamples: resamples, hash: hash),
            permutations: PermutationPlan(draws: permutations, hash: hash),
            threads: availableProcessors()
        )
        var cells = zip(definition.cells, reduction.findings).map { cell, finding in
            CellRecord(cell, finding, of: definition)
        }
        for (cell, count) in ruledOut where count > 0 { cells[cell].ruledOut = count }
        var document = FindingsDocument(
            round: definition.name,
            title: definition.title,
            tier: definition.tier,
            simulated: definition.isSimulated,
            definitionHash: hash,
            currency: definition.currency,
            complete: cells.allSatisfy { $0.outstanding == 0 },
            asOf: asOf,
            parties: definition.parties,
            models: definition.models.map { model in
                ModelSummary(
                    name: model.name,
                    party: model.party,
                    access: model.access,
                    modelID: model.modelID,
                    modelsReturned: modelsReturned[model.name, default: []].sorted()
                )
            },
            suites: try definition.suites.map { suite in
                SuiteSummary(
                    suite,
                    grader: try suite.scorer.grader.map {
                        GraderSummary(version: $0.version, identity: try definition.identity(of: $0), frozen: true)
                    }
                )
            },
            configurations: try definition.configurations.map(ConfigurationSummary.init),
            cells: cells,
            comparisons: reduction.comparisons.map { ComparisonRecord($0, of: definition) },
            judges: judges,
            rollUps: definition.rollUps(reduction),
            surprises: definition.surprises(reduction)
        )
        document.state(definition, amendments)
        return document
    }
}

extension [Cell] {
    /// Every two cells of one suite, by suite in the order of each suite's first cell.
    func pairsWithinSuites() -> [CellPair] {
        var seen: Set<SuiteName> = []
        let suites = map(\.suite).filter { seen.insert($0).inserted }
        let bySuite = Dictionary(grouping: indices, by: { self[$0].suite })
        return suites.flatMap { suite -> [CellPair] in
            let members = bySuite[suite, default: []]
            return members.indices.flatMap { left in
                members[(left + 1)...].map { CellPair(first: members[left], second: $0) }
            }
        }
    }
}
