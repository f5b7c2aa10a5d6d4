// From a definition to streams: which range of job numbers each cell and stage has, and under which limits it runs.
// Pure: the same definition gives the same plan, and with it the same job numbers.

public import ParleyModel

/// What one job may use.
public struct Reservation: Hashable, Sendable {
    public var tokens: Int64
    public var cost: Money

    public init(tokens: Int64 = 0, cost: Money = .zero) {
        self.tokens = tokens
        self.cost = cost
    }
}

/// The streams of a round, before they have a round's number.
struct StreamPlan: Sendable, Hashable {
    /// One stream: a cell's probes, or one judge's grades of them.
    struct Stream: Sendable, Hashable {
        var cell: Int
        var suite: Int
        var stage: Stage
        var judge: Int?
        /// Ordinal of its first job, and of the first job of its cell's probes.
        var base: Int64
        var probeBase: Int64
        var samples: Int
        var epochs: Int
        /// Grades go before probes, so that what was begun is finished.
        var priority: Int16
        var tags: [String]
        /// Whose limits the calls count on: the model that is asked, a judge's in the grade stage.
        var account: String
        var model: ModelName
        var party: PartyName
        var suiteName: SuiteName
        var concurrency: Int
        var requestsPerMinute: Int?
        var tokensPerMinute: Int64?
        var reservation: Reservation
        /// The models whose behaviour its outcomes show: whoever reads them must be allowed to see each.
        var subjects: [ModelDefinition]
        /// Indices of the definition's budgets on which its calls count.
        var budgets: [Int]

        /// The most jobs that it can have.
        var jobs: Int { samples * epochs }
    }

    /// Job ordinals have 36 bits.
    static let ordinalLimit: Int64 = 1 << 36

    var streams: [Stream] = []
    /// The model and the party of each cell's configuration.
    var cellModels: [ModelDefinition] = []

    /// Plans a round.
    /// - Parameters:
    ///   - tags: what a worker must have to call a model
    ///   - reservations: for each cell, of a probe and of each judge's grade; nothing where it is missing
    /// - Throws: `ParleyFailure` for a name that the definition does not hold, and for more jobs than numbers
    init(
        _ definition: RoundDefinition,
        tags: [ModelName: [String]],
        reservations: [[Reservation]] = []
    ) throws(ParleyFailure) {
        if let tag = tags.values.joined().first(where: { $0.isEmpty || $0.contains(",") }) {
            throw ParleyFailure(.invalidInput, "The tag '\(tag)' is empty or holds a comma.", remedy: "Rename it.")
        }
        var next: Int64 = 0
        for (number, cell) in definition.cells.enumerated() {
            guard let suiteNumber = definition.suites.firstIndex(where: { $0.name == cell.suite }) else {
                throw Self.missing("suite", cell.suite.text, definition)
            }
            let suite = definition.suites[suiteNumber]
            let probeBase = next
            let (jobs, overflow) = Int64(suite.dataset.count).multipliedReportingOverflow(by: Int64(suite.epochs))
            let askers = [cell.configuration] + (suite.scorer.grader?.judges ?? [])
            let own = reservations.indices.contains(number) ? reservations[number] : []
            for (index, configuration) in askers.enumerated() {
                // The calls of a simulated user, and of a program's roles, are part of the probe.
                var callers = [try Self.model(of: configuration, definition)]
                if index == 0 {
                    for helper in suite.solver.helpers { callers.append(try Self.model(of: helper, definition)) }
                }
                let model = callers[0]
                if index == 0 { cellModels.append(model) }
                let shown = (index == 0 ? [] : [cellModels[number]]) + callers
                guard !overflow, jobs <= Self.ordinalLimit, next + jobs < Self.ordinalLimit else {
                    throw ParleyFailure(
                        .invalidInput,
                        "Round '\(definition.name)' has more than \(Self.ordinalLimit) jobs.",
                        remedy: "Split it into several rounds, or lower the epochs."
                    )
                }
                streams.append(
                    Stream(
                        cell: number,
                        suite: suiteNumber,
                        stage: index == 0 ? .probe : .grade,
                        judge: index == 0 ? nil : index - 1,
                        base: next,
                        probeBase: probeBase,
                        samples: suite.dataset.count,
                        epochs: suite.epochs,
                        priority: index == 0 ? 0 : 10,
                        tags: Set(
                            [WorkerTag.definition(definition.format)] + (suite.requires ?? [])
                                + callers.flatMap { (tags[$0.name] ?? []) + ($0.requires ?? []) }
                                + (index == 0 && suite.solver.program != nil ? [ExternalProgram.workerTag] : [])
                                + (suite.isHeldOut ? [suite.sealTag(in: definition.name)] : [])
                        ).sorted(),
                        account: model.account,
                        model: model.name,
                        party: model.party,
                        suiteName: suite.name,
                        concurrency: model.concurrency,
                        requestsPerMinute: model.requestsPerMinute,
                        tokensPerMinute: model.tokensPerMinute,
                        reservation: own.indices.contains(index) ? own[index] : Reservation(),
                        subjects: Set(shown).sorted { $0.name.text < $1.name.text },
                        budgets: definition.budgets.indices.filter { budget in
                            callers.contains { definition.budgets[budget].covers(suite: suite, model: $0.name) }
                        }
                    )
                )
                next += jobs
            }
        }
    }

    private static func model(
        of name: ConfigurationName,
        _ definition: RoundDefinition
    ) throws(ParleyFailure) -> ModelDefinition {
        guard let configuration = definition.configuration(name) else {
            throw missing("configuration", name.text, definition)
        }
        guard let model = definition.model(configuration.model) else {
            throw missing("model", configuration.model.text, definition)
        }
        return model
    }

    private static func missing(_ kind: String, _ name: String, _ definition: RoundDefinition) -> ParleyFailure {
        ParleyFailure(
            .invalidInput,
            "Round '\(definition.name)' names the \(kind) '\(name)', which it does not define.",
            remedy: "Plan the round file again; a definition is not written by hand."
        )
    }
}
