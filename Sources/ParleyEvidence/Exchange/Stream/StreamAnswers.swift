// What a round's definition and findings say to STREAM's criteria, for one suite. The parties' own words go before
// what is derived; a criterion that neither answers is missing.

import ParleyModel

struct StreamAnswers {
    let definition: RoundDefinition
    let suite: Suite
    let findings: FindingsDocument

    typealias Answer = (StreamChecklist.Entry.Source, String?)

    func answer(_ criterion: StreamCriterion) -> Answer {
        if let words = definition.stream?[criterion.rawValue], !words.isEmpty { return (.parties, words) }
        switch criterion {
        case .itemCount: return (.definition, "\(suite.dataset.count) items, \(suite.epochs) times each")
        case .itemType: return (.definition, itemType)
        case .humanGraders, .humanGrading, .humanAgreement:
            return (.notApplicable, "no people graded: \(suite.scorer.kind.rawValue)")
        case .graderModel, .graderMethod, .graderValidation: return grader(criterion)
        case .modelVersions: return (.findings, versions)
        case .safeguards: return (.definition, safeguards)
        case .elicitation: return (.definition, elicitation)
        case .performance: return performance
        case .uncertainty: return uncertainty
        case .ablations: return ablations
        case .baselinePerformance, .baselineElicitation:
            return hasBaseline ? (.missing, nil) : (.notApplicable, "no baseline of people is stated")
        case .baselineAbsence, .baselineAlternative:
            return hasBaseline ? (.notApplicable, "there is a baseline of people") : (.missing, nil)
        default: return (.missing, nil)
        }
    }

    private var hasBaseline: Bool { definition.stream?[StreamCriterion.baselineSample.rawValue] != nil }

    private var configurations: [Configuration] {
        definition.cells.filter { $0.suite == suite.name }.compactMap { definition.configuration($0.configuration) }
    }

    private var cells: [CellRecord] { findings.cells.filter { $0.suite == suite.name } }

    private var itemType: String {
        let kinds = OutcomeKind.allCases.filter { $0 != .answered && $0 != .scored }.map { kind in
            switch suite.treatment(of: kind) {
            case .asScored: "\(kind.name) as scored"
            case .scoreAs(let score): "\(kind.name) as \(score)"
            case .exclude: "\(kind.name) left out"
            case .reportApart: "\(kind.name) apart"
            }
        }
        return "put by \(suite.solver.kind.rawValue), scored by \(suite.scorer.kind.rawValue); \(list(kinds))"
    }

    private func grader(_ criterion: StreamCriterion) -> Answer {
        guard let grader = suite.scorer.grader else { return (.notApplicable, "no model graded") }
        switch criterion {
        case .graderModel:
            let judges = grader.judges.map { judge in
                let model = definition.configuration(judge).flatMap { definition.model($0.model) }
                return "\(judge) (\(model?.modelID ?? "?"))"
            }
            return (.definition, list(judges))
        case .graderMethod:
            let scale = grader.scale.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
            return (
                .definition,
                "rubric version \(grader.version), scale \(list(scale)), combined by \(grader.combination.rawValue): "
                    + grader.rubric
            )
        default: break
        }
        let agreements = findings.judges.agreements.filter { $0.suite == suite.name && $0.rawAgreement != nil }
        let errors = findings.judges.errors.filter { $0.suite == suite.name }
        if agreements.isEmpty, errors.isEmpty { return (.missing, nil) }
        var parts = agreements.map { record in
            "\(list(record.judges.map(\.text))) agree on \(percent(record.rawAgreement)) of \(record.units) transcripts"
        }
        if !errors.isEmpty { parts.append("held against labels of people in \(errors.count) cells: see the findings") }
        return (.findings, list(parts, "; "))
    }

    private var versions: String {
        let models = Set(configurations.map(\.model))
        return list(
            findings.models.filter { models.contains($0.name) }.map { model in
                let returned = model.modelsReturned.isEmpty ? "nothing" : list(model.modelsReturned)
                return "\(model.name): asked \(model.modelID), returned \(returned), \(model.access.rawValue)"
            },
            "; "
        )
    }

    private var safeguards: String {
        list(
            configurations.map { "\($0.name): external safeguards \($0.safeguardsRelaxed ? "relaxed" : "as usual")" },
            "; "
        )
    }

    private var elicitation: String {
        let solver = suite.solver
        var parts = ["solver \(solver.kind.rawValue)"]
        if !solver.fewShot.isEmpty { parts.append("\(solver.fewShot.count) worked examples") }
        if solver.systemPrompt != nil { parts.append("a system prompt of the suite") }
        parts += configurations.map { configuration in
            var settings: [String] = []
            if configuration.systemPrompt != nil { settings.append("a system prompt") }
            if let effort = configuration.reasoning?.effort { settings.append("reasoning \(effort)") }
            if let budget = configuration.reasoning?.budgetTokens { settings.append("\(budget) thinking tokens") }
            if let temperature = configuration.sampling.temperature { settings.append("temperature \(temperature)") }
            settings.append("at most \(suite.maxTokens ?? configuration.maxTokens) tokens a call")
            return "\(configuration.name): \(list(settings))"
        }
        return list(parts, "; ")
    }

    private var performance: Answer {
        let parts = cells.compactMap { cell in
            cell.estimate.map { "\(cell.configuration): \(number($0)) (\(cell.measure ?? "mean") of \(cell.counted))" }
        }
        return parts.isEmpty ? (.missing, nil) : (.findings, list(parts, "; "))
    }

    private var uncertainty: Answer {
        let parts = cells.compactMap { cell in
            cell.interval.map { interval in
                "\(cell.configuration): \(percent(interval.level)) \(interval.method) "
                    + "[\(number(interval.lower)), \(number(interval.upper))]"
            }
        }
        return parts.isEmpty ? (.missing, nil) : (.findings, list(parts, "; ") + "; \(suite.epochs) runs of each item")
    }

    /// Several configurations of one model are other conditions of it.
    private var ablations: Answer {
        let byModel = Dictionary(grouping: configurations, by: \.model).filter { $0.value.count > 1 }
        if byModel.isEmpty { return (.missing, nil) }
        let parts = byModel.sorted { $0.key < $1.key }.map { model, configurations in
            "\(model) as \(list(configurations.map(\.name.text)))"
        }
        return (.findings, list(parts, "; ") + ": see the comparisons")
    }

    private func list(_ parts: [String], _ separator: String = ", ") -> String { parts.joined(separator: separator) }
    private func number(_ value: Double) -> String { JSONValue.number((value * 10_000).rounded() / 10_000).canonical }
    private func percent(_ value: Double?) -> String {
        value.map { "\(JSONValue.number(($0 * 1000).rounded() / 10).canonical) %" } ?? "?"
    }
}
