// The section of one suite: its estimates drawn and in figures, what became of all that was planned, and what it
// took in tokens, money and time.

internal import ParleyModel

extension HTMLReport {
    func suite(_ name: SuiteName) -> Markup {
        let cells = findings.cells(of: name)
        let title = findings.title(of: name)
        return .element(
            "section",
            ["id": "s-\(name.text)"],
            [
                .element("h2", title), about(name),
                .element("div", ["class": "charts"], cells.isEmpty ? [] : charts(cells, title)),
                estimates(cells, title), outcomes(cells, title), effort(cells, title),
            ]
        )
    }

    private func about(_ name: SuiteName) -> Markup {
        guard let suite = findings.suites.first(where: { $0.name == name }) else {
            return .element("p", "The findings hold no description of this suite.")
        }
        let areas = suite.areas.map(\.rawValue).joined(separator: ", ")
        var epochs = suite.epochs == 1 ? "once each" : "\(NumberText.grouped(suite.epochs)) epochs each"
        if let reducer = suite.epochReducer { epochs += " reduced by \(reducer)" }
        return .group([
            .element(
                "p",
                "Suite \(name.text) of \(findings.title(of: suite.party))\(areas.isEmpty ? "" : "; \(areas)"). "
                    + "\(NumberText.grouped(suite.samples)) samples, \(epochs), scorer \(suite.scorer.rawValue)."
            ),
            .element("p", ["class": "detail"], [.text("Dataset "), .element("code", suite.datasetDigest.description)]),
        ])
    }

    private func charts(_ cells: [CellRecord], _ title: String) -> [Markup] {
        let interval = FindingText.intervalTitle(cells.compactMap(\.interval))
        let isCorrected = cells.contains { corrected.estimate(of: $0) != nil }
        let plot = DotPlot(title: "\(title): estimates with their intervals", cells: cells).markup
        let bars = KindBars(title: "\(title): outcomes by kind", cells: cells).markup
        return [
            .element("div", [.element("h3", "\(isCorrected ? "Raw estimate" : "Estimate") and \(interval)"), plot]),
            .element("div", [.element("h3", "What became of the planned outcomes"), bars]),
        ]
    }

    private func estimates(_ cells: [CellRecord], _ title: String) -> Markup {
        let isCorrected = cells.contains { corrected.estimate(of: $0) != nil }
        var table = MarkupTable(
            caption: "\(title): estimates. Counted outcomes are the denominator; samples are what they repeat. Right, "
                + "wrong and refused are shares of all outcomes.",
            columns: [("Configuration", .text)] + (isCorrected ? [("Corrected", .number)] : []) + [
                (isCorrected ? "Raw estimate" : "Estimate", .number),
                (FindingText.intervalTitle(cells.compactMap(\.interval)), .number), ("Standard error", .number),
                ("Right / wrong / refused", .number), ("Counted", .number), ("Samples", .number), ("Measure", .text),
                ("Interval by", .text),
            ]
        )
        for cell in cells {
            let instead = Markup.element("strong", corrected.estimate(of: cell) ?? NumberText.none)
            table.rows.append(
                [named(cell)] + (isCorrected ? [instead] : []) + [
                    linked(FindingText.estimate(cell), cell.suite, cell.configuration),
                    .text(FindingText.interval(cell)),
                    .text(cell.standardError.map(Measure(of: cell).size) ?? NumberText.none),
                    .text(FindingText.answers(cell)),
                    linked(count: cell.counted, cell),
                    .text(NumberText.grouped(cell.clusters)), .text(cell.measure ?? NumberText.none),
                    .text(cell.interval?.method ?? NumberText.none),
                ]
            )
        }
        let missing = cells.flatMap { cell in
            [FindingText.failures(cell), FindingText.missing(cell)].compactMap { $0 }.map {
                Markup.element("p", ["class": "detail"], "\(cell.configuration.text): \($0).")
            }
        }
        let notes = corrected.notes(cells).map { Markup.element("p", $0 + ".") }
        return .group([table.markup] + notes + missing)
    }

    private func outcomes(_ cells: [CellRecord], _ title: String) -> Markup {
        let kinds = OutcomeKind.allCases.filter { kind in cells.contains { $0.kinds[kind, default: 0] > 0 } }
        var table = MarkupTable(
            caption: "\(title): outcomes. Planned is the sum of all kinds and never run; kinds without any outcome "
                + "are left out.",
            columns: [("Configuration", .text)] + kinds.map { ($0.name, .number) }
                + [("never run", .number), ("planned", .number)]
        )
        for cell in cells {
            let sum = cell.kinds.values.reduce(cell.neverRun, +)
            let planned = NumberText.grouped(cell.planned)
            table.rows.append(
                [named(cell)]
                    + kinds.map {
                        linked(count: cell.kinds[$0, default: 0], cell)
                    }
                    + [.text(NumberText.grouped(cell.neverRun))]
                    + [
                        .text(
                            sum == cell.planned ? planned : "\(planned), but the parts are \(NumberText.grouped(sum))"
                        )
                    ]
            )
        }
        return table.markup
    }

    private func effort(_ cells: [CellRecord], _ title: String) -> Markup {
        var table = MarkupTable(
            caption: "\(title): tokens, cost and latency",
            columns: [("Configuration", .text)]
                + ["input", "from cache", "to cache", "output", "reasoning", "cost", "p50", "p95", "p99"].map {
                    ($0, .number)
                }
        )
        for cell in cells {
            let usage = cell.usage
            let latency = cell.latency.map { [$0.p50, $0.p95, $0.p99].map(NumberText.latency(milliseconds:)) }
            table.rows.append(
                [named(cell)]
                    + [usage.input, usage.cacheRead, usage.cacheWrite, usage.output, usage.reasoning].map {
                        .text(NumberText.grouped($0))
                    }
                    + [.text(NumberText.money(cell.cost, currency: findings.currency))]
                    + (latency ?? Array(repeating: NumberText.none, count: 3)).map(Markup.text)
            )
        }
        return table.markup
    }

    /// A configuration's name, linked to its settings, with its comparability flags.
    private func named(_ cell: CellRecord) -> Markup {
        let flags = cell.flags.map { Markup.element("span", ["class": "flag"], $0) }
        return .group([link(to: cell.configuration)] + flags)
    }

    func link(to configuration: ConfigurationName) -> Markup {
        guard findings.configurations.contains(where: { $0.name == configuration }) else {
            return .text(configuration.text)
        }
        return .element("a", ["href": "#c-\(configuration.text)"], configuration.text)
    }
}
