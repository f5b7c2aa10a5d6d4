// From the rows of a file to labels: each row's ticket must have been drawn, and its label be a grade of the scale,
// `unsure`, or nothing. All mistakes are told at once, and with one of them nothing is kept.

public import ParleyModel
public import ParleyQueue
public import ParleyRounds

extension AuditSelection {
    /// The labels that a file's rows say; rows without one are passed over.
    /// - Throws: every mistake, with its line
    public func labels(_ rows: [AuditFile.Row], file: String) throws(InvalidInput) -> [NewLabel] {
        let items = Dictionary(items.map { ($0.ticket, $0) }, uniquingKeysWith: { first, _ in first })
        var labels: [NewLabel] = []
        var mistakes: [Diagnostic] = []
        for row in rows {
            guard let text = row.label else { continue }
            guard let item = items[row.ticket] else {
                mistakes.append(
                    Diagnostic(
                        file: file,
                        line: row.line,
                        "ticket '\(row.ticket.prefix(40))' was not drawn in this round",
                        remedy: "label the file that `parley audit export` wrote for this round"
                    )
                )
                continue
            }
            if let named = grade(named: text, of: item) {
                let verdict = LabelVerdict.labelled(grade: named.name, named.score)
                labels.append(NewLabel(job: item.job, verdict: verdict, note: row.note))
            } else if ["unsure", "?"].contains(text.lowercased()) {
                labels.append(NewLabel(job: item.job, verdict: .undecidable, note: row.note))
            } else {
                mistakes.append(
                    Diagnostic(
                        file: file,
                        line: row.line,
                        "'\(text.prefix(40))' is no grade of ticket \(item.ticket)",
                        remedy: "write one of \(grades(of: item).map(\.name).joined(separator: ", ")), or unsure"
                    )
                )
            }
        }
        guard mistakes.isEmpty else { throw InvalidInput(mistakes) }
        return labels
    }
}
