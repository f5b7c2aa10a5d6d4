// From a round file to everything that a submission needs: the frozen definition and its hash, the datasets to be read
// again, and what the round is expected to use. Planning reads every dataset once and calls nobody.

public import ParleyModel

/// How a round is planned.
public struct PlanOptions: Hashable, Sendable {
    /// Whether every model is played by the simulated provider.
    public var isSimulated: Bool
    /// Where the simulated provider listens, without a path. It stands in the definition and thus in its hash.
    public var simulatorURL: String
    /// The day by which held-out suites expire, `YYYY-MM-DD`; by default the machine's, in UTC.
    public var today: String
    /// Whether it is only to be tried: nobody signs it, and nothing is sealed from whoever tries it.
    public var isRehearsal: Bool

    /// The round's own endpoints, unless simulation is asked for.
    public init(
        isSimulated: Bool = false,
        simulatorURL: String = "http://127.0.0.1:18080",
        today: String = PlanOptions.currentDay,
        isRehearsal: Bool = false
    ) {
        self.isSimulated = isSimulated
        self.simulatorURL = simulatorURL
        self.today = today
        self.isRehearsal = isRehearsal
    }
}

/// A round, planned.
public struct Plan: Sendable {
    /// The round as it is to be frozen.
    public let definition: RoundDefinition
    /// The hash of the definition's canonical JSON.
    public let definitionHash: ContentHash
    /// What is allowed but odd, in the order of the file.
    public let warnings: [Diagnostic]
    /// In the order of `definition.cells`.
    public let cells: [PlannedCell]
    /// In the order of `definition.budgets`.
    public let budgets: [PlannedBudget]
    /// The datasets by suite, to be read again for submission.
    public let datasets: [SuiteName: DatasetSource]
    /// See `timeAssumption`.
    public let estimatedTime: Duration

    /// What `estimatedTime` assumes of providers, in words.
    public static var timeAssumption: String { TimeEstimate.assumption }

    /// Reads and plans a round file. Throws every mistake in it and in its datasets at once. Blocks while it reads.
    ///
    ///     let plan = try Plan.make(file: "examples/demo.yaml")
    ///     print(plan.definitionHash)
    ///
    /// Tasks of other frameworks are planned by running their code with `capture`; without one they are mistakes.
    public static func make(
        file: String,
        options: PlanOptions = PlanOptions(),
        capture: TaskCapture? = nil
    ) throws(InvalidInput) -> Plan {
        let mistakes = Mistakes(file: file)
        var draft = RoundFileReader.read(file: file, mistakes: mistakes, capture: capture)
        let datasets = openDatasets(&draft, mistakes)
        draft.checkJobCount(mistakes)
        draft.checkHeldOut(mistakes, today: options.today)
        draft.checkVendors(mistakes)
        guard !mistakes.hasErrors, var definition = draft.definition else { throw InvalidInput(mistakes.sorted) }
        draft.warnAboutJudges(mistakes)
        if options.isSimulated { definition.simulate(at: options.simulatorURL) }
        if options.isRehearsal { definition.rehearse() }
        return try Plan(definition: definition, datasets: datasets, mistakes: mistakes)
    }

    private init(
        definition: RoundDefinition,
        datasets: [SuiteName: DatasetSource],
        mistakes: Mistakes
    ) throws(InvalidInput) {
        self.definition = definition
        self.datasets = datasets
        do {
            definitionHash = try definition.hash
        } catch {
            throw InvalidInput([Diagnostic(file: mistakes.file, "the definition has no JSON form: \(error)")])
        }
        let estimator = CellEstimator(definition: definition)
        cells = definition.cells.compactMap { cell in
            guard let suite = definition.suite(cell.suite), let source = datasets[cell.suite],
                let configuration = definition.configuration(cell.configuration)
            else { return nil }
            return PlannedCell(
                cell: cell,
                samples: source.count,
                epochs: suite.epochs,
                gradeJobs: source.count * suite.epochs * (suite.scorer.grader?.judges.count ?? 0),
                calls: estimator.estimate(suite, configuration, source.size)
            )
        }
        precondition(cells.count == definition.cells.count, "every cell names a suite and a configuration that exist")
        estimatedTime = TimeEstimate.duration(of: cells.flatMap(\.calls), in: definition)
        budgets = definition.plannedBudgets(cells)
        for budget in budgets where !budget.isEnough { mistakes.warning(budget.shortfall, at: nil, remedy: nil) }
        warnings = mistakes.warnings
    }

    /// Reads every dataset once; what is wrong with them joins the other mistakes.
    private static func openDatasets(_ draft: inout RoundDraft, _ mistakes: Mistakes) -> [SuiteName: DatasetSource] {
        var sources: [SuiteName: DatasetSource] = [:]
        for index in draft.suites.indices {
            do {
                let source = try DatasetSource.open(draft.suites[index].dataset)
                draft.suites[index].suite.dataset = source.frozen
                sources[draft.suites[index].suite.name] = source
            } catch {
                mistakes.add(error.diagnostics)
            }
        }
        return sources
    }
}
