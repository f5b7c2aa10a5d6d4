// What `parley ask` and `parley questions` print: the answer first, then what it rests on.

public import ParleyModel

/// The answer about a model as text for a terminal.
public func askText(_ ask: AskDocument, styled: Bool, width: Int?) -> String {
    let model = Escape.terminal(ask.model)
    var text: String
    switch ask.answer {
    case .evaluated: text = "\(model): evaluated across parties, in \(ask.rounds.count) of the rounds looked at."
    case .onlyByItsOwnParty: text = "\(model): evaluated only by its own party; that is no cross-lab evaluation."
    case .notEvaluated: text = "\(model): not evaluated in what was looked at."
    }
    text = TerminalStyle.bold(text, styled) + "\n"
    for threshold in ask.unanswered {
        text += Escape.terminal("\(threshold.suite) \(threshold.text): not evaluated by another party") + "\n"
    }
    for round in ask.rounds {
        text +=
            "\n" + TerminalStyle.bold(Escape.terminal("Round \(round.round.text), from \(round.source)"), styled) + "\n"
        if round.simulated { text += TerminalStyle.bold(FindingText.simulated, styled) + "\n" }
        let state = round.complete ? "complete" : "INCOMPLETE"
        let ruledOut = round.ruledOut.map { ", \(NumberText.grouped($0)) outcomes ruled out" } ?? ""
        text += Escape.terminal("last outcome \(round.asOf ?? "none"); \(state)\(ruledOut)") + "\n"
        var areas = TerminalTable(columns: [.init("area"), .init("status")], isStyled: styled)
        for area in round.areas { areas.append([area.area.rawValue, area.status.rawValue]) }
        text += areas.render(width: width)
        guard !round.findings.isEmpty else { continue }
        var table = TerminalTable(
            columns: [.init("finding"), .init("claim"), .init("status"), .init("asked")]
                + ["estimate", "interval", "n"].map { .init($0, .right) } + [.init("by"), .init("because")],
            isStyled: styled
        )
        for finding in round.findings { table.append(row(finding)) }
        text += "\n" + table.render(width: width)
        for finding in round.findings where !finding.flags.isEmpty {
            text += Escape.terminal("\(finding.suite.text): \(finding.flags.joined(separator: ", "))") + "\n"
        }
    }
    return text
}

private func row(_ finding: FindingAnswer) -> [String] {
    let measure: Measure = finding.measure == "rate" ? .rate : .mean
    let isRaw = finding.corrected.isEmpty
    let estimates = isRaw ? [finding.estimate].compactMap { $0 } : finding.corrected.map(\.estimate)
    let intervals = isRaw ? [finding.interval].compactMap { $0 } : finding.corrected.compactMap(\.interval)
    func joined(_ texts: [String]) -> String { texts.isEmpty ? NumberText.none : texts.joined(separator: " / ") }
    return [
        "\(finding.suite.text): \(finding.configuration.text)", Claim.text(finding.claim), finding.status.rawValue,
        finding.threshold?.text ?? "", joined(estimates.map(measure.estimate)),
        joined(intervals.map(measure.interval)), NumberText.grouped(finding.counted),
        finding.crossParty ? finding.evaluator.text : "\(finding.evaluator.text) (its own)", finding.because,
    ]
}

/// Questions worth funding as text for a terminal.
public func questionsText(_ document: QuestionsDocument, styled: Bool, width: Int?) -> String {
    var text = TerminalStyle.bold("Questions that round \(document.round.text) leaves open", styled) + "\n"
    if document.simulated { text += TerminalStyle.bold(FindingText.simulated, styled) + "\n" }
    for question in document.questions {
        text += Escape.terminal("\(question.rank). \(question.question)") + "\n"
        text += Escape.terminal(
            "   \(question.kind.rawValue), weight \(NumberText.fixed(question.weight, decimals: 2)): "
        )
        text += Escape.terminal(question.because) + "\n"
        if !question.evidence.isEmpty {
            text += Escape.terminal("   \(question.evidence.joined(separator: ", "))") + "\n"
        }
    }
    return document.questions.isEmpty ? text + "none\n" : text
}
