// A suite in the report: what was asked, a plot of the estimates, a bar of the outcome kinds, and the numbers.

import ParleyModel

extension HTMLReport {
    func suiteSection(_ suite: SuiteSummary) -> String {
        let cells = findings.cells.filter { $0.suite == suite.name }
        let areas = suite.areas.map(\.rawValue).joined(separator: ", ")
        return """
            <section id="s-\(anchor(suite.name.text))">
            <h2>\(Escape.html(suite.title))</h2>
            <p class="facts">\(Escape.html(areas)). Of \(Escape.html(suite.party.text)); \(suite.samples) samples
            × \(suite.epochs) epochs, scored by \(suite.scorer.rawValue).
            Dataset <code>\(suite.datasetDigest)</code></p>
            \(IntervalPlot(suite: suite, cells: cells).svg)
            \(KindBars(suite: suite, cells: cells).svg)
            \(KindBars.legend(cells))
            \(estimateTable(suite, cells))
            \(kindTable(suite, cells))
            </section>
            """
    }

    private func estimateTable(_ suite: SuiteSummary, _ cells: [CellRecord]) -> String {
        let rows = cells.map { cell in
            let isRate = cell.measure == "rate"
            let estimate = cell.estimate.map { NumberText.estimate($0, isRate: isRate) } ?? "none counted"
            let interval = cell.interval.map {
                "\(NumberText.estimate($0.lower, isRate: isRate)) to \(NumberText.estimate($0.upper, isRate: isRate))"
            }
            return [
                link(estimate, cell), interval ?? "–", cell.interval.map { Escape.html($0.method) } ?? "–",
                "\(cell.counted) of \(cell.planned)", "\(cell.clusters)", NumberText.count(cell.usage.total),
                "\(NumberText.fixed(cell.cost.value, decimals: 4)) \(Escape.html(findings.currency))",
                cell.latency.map {
                    "\(NumberText.fixed($0.p50, decimals: 0)) / \(NumberText.fixed($0.p95, decimals: 0))"
                }
                    ?? "–", cell.flags.isEmpty ? "–" : Escape.html(cell.flags.joined(separator: ", ")),
            ]
        }
        return table(
            "Estimates with 95 % intervals, errors clustered by sample",
            [
                "estimate", "interval", "method", "counted", "samples", "tokens", "cost", "latency p50 / p95, ms",
                "flags",
            ],
            names: cells.map(\.configuration.text),
            rows
        )
    }

    private func kindTable(_ suite: SuiteSummary, _ cells: [CellRecord]) -> String {
        let rows = cells.map { cell in
            ["\(cell.planned)"] + OutcomeKind.allCases.map { "\(cell.kinds[$0, default: 0])" } + ["\(cell.neverRun)"]
        }
        return table(
            "Planned = outcomes by kind + never run",
            ["planned"] + OutcomeKind.allCases.map(\.name) + ["never run"],
            names: cells.map(\.configuration.text),
            rows
        )
    }

    /// A number that leads to the transcripts behind it, where there are some.
    private func link(_ text: String, _ cell: CellRecord) -> String {
        if transcripts(cell.suite, cell.configuration).isEmpty { return text }
        return "<a href=\"#\(transcriptAnchor(cell.suite, cell.configuration))\">\(text)</a>"
    }

    /// A table whose rows are named in their first column. The cells' text is HTML already.
    func table(_ caption: String, _ columns: [String], names: [String], _ rows: [[String]]) -> String {
        let head = columns.map { "<th scope=\"col\">\($0)</th>" }.joined()
        let body = zip(names, rows).map { name, row in
            "<tr><th scope=\"row\">\(Escape.html(name))</th>\(row.map { "<td>\($0)</td>" }.joined())</tr>"
        }
        return """
            <div class="scroll"><table><caption>\(Escape.html(caption))</caption>
            <thead><tr><td></td>\(head)</tr></thead>
            <tbody>\(body.joined(separator: "\n"))</tbody></table></div>
            """
    }
}
