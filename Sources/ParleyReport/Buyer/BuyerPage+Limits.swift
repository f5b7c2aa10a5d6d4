// What stands against the findings and beside them: examples, limits, the vendor's words, how long it holds, how to check.

internal import ParleyModel

extension BuyerPage {
    var examples: Markup {
        let lead =
            "Five outcomes of each finding, drawn by the hash of the signed definition: anybody can draw them again, and "
            + "nobody chose them."
        let cells = document.answers.map { Cell(suite: $0.suite, configuration: $0.configuration) }
        let parts = cells.flatMap { cell -> [Markup] in
            let own = document.examples.filter { $0.cell == cell }
            let heading = Markup.element("h3", "\(cell.suite.text) × \(cell.configuration.text)")
            return [heading] + (own.isEmpty ? [.element("p", "Nothing was run.")] : own.map(example))
        }
        return Self.section("Examples", [.element("p", lead)] + parts)
    }

    private func example(_ example: DrawnExample) -> Markup {
        let score = example.score.map { ", score \($0)" } ?? ""
        let title = "Sample \(example.sample), run \(example.epoch): \(example.kind.name)\(score)"
        let said = (example.texts ?? []).flatMap { line in
            [Markup.element("h4", line.speaker), .element("pre", ["dir": "auto"], line.text)]
        }
        let redacted = example.redacted.map { Markup.element("p", ["class": "detail"], "Redacted: \($0).") }
        return .element("div", ["class": "example"], [.element("p", title)] + said + (redacted.map { [$0] } ?? []))
    }

    var limits: Markup {
        let flags = document.answers.flatMap { answer in
            answer.flags.map { "\(answer.suite), \(answer.configuration): \($0)" }
        }
        let missing = findings.cells.flatMap { cell in
            [FindingText.failures(cell), FindingText.missing(cell)].compactMap { $0 }.map {
                "\(cell.suite), \(cell.configuration): \($0)"
            }
        }
        let events = document.events.map { "\($0.at): \($0.what) \($0.subject), by \($0.who): \($0.why)" }
        let always = [
            "That each score follows from an answer is the word of who ran the round: transcripts are not in the package.",
            "That a provider served the model it names is the provider's word.",
            "A finding holds for the configuration as it was run, and for no other.",
        ]
        return Self.section(
            "Limits",
            [
                .element("h3", "Always"), Self.list(always, none: ""), .element("h3", "Comparability flags"),
                Self.list(flags, none: "No finding is flagged."), .element("h3", "Missing outcomes"),
                Self.list(missing, none: "No outcome is missing."),
                .element("h3", "Invalidations, rulings and corrections"),
                Self.list(events, none: "The ledger records none."), .element("h3", "Redactions"),
                Self.list(document.redactions, none: "Nothing is redacted."),
            ]
        )
    }

    var response: Markup {
        guard let response = document.response else {
            return Self.section("The vendor's response", [.element("p", "No response of \(vendor) is attached.")])
        }
        return Self.section("The vendor's response", [signed(response)])
    }

    private func signed(_ text: SignedText) -> Markup {
        .group([
            .element("h3", text.title),
            .element("pre", ["dir": "auto"], text.text),
            .element(
                "p",
                ["class": "detail"],
                "Dated \(text.dated), signed by \(findings.title(of: text.party)) with the key \(text.keyID)."
            ),
        ])
    }

    var deployment: Markup {
        let lead =
            "What follows is not a finding of the round: the vendor measured it itself, in its own deployment. Nobody else "
            + "checked it, and nothing above was computed from it."
        return Self.section(
            "Deployment data of the vendor",
            document.attachments.isEmpty
                ? [.element("p", "None is attached.")]
                : [.element("p", ["class": "notice", "role": "note"], lead)] + document.attachments.map(signed)
        )
    }

    var validity: Markup {
        let facts: [(String, Markup)] = [
            ("Holds for", .text("the model ids that came back, as configured above")),
            ("Run", .text(document.window.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "nothing was run")),
            ("Next round due", .text(document.request.nextRoundDue ?? "not known")),
            ("Expires", .text("with any new version of a model, and with any change of a configuration above")),
        ]
        return Self.section("Validity", [HTMLReport.facts(facts)])
    }

    var verification: Markup {
        let steps =
            "parley verify PACKAGE --trust \(document.request.vendor.text).pub --trust OTHER.pub needs no network and no "
            + "database: it checks hashes, signatures, the ledger's chain and the Merkle roots, computes every number "
            + "again, and makes this page again. Get the public keys from the parties, not with the package."
        return Self.section(
            "How to check this",
            [
                .element("p", steps),
                HTMLReport.facts(document.digests.map { ($0.name, .element("code", $0.value)) }),
            ]
        )
    }

    var crosswalk: Markup {
        var table = MarkupTable(
            caption: "Where to look, in the frameworks' own terms. It states no conformity with any of them.",
            columns: [("Framework", .text), ("Reference", .text), ("Asks for", .text), ("See", .text)]
        )
        for row in document.crosswalk {
            table.rows.append([
                .text(row.framework), .text(row.reference), .text(row.asks), .text(row.files.joined(separator: ", ")),
            ])
        }
        return Self.section("Crosswalk", [table.markup])
    }
}
