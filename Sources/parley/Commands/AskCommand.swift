// parley ask: has this model been through a cross-lab evaluation, and what did the findings show?

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyReport

struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Say whether a model has been evaluated by another party, and what the findings show.",
        discussion: """
            The model is named as in a round file, as it is asked for, or as it came back. It is looked for in packages, \
            which are checked first, or in all rounds of the database and of the servers that it knows; where one of \
            them does not answer, nothing is said. For each area and finding the status is 'shown', \
            'not shown', 'not comparable', 'withheld' or 'not evaluated'. Against a --threshold a finding is shown only \
            where its whole interval lies on the asked side; one that holds the threshold is not shown.

            Exit codes: 0 evaluated by another party, and all that was asked for is shown; 9 evaluated, and something \
            that was asked for is not shown, not comparable, withheld or not evaluated; 10 not evaluated by another \
            party; 7 a package failed its check; 8 a package cannot be read.

            Examples:
              parley ask the-model-id --package buyers.tar --trust north.pub --threshold safety=0.95
              parley ask the-model-id --json
            """
    )

    @Argument(help: "The model.")
    var model: String
    @Option(
        help: ArgumentHelp("A package to look in, in place of the database; several may be given.", valueName: "path")
    )
    var package: [String] = []
    @Option(help: ArgumentHelp("A party's public key, as you got it from that party.", valueName: "file"))
    var trust: [String] = []
    @OptionGroup var thresholds: ThresholdOptions
    @Flag(help: "Print as JSON (schemas/json/ask.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if package.isEmpty, !trust.isEmpty { throw ValidationError("--trust is of packages: name one with --package") }
    }

    func run() async throws {
        var rounds: [AskDocument.Round] = []
        if package.isEmpty { rounds = try await inDatabase() }
        for path in package {
            if let round = try await inPackage(path) { rounds.append(round) }
        }
        let document = AskDocument(model: model, rounds: rounds, thresholds: thresholds.thresholds)
        if json {
            try Console.json(document)
        } else {
            Console.print(askText(document, styled: Console.isStyled, width: Console.width))
        }
        guard document.answer == .evaluated else { throw ExitCode(10) }
        if document.status != .shown { throw ExitCode(9) }
    }

    private func inPackage(_ path: String) async throws -> AskDocument.Round? {
        let files = try PackageFiles(path: path)
        let keys = try trust.map { try PublicKey(file: $0) }
        let report = try await PackageCheck.reportFromQueue(on: files, trusted: keys)
        guard report.passed else {
            throw ParleyFailure(
                .verification,
                "A check of \(path) failed, so that nothing in it is answered from.",
                remedy: "`parley verify \(path)` says which."
            )
        }
        let (definition, findings) = try files.checkedFindings()
        return round(findings, cells: definition.cells, source: path)
    }

    private func inDatabase() async throws -> [AskDocument.Round] {
        try await database.open(logger: log.logger("parley")).use { session in
            let directory = try await session.queue.directory()
            try directory.requireAll()
            var rounds: [AskDocument.Round] = []
            for entry in directory.entries {
                let definition = try await entry.queue.definition(of: entry.record.id)
                let findings = try await entry.queue.findings(round: entry.record.id)
                if let round = round(findings, cells: definition.cells, source: "database") { rounds.append(round) }
            }
            return rounds
        }
    }

    /// What one round says; nil where it has no such model.
    private func round(_ findings: FindingsDocument, cells: [Cell], source: String) -> AskDocument.Round? {
        let models = findings.models.filter {
            $0.name.text == model || $0.modelID == model || $0.modelsReturned.contains(model)
        }
        guard !models.isEmpty else { return nil }
        let answers = findings.answers(
            cells: cells,
            models: Set(models.map(\.name)),
            thresholds: thresholds.thresholds
        )
        return AskDocument.Round(source: source, findings: findings, models: models, answers: answers)
    }
}
