// In which form findings are printed: a table for the terminal, JSON, or CSV.

import ArgumentParser
import ParleyModel
import ParleyReport

struct FindingsFormat: ParsableArguments {
    enum Part: String, ExpressibleByArgument, CaseIterable {
        case cells, comparisons, agreements, judgeErrors = "judge-errors", homeBias = "home-bias"
    }

    @Flag(help: "Print as JSON (schemas/json).")
    var json = false
    @Option(help: "Print one part as CSV: cells, comparisons, agreements, judge-errors or home-bias.")
    var csv: Part?

    func validate() throws {
        if json, csv != nil { throw ValidationError("--json and --csv cannot be used together") }
    }

    /// Prints findings that have cells and comparisons, in the form that was asked for.
    func print(
        _ document: some Encodable,
        cells: [CellRecord],
        comparisons: [ComparisonRecord],
        judges: JudgeRecords,
        table: (_ styled: Bool, _ width: Int?) -> String
    ) throws {
        if json { return try Console.json(document) }
        switch csv {
        case .cells: Console.print(cellsCSV(cells))
        case .comparisons: Console.print(comparisonsCSV(comparisons))
        case .agreements: Console.print(agreementsCSV(judges.agreements))
        case .judgeErrors: Console.print(judgeErrorsCSV(judges.errors))
        case .homeBias: Console.print(homeBiasCSV(judges.homeBiases))
        case nil: Console.print(table(Console.isStyled, Console.width))
        }
    }
}
