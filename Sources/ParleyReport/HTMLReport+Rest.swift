// The parts of the report below the suites: comparisons, settings, how to read it, transcripts.

import ParleyModel

extension HTMLReport {
    var comparisonSection: String {
        if findings.comparisons.isEmpty { return "" }
        let number = { (value: Double?) in value.map { NumberText.fixed($0, decimals: 3) } ?? "–" }
        let rows = findings.comparisons.map { row in
            [
                Escape.html("\(row.left) − \(row.right)"), number(row.difference),
                row.interval.map { "\(number($0.lower)) to \(number($0.upper))" } ?? "–", "\(row.sharedSamples)",
                Escape.html(row.test ?? "–"), Escape.html(row.pValue.map(NumberText.pValue) ?? "–"),
                Escape.html(row.adjustedPValue.map(NumberText.pValue) ?? "–"), number(row.minimumDetectableEffect),
                "<b>\(Escape.html(row.verdict))</b><br/><small>\(Escape.html(row.rule))</small>",
            ]
        }
        return """
            <section id="comparisons"><h2>Comparisons</h2>
            \(table(
                "Paired by sample, left minus right; p adjusted by Holm over all rows",
                ["pair", "difference", "95 % interval", "shared samples", "test", "p", "Holm p", "detectable", "verdict"],
                names: findings.comparisons.map(\.suite.text),
                rows
            ))
            </section>
            """
    }

    var settingsSection: String {
        let models = findings.models.map { model in
            [
                Escape.html(model.party.text), model.access.rawValue, Escape.html(model.modelID),
                model.modelsReturned.isEmpty ? "–" : Escape.html(model.modelsReturned.joined(separator: ", ")),
            ]
        }
        let configurations = findings.configurations.map { configuration in
            let settings = (try? JSONValue(encoding: configuration.settings))?.canonical ?? ""
            return [
                Escape.html(configuration.model.text), "<code>\(configuration.digest)</code>",
                "<code>\(Escape.html(settings))</code>",
            ]
        }
        return """
            <section id="settings"><h2>Models and configurations</h2>
            \(table(
                "Models",
                ["party", "access", "asked for", "returned"],
                names: findings.models.map(\.name.text),
                models
            ))
            \(table(
                "Configurations: a model as it was run",
                ["model", "digest", "settings"],
                names: findings.configurations.map(\.name.text),
                configurations
            ))
            </section>
            """
    }

    var readingSection: String {
        """
        <section id="reading"><h2>How to read this</h2>
        <p>An estimate is the mean score of the counted outcomes; 1 is what the suite's title promises. Its interval
        holds the true value in 95 of 100 such rounds, over samples like these; repeated epochs of one sample count as
        one cluster. Intervals cover less well with few samples and rates near 0 or 1.</p>
        <p>Refusals, blocked and cut answers are outcomes of their own, and each suite says how they count. A judge that
        fails is never held against the model.</p>
        <p>“No difference shown” is no claim that there is none: a true difference below the detectable one (80 % power
        at 5 %) would often be missed.</p></section>
        """
    }

    var transcriptSection: String {
        let groups = findings.cells.compactMap { cell -> String? in
            let members = transcripts(cell.suite, cell.configuration)
            if members.isEmpty { return nil }
            return """
                <section id="\(transcriptAnchor(cell.suite, cell.configuration))">
                <h3>\(Escape.html(cell.suite.text)), \(Escape.html(cell.configuration.text))</h3>
                <p class="facts">\(members.count) of \(cell.planned - cell.neverRun) outcomes, the first in the frozen
                order. <code>parley show JOB</code> shows any of them with requests and responses.</p>
                \(members.map(transcript).joined(separator: "\n"))
                </section>
                """
        }
        return groups.isEmpty
            ? "" : "<section id=\"transcripts\"><h2>Transcripts</h2>\(groups.joined(separator: "\n"))</section>"
    }

    private func transcript(_ item: ReportTranscript) -> String {
        let score = item.score.map { ", score \($0)" } ?? ""
        let messages = item.messages.map { message in
            let reasoning = message.reasoning.map { "<pre class=\"reasoning\">\(clipped($0))</pre>" } ?? ""
            return "<h4>\(message.role.rawValue)</h4>\(reasoning)<pre>\(clipped(message.content))</pre>"
        }
        let why = item.explanation.map { "<p>Why: \(clipped($0))</p>" } ?? ""
        return """
            <details><summary>Job \(item.job), sample \(Escape.html(item.sampleID)), epoch \(item.epoch):
            \(item.kind.name)\(score)</summary>\(messages.joined())
            <h4>Scored answer</h4><pre>\(clipped(item.answer))</pre>\(why)</details>
            """
    }

    /// Escaped text of bounded length: a transcript can be as long as a model likes.
    private func clipped(_ text: String) -> String {
        let limit = 20_000
        guard text.count > limit else { return Escape.html(text) }
        return Escape.html(String(text.prefix(limit))) + " … (cut after \(limit) characters)"
    }
}
