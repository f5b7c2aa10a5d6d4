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

            With --judge, other judges scored the same transcripts, and their agreement is shown; each judge is called \
            by its column's name, that of --score too. With --labels, people labelled some of the transcripts, and \
            each judge's error is shown with the estimate that is corrected for it. An empty field is no verdict, or \
            no label.

            Examples:
              parley reduce outcomes.csv --suite suite
              parley reduce labels.csv --suite model --configuration method --sample item --score jailbroken
              parley reduce graded.csv --score judge_a --judge judge_b,judge_c --labels people
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
    @Option(
        help: ArgumentHelp(
            "The columns with other judges' scores of the same transcripts, with commas between them.",
            valueName: "columns"
        )
    )
    var judge: String?
    @Option(help: ArgumentHelp("The column with people's labels of the transcripts.", valueName: "column"))
    var labels: String?
    @Option(help: "What the repetitions of a sample say together: \(EpochReducer.forms).", transform: reducer)
    var epochReducer = EpochReducer.mean
    @OptionGroup var bootstrap: BootstrapOption
    @OptionGroup var permutations: PermutationOption
    @Option(help: "The seed of the bootstrap and of the permutations.")
    var seed: UInt64 = 0
    @OptionGroup var format: FindingsFormat

    private static func reducer(_ text: String) throws -> EpochReducer {
        guard let reducer = EpochReducer(text) else { throw ValidationError("write \(EpochReducer.forms)") }
        return reducer
    }

    private var fields: OutcomeFields {
        OutcomeFields(
            suite: suite,
            configuration: configuration.split(separator: ",").map(String.init),
            sample: sample,
            score: score,
            judges: judge?.split(separator: ",").map(String.init) ?? [],
            labels: labels
        )
    }

    func validate() throws {
        if let problem = fields.problem { throw ValidationError(problem) }
    }

    func run() throws {
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
        let reduction = try assembler.reduction(
            of: sources,
            epochReducer: epochReducer,
            resamples: bootstrap.resamples,
            permutations: permutations.draws,
            seed: seed
        )
        try format.print(
            reduction,
            cells: reduction.cells,
            comparisons: reduction.comparisons,
            judges: reduction.judges
        ) {
            reductionTable(reduction, styled: $0, width: $1)
        }
    }
}
