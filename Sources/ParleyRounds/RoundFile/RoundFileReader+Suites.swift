// The section `suites`, without datasets, solvers and scorers.

import ParleyModel

extension RoundFileReader {
    static let suiteKeys = [
        "name", "title", "party", "areas", "family", "claim", "dataset", "solver", "scorer", "inspect", "epochs",
        "epoch_reducer", "max_tokens", "held_out", "expires", "canary", "requires", "kinds",
    ]

    func readSuite(_ entry: Entry) -> SuiteDraft? {
        let fields = entry.fields
        let title = fields["title"]?.text() ?? entry.name
        let party: PartyName? = declared.reference(fields.required("party", "party: the owner's name"), .party)
        let areas = fields.required("areas", "areas: [adversarial robustness], or another of the six")?
            .words(Area.self)
        let family = fields["family"]?.text()
        let claim = fields["claim"]?.word(Claim.self)
        let epochs = fields["epochs"]?.count(in: 1...10_000) ?? 1
        let epochReducer = fields["epoch_reducer"].flatMap { readEpochReducer($0, epochs: epochs) }
        let maxTokens = fields["max_tokens"]?.count(in: Self.tokenLimit)
        let isHeldOut = fields["held_out"]?.flag() ?? false
        let kinds = fields["kinds"].map { readKinds($0) } ?? [:]
        let kind = fields["inspect"] == nil ? readParts(fields) : readTask(fields)
        guard let kind, let party, let areas else { return nil }
        let suite = Suite(
            name: Name(entry.name),
            title: title,
            party: party,
            areas: areas,
            family: family,
            claim: claim,
            dataset: FrozenDataset(source: kind.dataset.file, count: 0, digest: ContentHash(of: [])),
            solver: kind.solver,
            scorer: kind.scorer,
            epochs: epochs,
            epochReducer: epochReducer,
            maxTokens: maxTokens,
            heldOut: isHeldOut ? true : nil,
            expires: fields["expires"]?.text(),
            canary: fields["canary"]?.text(),
            requires: fields["requires"].flatMap { readTags($0) },
            kinds: kinds
        )
        return SuiteDraft(
            suite: suite,
            dataset: kind.dataset,
            place: fields.place(of: "dataset"),
            solverPlace: fields.place(of: "solver"),
            namePlace: fields.place(of: "name")
        )
    }

    /// What puts the question, what it is, and what judges the answer.
    private typealias Parts = (dataset: DatasetSpecification, solver: Solver, scorer: Scorer)

    private func readTask(_ fields: Fields) -> Parts? {
        guard let field = fields["inspect"], let task = readInspect(field, of: fields) else { return nil }
        return (task.dataset, task.solver, Scorer(kind: .external))
    }

    private func readParts(_ fields: Fields) -> Parts? {
        let solver = readSolver(fields["solver"])
        let scorer = fields.required("scorer", "scorer: exact, choice, numeric, …").flatMap { readScorer($0) }
        var requirements = SampleRequirements(
            target: scorer?.value.needsTarget ?? false,
            choices: solver?.value.kind == .multipleChoice,
            targetIsPattern: scorer?.value.kind == .pattern && scorer?.value.pattern == nil
        )
        requirements.metadata = (solver?.metadata ?? []).union(scorer?.metadata ?? [])
        let dataset = fields.required("dataset", "dataset: { file: items.jsonl }")
            .flatMap { readDataset($0, requirements: requirements) }
        if let dataset, let solver { checkChoices(dataset, solver.value, fields) }
        if let solver, scorer?.value.kind == .environment, solver.value.kind != .agent {
            fields["scorer"]?.fail(
                "the scorer 'environment' needs an agent, and the solver is \(solver.value.kind.rawValue)",
                "write solver: { kind: agent, environment: NAME }, or another scorer"
            )
        }
        guard let dataset, let solver, let scorer else { return nil }
        if scorer.value.kind == .external, solver.value.kind != .external {
            fields["scorer"]?.fail("only a program scores itself", "write solver: { kind: external, command: […] }")
        }
        return (dataset, solver.value, scorer.value)
    }

    private func readEpochReducer(_ field: Field, epochs: Int) -> EpochReducer? {
        guard let text = field.text() else { return nil }
        guard let reducer = EpochReducer(text) else {
            field.fail("'epoch_reducer' cannot be '\(text)'", "write \(EpochReducer.forms)")
            return nil
        }
        guard reducer.epochs <= epochs else {
            field.fail(
                "'\(reducer)' needs \(reducer.epochs) epochs, and the suite has \(epochs)",
                "write epochs: \(reducer.epochs) or more"
            )
            return nil
        }
        return reducer == .mean ? nil : reducer
    }

    /// Presets without choices of their own cannot be laid out as multiple choice.
    private func checkChoices(_ dataset: DatasetSpecification, _ solver: Solver, _ fields: Fields) {
        guard solver.kind == .multipleChoice, case .preset(let preset) = dataset.layout, preset != .bbq else { return }
        fields["solver"]?.fail(
            "multiple_choice needs choices, and the preset '\(preset.rawValue)' gives none",
            preset == .modelWritten
                ? "write solver: generate with scorer: choice; the choices stand in the question"
                : "write solver: generate with scorer: numeric"
        )
    }

    private func readKinds(_ field: Field) -> [OutcomeKind: KindTreatment] {
        let names = OutcomeKind.allCases.map(\.name)
        guard let fields = Fields(field, what: "the treatment of outcome kinds", keys: names) else { return [:] }
        var kinds: [OutcomeKind: KindTreatment] = [:]
        for kind in OutcomeKind.allCases {
            if let value = fields[kind.name], let treatment = readTreatment(value) { kinds[kind] = treatment }
        }
        return kinds
    }

    private func readTreatment(_ field: Field) -> KindTreatment? {
        if field.isMapping {
            guard let fields = Fields(field, what: "the treatment of a kind", keys: ["score_as"]) else { return nil }
            return fields.required("score_as", "score_as: 0, or another score")?.score().map { .scoreAs($0) }
        }
        enum Word: String, CaseIterable {
            case asScored = "as_scored"
            case exclude
            case reportApart = "report_apart"
        }
        switch field.word(Word.self) {
        case .asScored: return .asScored
        case .exclude: return .exclude
        case .reportApart: return .reportApart
        case nil: return nil
        }
    }
}

extension Scorer {
    /// Whether every sample must name a target.
    var needsTarget: Bool {
        switch kind {
        case .exact, .includes, .numeric, .choice, .leaks: true
        case .pattern: pattern == nil
        case .refusal, .modelGraded, .environment, .external: false
        }
    }
}
