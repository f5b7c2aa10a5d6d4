// The screen of `parley top`: rounds, accounts and workers as lines that fit the terminal. Pure: state in, lines out.
// Invariant: every text goes through `Escape`, no line is wider than the screen, and there are no more lines than rows.

public import ParleyModel

/// Draws the state of the house.
public struct TopScreen {
    private let document: OperationsDocument
    private let state: TopState
    private let width: Int
    private let isStyled: Bool
    /// Columns of a round's bar.
    private static let barWidth = 10

    public init(_ document: OperationsDocument, _ state: TopState, width: Int, isStyled: Bool) {
        self.document = document
        self.state = state
        self.width = max(width, 20)
        self.isStyled = isStyled
    }

    /// The lines.
    /// - Parameter height: the rows of the screen, of which the last ones are help; nil for all lines and no help
    public func lines(height: Int?) -> [String] {
        let body = [heading] + rounds + [""] + accounts + [""] + workers
        guard let height else { return body }
        let foot = [cut(footing), styled("7", pad(cut(help)))]
        let room = max(height - foot.count, 0)
        if body.count <= room { return body + Array(repeating: "", count: room - body.count) + foot }
        let kept = max(room - 1, 0)
        return Array((Array(body.prefix(kept)) + ["… \(body.count - kept) more lines"] + foot).suffix(height))
    }

    private var heading: String {
        let inFlight = document.workers.reduce(0) { $0 + $1.inFlight }
        let pace = document.rounds.reduce(0) { $0 + $1.lastMinute }
        return styled(
            "1",
            cut(
                "\(Escape.terminal(document.at))  rounds \(document.rounds.count)  workers \(document.workers.count)  "
                    + "in flight \(NumberText.grouped(inFlight))  ended in a minute \(NumberText.grouped(pace))"
            )
        )
    }

    // MARK: Rounds

    private var rounds: [String] {
        let title = row([
            ("  ROUND", 18, false), ("DONE", 10 + 8, false), ("", 0, false), ("PER MIN", 8, true), ("ETA", 9, true),
            ("DUE", 6, true), ("HELD", 6, true), ("DEAD", 5, true),
        ])
        if document.rounds.isEmpty { return [styled("7", pad(title)), "  No round is open."] }
        return [styled("7", pad(title))] + state.ordered(document.rounds).flatMap(lines(of:))
    }

    private func lines(of round: OperationsDocument.Round) -> [String] {
        let isSelected = round.round == state.selected
        let share = round.planned > 0 ? Double(round.done) / Double(round.planned) : 1
        let filled = min(max(Int(share * Double(Self.barWidth)), 0), Self.barWidth)
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
        let line = row([
            ((isSelected ? "> " : "  ") + round.round.text, 18, false),
            ("\(bar) \(NumberText.progress(round.done, of: round.planned))", 10 + 8, false), ("", 0, false),
            (NumberText.grouped(round.lastMinute), 8, true), (round.etaSeconds.map(Self.clock) ?? "–", 9, true),
            (Self.short(round.ready + round.waiting), 6, true), (Self.short(round.held), 6, true),
            (Self.short(round.dead), 5, true),
        ])
        var lines = [isSelected ? styled("1", line) : line]
        var parts: [String] = [round.state + (round.simulated ? ", SIMULATED" : "")]
        if let budget = round.budget, let used = round.budgetUsed {
            parts.append(
                "\(NumberText.money(used, currency: round.currency)) of \(NumberText.money(budget, currency: round.currency))"
            )
        } else {
            parts.append(NumberText.money(round.cost, currency: round.currency))
        }
        if let age = round.oldestDueSeconds { parts.append("oldest due \(Self.clock(age))") }
        lines.append(cut("    " + Escape.terminal(parts.joined(separator: ", "))))
        if let binding = round.binding { lines.append(cut("    " + Escape.terminal(binding.says))) }
        return lines
    }

    // MARK: Accounts and workers

    private var accounts: [String] {
        let title = row([
            ("  ACCOUNT/MODEL", 28, false), ("IN FLIGHT", 10, true), ("LIMIT", 7, true), ("PER MIN", 8, true),
            ("429s", 6, true), ("  BINDS", 16, false),
        ])
        if document.accounts.isEmpty { return [styled("7", pad(title)), "  No round runs."] }
        return [styled("7", pad(title))]
            + document.accounts.map { entry in
                row([
                    ("  \(entry.account)/\(entry.model)", 28, false), (Self.short(entry.inFlight), 10, true),
                    (Self.short(Int(entry.allowed)), 7, true), (Self.short(entry.ended), 8, true),
                    (Self.short(entry.turnedAway), 6, true), ("  " + (entry.binding.map(Self.name) ?? "–"), 16, false),
                ])
            }
    }

    private static func name(_ value: LimitsDocument.Value) -> String {
        switch value.kind {
        case .concurrency: "concurrency"
        case .learned: "learned (429)"
        case .requests: "requests/min"
        case .tokens: "tokens/min"
        case .wait: "waits \(value.value) s"
        case .pause: "paused"
        case .pool: "pool"
        case .worker: "workers"
        }
    }

    /// The parts of the time as one cell: provider, queue, backoff, local.
    private var workers: [String] {
        let title = row([
            ("  WORKER", 16, false), ("IN FLIGHT", 9, true), ("CPU", 6, true), ("LAG", 6, true),
            ("  BOUND BY", 21, false), ("PRO/QUE/BAC/LOC %", 17, true), ("  HOST", 20, false),
            ("VERSION", 10, false),
        ])
        if document.workers.isEmpty { return [styled("7", pad(title)), "  No worker works."] }
        return [styled("7", pad(title))]
            + document.workers.map { worker in
                let text = WorkerText(worker.vitals)
                let bound = worker.state == "active" ? worker.bound?.text ?? "" : worker.state
                let shares = text.shares.map { $0.replacing(" %", with: "") }.joined(separator: "/")
                return row([
                    ("  \(worker.worker) \(worker.name)", 16, false), (Self.short(worker.inFlight), 9, true),
                    (text.processors, 6, true), (text.lag, 6, true), ("  " + bound, 21, false), (shares, 17, true),
                    ("  " + worker.host, 20, false), (worker.version, 10, false),
                ])
            }
    }

    // MARK: The foot

    private var footing: String {
        guard let question = state.question else { return Escape.terminal(state.message) }
        let action = question.isPause ? "Pause" : "Resume"
        let note = state.message.isEmpty ? "" : "  (\(state.message))"
        return Escape.terminal("\(action) '\(question.round)'? Why: \(question.reason)_\(note)")
    }

    private var help: String {
        state.question != nil
            ? " Enter do it   Esc leave it"
            : " q quit   ↑↓ select   p pause   r resume   s sort: \(state.sort.rawValue)"
    }

    // MARK: Text

    /// Cells of a line, each cut and padded to its width, the last ones left out where the screen ends.
    private func row(_ cells: [(text: String, width: Int, isRight: Bool)]) -> String {
        var line = ""
        for (text, width, isRight) in cells where width > 0 {
            let text = Escape.terminal(text)
            let shown = text.count > width ? text.prefix(width - 1) + "…" : Substring(text)
            let space = String(repeating: " ", count: width - shown.count)
            line += (line.isEmpty ? "" : " ") + (isRight ? space + shown : shown + space)
        }
        return cut(line)
    }

    private func cut(_ line: String) -> String { line.count > width ? line.prefix(width - 1) + "…" : line }

    private func pad(_ line: String) -> String { line + String(repeating: " ", count: max(0, width - line.count)) }

    private func styled(_ code: String, _ text: String) -> String {
        isStyled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// At most five characters: `12345`, then `123k`, `12M`.
    private static func short(_ value: Int) -> String {
        if value < 100_000 { return String(value) }
        return value < 10_000_000 ? "\(value / 1000)k" : "\(value / 1_000_000)M"
    }

    /// For instance `0:42`, `1:02:03`, `13 d`.
    static func clock(_ seconds: Double) -> String {
        guard seconds < 1e9 else { return "–" }
        let whole = Int(seconds.rounded(.up))
        let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        if whole < 3600 { return "\(whole / 60):\(pad(whole % 60))" }
        return whole < 360_000
            ? "\(whole / 3600):\(pad(whole / 60 % 60)):\(pad(whole % 60))" : "\(whole / 86_400) d"
    }
}
