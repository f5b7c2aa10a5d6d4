// parley reduce: findings of outcome files, with no database and no round.

import ArgumentParser
import ParleyEvidence
import ParleyModel
import ParleyReport
import ParleyRounds

struct ReduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reduce",
        abstract: "Reduce outcome files (CSV or JSONL) to findings, with no database.",
        discussion: """
            One outcome a row, in any order; several files count as one. Rows of one suite, configuration and sample \
            are repetitions. Scores are numbers or true and false; a row without a score is unscorable. Also read, \
            where they are there: kind, input_tokens, output_tokens, cached_tokens, reasoning_tokens, cost, latency_ms.

            Examples:
              parley reduce outcomes.csv --suite suite
              parley reduce labels.csv --suite model --configuration method --sample item --score jailbroken
              parley reduce part1.jsonl part2.jsonl --json > findings.json
            """
    )

    @Argument(help: "The files: CSV with a header where the name ends in .csv, else JSONL.")
    var files: [String]
    @Option(help: "The column that names the suite; without it, all outcomes are of one.")
    var suite: String?
    @Option(help: "The columns that name the configuration, with commas between them.")
    var configuration = "configuration"
    @Option(help: "The column that tells samples apart.")
    var sample = "sample"
    @Option(help: "The column with the score.")
    var score = "score"
    @Flag(help: "Print as JSON (schemas/json/reduction.schema.json).")
    var json = false

    func run() throws {
        let fields = OutcomeFields(
            suite: suite,
            configuration: configuration.split(separator: ",").map(String.init),
            sample: sample,
            score: score
        )
        var assembler = OutcomeAssembler()
        var sources: [ReductionDocument.Source] = []
        for file in files {
            let before = assembler.count
            try OutcomeFile.read(file, fields: fields) { try assembler.add($0) }
            sources.append(ReductionDocument.Source(file: file, outcomes: assembler.count - before))
        }
        guard assembler.count > 0 else {
            throw InvalidInput([Diagnostic(file: files[0], "no outcomes", remedy: "write one outcome a row")])
        }
        let reduction = try assembler.reduction(of: sources)
        if json { return try Console.json(reduction) }
        Console.print(reductionTable(reduction, styled: Console.isStyled, width: Console.width))
    }
}
