// parley audit ROUND: labelling at a terminal. The desk decides, this file reads lines and shows text; each label is
// kept before the next answer is shown, so that nothing is lost whenever it ends.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyProbe
import ParleyQueue
import ParleyReport

struct AuditLabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Label drawn answers, one after the other.",
        discussion: """
            Type a grade or its number; `unsure` where you cannot tell, `skip`, `undo`, `note TEXT` (kept with the next \
            label), `rubric`, `all` (the whole answer), `quit`. Run it again to go on where you stopped.

            Example:
              parley audit demo --by ada
            """
    )

    @OptionGroup var audit: AuditOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let bench = try await AuditBench(audit, session)
            try await label(bench)
        }
    }

    private func label(_ bench: AuditBench) async throws {
        var desk = AuditDesk(bench.selection, labelled: bench.labelled)
        if let first = desk.current { try await show(first, desk, bench) }
        while let place = desk.current {
            var action = desk.take(readLine())
            if case .label(let labelled, let verdict, let note) = action {
                try await bench.keep(verdict, of: labelled, note: note)
                Console.print(verdict == .withdrawn ? "Taken back.\n" : "Kept.\n")
                action = desk.current.map(AuditDesk.Action.show) ?? .done
            }
            switch action {
            case .show(let next): try await show(next, desk, bench)
            case .rubric:
                let rubric = bench.selection.suite(of: bench.selection.items[place])?.scorer.grader?.rubric ?? ""
                Console.print(Escape.terminal(rubric, allowingNewlines: true))
            case .whole: Console.print(try await bench.text(place, of: desk).wholeAnswer)
            case .help: Console.print(Self.configuration.discussion)
            case .say(let text): Console.print(Escape.terminal(text))
            case .label: break
            case .done: return conclude(desk, bench)
            }
        }
        conclude(desk, bench)
    }

    private func show(_ place: Int, _ desk: AuditDesk, _ bench: AuditBench) async throws {
        Console.print(try await bench.text(place, of: desk).terminal(styled: Console.isStyled))
    }

    private func conclude(_ desk: AuditDesk, _ bench: AuditBench) {
        let (done, all) = (desk.labelledCount, bench.selection.items.count)
        let rest = done == all ? "" : " Run the same command again to go on."
        Console.print("\(done) of \(all) answers are labelled by '\(Escape.terminal(bench.author))'.\(rest)")
    }
}
