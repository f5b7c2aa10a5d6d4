// parley plan: check a round file and say what it would take, before anything is spent.

import ArgumentParser
import ParleyModel
import ParleyReport
import ParleyRounds

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Check a round file; show cells, jobs, tokens, money and time.",
        discussion: """
            All mistakes are reported at once, each with its place and what to write instead. No model is called, and nothing is \
            run but, with --allow-external, the code of Inspect's tasks, to learn their samples.

            Examples:
              parley plan round.yaml
              parley plan round.yaml --json
            """
    )

    @Argument(help: "The round file.")
    var file: String
    @Flag(help: "Plan with the built-in simulated provider in place of every model.")
    var simulated = false
    @Flag(help: "Print as JSON (schemas/json/plan.schema.json).")
    var json = false
    @OptionGroup var external: ExternalOptions

    func run() async throws {
        let plan = try external.plan(file, isSimulated: simulated)
        for warning in plan.warnings { Console.error("\(warning)") }
        if json { return try Console.json(plan.document) }
        let document = plan.document
        Console.print("\(document.round): \(Escape.terminal(document.title)) (\(document.tier.rawValue))")
        if document.simulated { Console.print("SIMULATED MODELS: this plan calls no real model.") }
        Console.print("Definition \(document.definitionHash)\n\n\(cells(document).render(width: Console.width))\n")
        let totals = document.totals
        Console.print(
            "\(totals.cells) cells, \(totals.jobs) probe jobs, \(totals.gradeJobs) grade jobs, \(totals.calls) calls"
        )
        Console.print(
            "tokens: about \(NumberText.grouped(totals.tokens.input)) in, at most "
                + "\(NumberText.grouped(totals.tokens.output)) out; money: at most \(money(totals.money, document))"
        )
        let minutes = NumberText.fixed(document.estimatedSeconds / 60, decimals: 1)
        Console.print("time: about \(minutes) minutes (\(document.timeAssumption))")
        if let audit = document.audit {
            Console.print(
                "audit: people label at most \(audit.answers) answers, \(audit.size) in each of \(audit.cells) graded "
                    + "cells, drawn under the sealed seed \(audit.seed)"
            )
        }
        for row in document.budgets { Console.print(budget(row, document)) }
        for row in document.programs { Console.print(program(row)) }
    }

    private func cells(_ document: PlanDocument) -> TerminalTable {
        var table = TerminalTable(
            columns: [
                .init("suite"), .init("configuration"), .init("samples", .right),
                .init("epochs", .right), .init("jobs", .right),
                .init("grade jobs", .right), .init("tokens in", .right),
                .init("tokens out", .right), .init("money", .right),
            ],
            isStyled: Console.isStyled
        )
        for cell in document.cells {
            table.append([
                cell.suite.text, cell.configuration.text, "\(cell.samples)", "\(cell.epochs)", "\(cell.jobs)",
                "\(cell.gradeJobs)", NumberText.grouped(cell.tokens.input), NumberText.grouped(cell.tokens.output),
                money(cell.money, document),
            ])
        }
        return table
    }

    private func money(_ money: Money?, _ document: PlanDocument) -> String {
        money.map { NumberText.money($0, currency: document.currency) } ?? "no price"
    }

    private func program(_ row: PlanDocument.ProgramRow) -> String {
        let command = row.command.map { Escape.terminal($0) }.joined(separator: " ")
        let files = row.files.map { "\(Escape.terminal($0.path)) \($0.sha256)" }.joined(separator: ", ")
        return
            "suite '\(row.suite)' RUNS A PROGRAM on every worker with --allow-external: \(command)\n  frozen: \(files)"
    }

    private func budget(_ row: PlanDocument.BudgetRow, _ document: PlanDocument) -> String {
        let scope =
            row.budget.party.map { "party \($0)" } ?? row.budget.model.map { "model \($0)" }
            ?? row.budget.suite.map { "suite \($0)" } ?? "round"
        let parts =
            (row.budget.tokens.map { ["\(NumberText.grouped($0)) tokens"] } ?? [])
            + (row.budget.money.map { [money($0, document)] } ?? [])
        return "budget of \(scope): \(parts.joined(separator: ", ")): \(row.isEnough ? "enough" : "SHORT")"
    }
}
