// The models and the configurations that were run, with their settings and digests: what is compared is always a
// configuration, never 'the model'.

internal import ParleyModel

extension HTMLReport {
    var settings: Markup {
        var models = MarkupTable(
            caption: "Models: the id that was asked for and the ids that came back",
            columns: [
                ("Model", .text), ("Party", .text), ("Access", .text), ("Asked for", .text), ("Came back", .text),
            ]
        )
        for model in findings.models {
            models.rows.append([
                .text(model.name.text), .text(findings.title(of: model.party)), .text(model.access.rawValue),
                .element("code", model.modelID),
                model.modelsReturned.isEmpty
                    ? .text("nothing yet") : .element("code", model.modelsReturned.joined(separator: ", ")),
            ])
        }
        let configurations = findings.configurations.map(configuration)
        return .element(
            "section",
            [.element("h2", "Models and configurations"), models.markup]
                + [.element("div", ["class": "cards"], configurations)]
        )
    }

    private func configuration(_ summary: ConfigurationSummary) -> Markup {
        let settings = summary.settings
        var facts: [(String, Markup)] = [
            ("Model", .text(summary.model.text)),
            ("System prompt", settings.systemPrompt.map { .element("pre", ["dir": "auto"], $0) } ?? .text("none")),
            ("Sent as", .text(settings.systemRole.rawValue)), ("Reasoning", .text(Self.reasoning(settings.reasoning))),
            ("Sampling", .text(Self.sampling(settings.sampling))),
            ("Output limit", .text("\(NumberText.grouped(settings.maxTokens)) tokens a call")),
            ("Safeguards", .text(settings.safeguardsRelaxed ? "relaxed for this round" : "as the provider sets them")),
        ]
        if !settings.flags.isEmpty { facts.append(("Flags", .text(settings.flags.joined(separator: ", ")))) }
        facts.append(("Digest", .element("code", summary.digest.description)))
        return .element(
            "div",
            ["id": "c-\(summary.name.text)"],
            [.element("h3", summary.name.text), Self.facts(facts)]
        )
    }

    private static func reasoning(_ reasoning: Reasoning?) -> String {
        let parts = [
            reasoning?.effort.map { "effort \($0)" },
            reasoning?.budgetTokens.map { "at most \(NumberText.grouped($0)) tokens" },
        ].compactMap(\.self)
        return parts.isEmpty ? "the provider's default" : parts.joined(separator: ", ")
    }

    private static func sampling(_ sampling: Sampling) -> String {
        let parts = [
            sampling.temperature.map { "temperature \(NumberText.fixed($0, decimals: 2))" },
            sampling.topP.map { "top-p \(NumberText.fixed($0, decimals: 2))" },
            sampling.topK.map { "top-k \($0)" }, sampling.seed.map { "seed \($0)" },
            sampling.stop.isEmpty ? nil : "stop at \(sampling.stop.map { "“\($0)”" }.joined(separator: ", "))",
        ].compactMap(\.self)
        return parts.isEmpty ? "the provider's defaults" : parts.joined(separator: ", ")
    }
}
