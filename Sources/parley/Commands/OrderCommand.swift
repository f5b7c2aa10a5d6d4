// parley order: in which order a round really ran.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyReport

struct OrderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order",
        abstract: "Show in which order a round really ran: imbalance between configurations, drift over the window.",
        discussion: """
            Samples are planned in an order that follows from the round's sealed seed, or from its definition's hash where \
            it has none: the same for every configuration, epoch after epoch. Where its probes are done, --seed opens \
            the seed, so that anybody can work the planned order out; `parley verify` does.

            The imbalance of a suite is the largest gap between the fractions that were begun of two of its cells. \
            Drift is the change of a cell's score from its first to its last outcome, by a line through the scores in \
            the order of their starts; p values are adjusted over all cells of the round (Holm).

            Examples:
              parley order spring
              parley order spring --csv > order.csv
              parley order spring --seed spring.seed
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Flag(help: "Print as JSON (schemas/json/order.schema.json).")
    var json = false
    @Flag(help: "Print every outcome with its start, in the executed order, as CSV.")
    var csv = false
    @Option(help: ArgumentHelp("Open the round's sealed seed, for all who may read the round.", valueName: "file"))
    var seed: String?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv exclude one another") }
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let definition = try await session.queue.definition(of: record.id)
            if let seed = try seed.map({ try SealedSeed(file: $0) }) {
                try await session.queue.openAuditSeed(seed.opened, round: record.id, by: Session.person)
            }
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
        let source =
            switch document.planned {
            case .dataset: "as its datasets have them"
            case .definition: "drawn from its definition's hash"
            case .sealedSeed: "drawn from its sealed seed"
            }
        Console.print("The order of samples was \(source).")
        for suite in document.suites {
            guard let gap = suite.largestImbalance else { continue }
            let percent = { NumberText.fixed($0 * 100, decimals: 1) }
            let block = suite.withinBlock == true ? "within" : "more than"
            Console.print(
                "\(suite.suite): cells at most \(percent(gap)) % apart, at \(suite.at ?? "-"); \(block) a block, which is "
                    + "\(percent(suite.block)) %"
            )
        }
        var table = TerminalTable(
            columns: [
                .init("suite"), .init("configuration"), .init("started", .right), .init("out of turn", .right),
                .init("first"), .init("last"),
                .init("drift", .right), .init("p (Holm)", .right), .init(""),
            ],
            isStyled: Console.isStyled
        )
        let number = { (value: Double?) in value.map { NumberText.fixed($0, decimals: 3) } ?? "-" }
        for cell in document.cells {
            table.append([
                cell.suite.text, cell.configuration.text, "\(cell.started)", "\(cell.outOfTurn)",
                cell.firstStart ?? "-", cell.lastStart ?? "-", number(cell.drift), number(cell.adjustedPValue),
                cell.drifted == true ? "DRIFT" : "",
            ])
        }
        Console.print(table.render(width: Console.width))
    }
}
