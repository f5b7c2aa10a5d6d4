// What happens in a round, one line each, for a terminal. Messages and reasons are not ours: the whole line is escaped.

public import ParleyModel

/// A record as one line, safe for a terminal.
public func tailLine(_ record: TailRecord) -> String {
    var parts = [record.at]
    switch record.what {
    case .end:
        parts.append(record.kind?.name ?? "")
        if let score = record.score { parts.append(NumberText.fixed(score, decimals: 3)) }
        parts.append(place(record))
    case .failure:
        parts.append("FAILED \(record.failureClass ?? "")")
        parts.append("\(place(record)), \(record.disposition ?? ""): \(record.message ?? "")")
    case .event:
        let why = record.why.map { ": \($0)" } ?? ""
        parts.append("* \(record.action ?? "") \(record.subject ?? "") by \(record.who ?? "")\(why)")
    }
    return Escape.terminal(parts.joined(separator: "  "))
}

private func place(_ record: TailRecord) -> String {
    let cell = "\(record.suite?.text ?? "")/\(record.configuration?.text ?? "")"
    return "\(cell) sample \(record.sample ?? 0) epoch \(record.epoch ?? 1) job \(record.job ?? 0)"
}
