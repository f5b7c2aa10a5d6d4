// The page of an evidence package for a buyer: one file that needs nothing else, loads nothing, runs nothing, and can be
// printed. It shows what the package holds and states what it does not: nothing is left blank, and no word says
// "passed". The sections stand in files of their own, in the order of the page.

public import ParleyModel

/// The page of a buyer's package.
public struct BuyerPage: Sendable {
    let document: BuyerDocument

    public init(_ document: BuyerDocument) { self.document = document }

    var definition: RoundDefinition { document.definition }
    var findings: FindingsDocument { document.findings }
    var vendor: String { findings.title(of: document.request.vendor) }

    /// Those of the vendor's models that run, in the order of the definition.
    var configurations: [ConfigurationSummary] {
        findings.configurations.filter { configuration in
            document.answers.contains { $0.configuration == configuration.name }
        }
    }

    /// The suites that run on the vendor's models.
    var suites: [Suite] { definition.suites.filter { suite in document.answers.contains { $0.suite == suite.name } } }

    /// The file's text, in UTF-8 as its head declares.
    public func render() -> String {
        let sections = [
            results, areas, primary, comparisons, parties, tested, method, graders, baselines, examples, limits,
            response,
            validity, deployment, verification, crosswalk,
        ]
        let body = Markup.element(
            "body",
            [
                header, .element("main", sections),
                .element("footer", [.element("p", "Made by parley from the package.")]),
            ]
        )
        return HTMLReport.page(title: "Evidence on models of \(vendor): \(definition.title)", body: body)
    }

    private var header: Markup {
        var notices: [String] = []
        if findings.simulated { notices.append(FindingText.simulated) }
        notices += FindingText.gaps(findings)
        if !["published", "corrected"].contains(document.state) {
            notices.append(
                "PREVIEW, NOT RELEASED: the round is in the state '\(document.state)'; its findings may still change"
            )
        }
        let facts: [(String, Markup)] = [
            ("Round", .text("\(definition.name.text), \(definition.tier.rawValue), state \(document.state)")),
            ("Models of", .text(vendor)),
            ("Run", .text(document.window.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "nothing was run")),
            ("Definition", .element("code", findings.definitionHash.description)),
        ]
        let lead =
            "Has this vendor's model been through a cross-lab evaluation, and what did it show? 'Shown' means that the "
            + "whole interval lies on the asked side; an interval that holds the threshold is 'not shown'. Nothing here "
            + "says that a model is safe, or fit for a purpose."
        return .element(
            "header",
            [.element("h1", "Evidence on models of \(vendor): \(definition.title)")]
                + notices.map { .element("p", ["class": "notice", "role": "note"], $0 + ".") }
                + [HTMLReport.facts(facts), .element("p", lead)]
        )
    }

    static func section(_ title: String, _ parts: [Markup]) -> Markup {
        .element("section", [.element("h2", title)] + parts)
    }

    static func list(_ items: [String], none: String) -> Markup {
        items.isEmpty ? .element("p", none) : .element("ul", items.map { .element("li", $0) })
    }

    static func status(_ status: EvidenceStatus) -> Markup {
        .element("span", ["class": status == .shown ? "status s-shown" : "status"], status.rawValue)
    }
}
