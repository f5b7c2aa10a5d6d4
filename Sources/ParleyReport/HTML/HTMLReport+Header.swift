// The head of the report: which round this is, who took part, and what must be known before any figure is read; and
// the summary of all cells.

internal import ParleyModel

extension HTMLReport {
    /// What must be known before any figure is read.
    var notices: [Markup] {
        var notices: [Markup] = []
        if findings.simulated {
            notices.append(.element("p", ["class": "notice", "role": "note"], FindingText.simulated + "."))
        }
        notices += (FindingText.gaps(findings) + FindingText.gradedAgain(findings)).map {
            .element("p", ["class": "notice", "role": "note"], $0 + ".")
        }
        for amendment in findings.amendments ?? [] {
            notices.append(.element("p", ["class": "notice", "role": "note"], FindingText.amendment(amendment)))
        }
        return notices
    }

    var header: Markup {
        let parties = findings.parties.map { party in
            Markup.element("li", "\(party.title) (\(party.role.rawValue))")
        }
        let facts: [(String, Markup)] = [
            ("Round", .text("\(findings.round.text), \(findings.tier.rawValue)")),
            ("State", .text(findings.complete ? "complete: every planned job is accounted for" : "not complete")),
            ("Last outcome", .text(findings.asOf ?? "none yet")),
            ("Parties", parties.isEmpty ? .text("none") : .element("ul", ["class": "plain"], parties)),
            ("Definition", .element("code", findings.definitionHash.description)),
            ("Agreement", .text(FindingText.agreement(findings))),
        ]
        return .element("header", [.element("h1", findings.title)] + notices + [Self.facts(facts)])
    }

    /// Terms with what they are.
    static func facts(_ facts: [(String, Markup)]) -> Markup {
        .element(
            "dl",
            facts.map { .element("div", [.element("dt", $0.0), .element("dd", [$0.1])]) }
        )
    }

    var summary: Markup {
        // Those that only judge or audit have no cell; the others stand in the round's order.
        let run = findings.cells.map(\.configuration)
        var open = Set(run)
        let columns = (findings.configurations.map(\.name) + run).filter { open.remove($0) != nil }
        var table = MarkupTable(
            caption: "Estimate for each suite and configuration, with its interval and the outcomes that it counts",
            columns: [("Suite", .text)] + columns.map { ($0.text, .number) }
        )
        for suite in findings.suiteNames {
            let cells = findings.cells(of: suite)
            let link = Markup.element("a", ["href": "#s-\(suite.text)"], findings.title(of: suite))
            table.rows.append(
                [link]
                    + columns.map { name in cells.first { $0.configuration == name }.map(summary) ?? .text("not run") }
            )
        }
        return .element("section", [.element("h2", "Summary"), table.markup])
    }

    private func summary(_ cell: CellRecord) -> Markup {
        let estimate = linked(FindingText.estimate(cell), cell.suite, cell.configuration)
        guard cell.estimate != nil else { return estimate }
        let detail = "\(FindingText.interval(cell)), n = \(NumberText.grouped(cell.counted))"
        if let corrected = corrected.estimate(of: cell) {
            let raw = Markup.group([.text("corrected for the judge's errors; raw "), estimate, .text(", " + detail)])
            return .group([.element("strong", corrected), .element("span", ["class": "detail"], [raw])])
        }
        return .group([.element("strong", [estimate]), .element("span", ["class": "detail"], detail)])
    }
}
