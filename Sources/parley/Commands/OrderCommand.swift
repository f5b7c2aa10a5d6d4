// parley order: in which order a round really ran.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct OrderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order",
        abstract: "Show in which order a round really ran: imbalance between configurations, drift over the window.",
        discussion: """
            The imbalance of a suite is the largest gap between the fractions that were begun of two of its cells. \
            Drift is the change of a cell's score from its first to its last outcome, by a line through the scores in \
            the order of their starts; p values are adjusted over all cells of the round (Holm).

            Examples:
              parley order spring
              parley order spring --csv > order.csv
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Flag(help: "Print as JSON (schemas/json/order.schema.json).")
    var json = false
    @Flag(help: "Print every outcome with its start, in the executed order, as CSV.")
    var csv = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv exclude one another") }
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let definition = try await session.queue.definition(of: record.id)
            let starts = try await session.queue.executedOrder(round: record.id)
            if csv {
                Console.print("suite,configuration,sample,epoch,started_at")
                for start in starts {
                    let cell = definition.cells[start.cell]
                    let place = "\(cell.suite),\(cell.configuration),\(start.sample),\(start.epoch)"
                    Console.print("\(place),\(OrderDocument.text(start.atMicros))")
                }
                return
            }
            let document = OrderDocument(definition, starts)
            if json { return try Console.json(document) }
            show(document)
        }
    }

    private func show(_ document: OrderDocument) {
        for suite in document.suites {
            guard let gap = suite.largestImbalance else { continue }
            let percent = NumberText.fixed(gap * 100, decimals: 1)
            Console.print("\(suite.suite): cells at most \(percent) % apart, at \(suite.at ?? "-")")
        }
        var table = TerminalTable(
            columns: [
                .init("suite"), .init("configuration"), .init("started", .right), .init("first"), .init("last"),
                .init("drift", .right), .init("p (Holm)", .right), .init(""),
            ],
            isStyled: Console.isStyled
        )
        let number = { (value: Double?) in value.map { NumberText.fixed($0, decimals: 3) } ?? "-" }
        for cell in document.cells {
            table.append([
                cell.suite.text, cell.configuration.text, "\(cell.started)", cell.firstStart ?? "-",
                cell.lastStart ?? "-", number(cell.drift), number(cell.adjustedPValue),
                cell.drifted == true ? "DRIFT" : "",
            ])
        }
        Console.print(table.render(width: Console.width))
    }
}
