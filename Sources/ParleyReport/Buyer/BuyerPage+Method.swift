// How it was found: who evaluated whom, which configurations, and with what.

internal import ParleyModel

extension BuyerPage {
    var parties: Markup {
        var table = MarkupTable(
            caption: "The parties of the round, and what binds them in their own words.",
            columns: [("Party", .text), ("Role", .text), ("In this round", .text), ("Conflicts of interest", .text)]
        )
        for party in definition.parties {
            let owned = definition.models.filter { $0.party == party.name }.map(\.name.text)
            let own = suites.filter { $0.party == party.name }.map(\.name.text)
            let part = [
                owned.isEmpty ? nil : "its models: \(owned.joined(separator: ", "))",
                own.isEmpty ? nil : "evaluated the vendor with: \(own.joined(separator: ", "))",
            ].compactMap { $0 }
            table.rows.append([
                .text(party.title), .text(party.role.rawValue),
                .text(part.isEmpty ? "neither models nor suites here" : part.joined(separator: "; ")),
                .text(party.conflicts ?? "none stated"),
            ])
        }
        return Self.section("Who evaluated whom", [table.markup])
    }

    var tested: Markup {
        Self.section("What was tested", [.element("div", ["class": "cards"], configurations.map(card))])
    }

    private func card(_ configuration: ConfigurationSummary) -> Markup {
        let model = findings.models.first { $0.name == configuration.model }
        let settings = configuration.settings
        let sampling = [
            settings.sampling.temperature.map { "temperature \(NumberText.fixed($0, decimals: 2))" },
            settings.sampling.topP.map { "top p \(NumberText.fixed($0, decimals: 2))" },
            settings.sampling.topK.map { "top k \($0)" }, settings.sampling.seed.map { "seed \($0)" },
        ].compactMap { $0 }
        let returned = model?.modelsReturned ?? []
        let facts: [(String, String)] = [
            ("Model asked", model?.modelID ?? "unknown"),
            ("Model returned", returned.isEmpty ? "nothing was returned" : returned.joined(separator: ", ")),
            ("Access", model?.access.rawValue ?? "unknown"),
            ("Safeguards", settings.safeguardsRelaxed ? "external safeguards relaxed for this round" : "as usual"),
            ("Reasoning", reasoning(settings.reasoning)), ("Tools", "\(settings.toolMode?.rawValue ?? "native") mode"),
            ("System role", settings.systemRole.rawValue), ("System prompt", settings.systemPrompt ?? "none"),
            ("Sampling", sampling.isEmpty ? "the provider's default" : sampling.joined(separator: ", ")),
            ("Most tokens", "\(NumberText.grouped(settings.maxTokens)) a call, unless a suite has its own"),
            ("Digest", configuration.digest.description),
        ]
        return .element(
            "section",
            ["id": "c-\(configuration.name.text)"],
            [.element("h3", configuration.name.text), HTMLReport.facts(facts.map { ($0.0, .text($0.1)) })]
        )
    }

    private func reasoning(_ reasoning: Reasoning?) -> String {
        guard let reasoning else { return "the provider's default" }
        let parts = [
            reasoning.effort.map { "effort \($0)" }, reasoning.budgetTokens.map { "\(NumberText.grouped($0)) tokens" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    var method: Markup {
        Self.section("How it was tested", [.element("div", ["class": "cards"], suites.map(card)), budgets])
    }

    private func card(_ suite: Suite) -> Markup {
        let kinds = OutcomeKind.allCases.filter { $0 != .scored && $0 != .answered }.map { kind in
            switch suite.treatment(of: kind) {
            case .asScored: "\(kind.name) as scored"
            case .scoreAs(let score): "\(kind.name) as \(score)"
            case .exclude: "\(kind.name) left out"
            case .reportApart: "\(kind.name) apart"
            }
        }
        let agent = suite.solver.agent.map { agent in
            "environment \(agent.environment), at most \(NumberText.grouped(agent.turns)) turns"
        }
        let facts: [(String, String)] = [
            ("Claim", Claim.text(suite.claim)), ("Owner", findings.title(of: suite.party)),
            ("Areas", suite.areas.map(\.rawValue).joined(separator: ", ")),
            ("Items", NumberText.grouped(suite.dataset.count)),
            (
                "Runs",
                "\(NumberText.grouped(suite.epochs)) of each item"
                    + (suite.epochReducer.map { ", reduced by \($0)" } ?? "")
            ),
            ("Put by", suite.solver.kind.rawValue), ("Tools", agent ?? "none"),
            ("Scored by", suite.scorer.kind.rawValue + (suite.scorer.negate ? ", negated" : "")),
            ("Other outcomes", kinds.joined(separator: ", ")),
            ("Dataset", suite.dataset.digest.description),
        ]
        return .element(
            "section",
            [.element("h3", suite.title), HTMLReport.facts(facts.map { ($0.0, .text($0.1)) })]
        )
    }

    private var budgets: Markup {
        let items = definition.budgets.map { budget in
            let limits = [
                budget.tokens.map { "\(NumberText.grouped($0)) tokens" },
                budget.money.map { NumberText.money($0, currency: definition.currency) },
            ].compactMap { $0 }
            return "\(budget.scope): at most \(limits.joined(separator: " and "))"
        }
        return .group([.element("h3", "Budgets"), Self.list(items, none: "The round has no budget.")])
    }

    var graders: Markup {
        let graded = suites.filter { $0.scorer.grader != nil }
        guard !graded.isEmpty else {
            return Self.section("Graders", [.element("p", "No model graded: every score is computed from the answer.")])
        }
        var parts: [Markup] = []
        for suite in graded {
            guard let grader = suite.scorer.grader else { continue }
            let judges = grader.judges.map { judge in
                let model = definition.configuration(judge).flatMap { definition.model($0.model) }
                return "\(judge) (\(model?.modelID ?? "?") of \(model.map { findings.title(of: $0.party) } ?? "?"))"
            }
            parts.append(.element("h3", suite.title))
            parts.append(
                .element(
                    "p",
                    "Judged by \(judges.joined(separator: ", ")), rubric version \(grader.version), "
                        + "combined by \(grader.combination.rawValue)."
                )
            )
            let errors = findings.judges.errors.filter { $0.suite == suite.name && $0.corrected != nil }
            let items = errors.map { record in
                "\(record.configuration), judge \(record.judge): \(NumberText.grouped(record.disagreements)) of "
                    + "\(NumberText.grouped(record.auditedObservations)) transcripts that people labelled differ"
                    + (record.judgeError.map { ", mean error \(NumberText.signed($0, decimals: 3))" } ?? "")
            }
            parts.append(Self.list(items, none: "How far these judges err was not measured against people."))
        }
        return Self.section("Graders and their measured error", parts)
    }

    var baselines: Markup {
        let words = definition.stream ?? [:]
        let said = [StreamCriterion.baselineSample, .baselinePerformance, .baselineElicitation, .baselineAlternative]
            .compactMap { words[$0.rawValue] }
        let none =
            words[StreamCriterion.baselineAbsence.rawValue].map { "No baseline of people: \($0)" } ?? "No baseline."
        return Self.section("Baselines", [Self.list(said, none: none)])
    }
}
