// parley grade: the answers of a round judged again, by another version of a grader.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport
import ParleyRounds

struct GradeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: "Grade the answers of a round again by another grader; list the graders.",
        discussion: """
            Nothing is probed again and no grade is replaced. Grade jobs of the new grader are queued for workers (or \
            for `parley run FILE`, run again); `parley findings ROUND --grader VERSION` uses its grades. The frozen \
            grader stays the round's: findings by another one are exploratory. Without --grader the graders are listed.

            A grader file holds what a model_graded scorer says of its grader (version, judges, rubric or rubric_file, \
            scale, combine, max_tokens); its judges are configurations of the round.

            Examples:
              parley grade demo
              parley grade demo --suite tutor --grader rubric-2.yaml --because "the rubric missed partial answers"
              parley grade demo --grader 2
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(help: "The suite. Default: every suite that models grade.")
    var suite: String?
    @Option(help: ArgumentHelp("A grader file, or the version of a grader that was used.", valueName: "version|file"))
    var grader: String?
    @Option(help: ArgumentHelp("Why; kept in the ledger.", valueName: "text"))
    var because = ""
    @Flag(help: "Print the graders as JSON (schemas/json/graders.schema.json).")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let definition = try await session.queue.definition(of: record.id)
            let suites = try gradedSuites(of: definition)
            if let grader {
                for suite in suites { try await gradeAgain(suite, by: grader, record, definition, session) }
            }
            let document = try GradersDocument(
                record.name,
                definition,
                try await session.queue.gradings(round: record.id),
                suites: Set(suites)
            )
            if json { return try Console.json(document) }
            Console.print(document.table(styled: Console.isStyled).render(width: Console.width))
        }
    }

    private func gradedSuites(of definition: RoundDefinition) throws -> [SuiteName] {
        let graded = definition.suites.filter { $0.scorer.grader != nil }.map(\.name)
        guard let suite else { return graded }
        if graded.contains(SuiteName(suite)) { return [SuiteName(suite)] }
        throw ParleyFailure(
            .invalidInput,
            "The round has no suite '\(suite)' that models grade.",
            remedy: graded.isEmpty ? nil : "There are: \(graded.map(\.text).joined(separator: ", "))."
        )
    }

    private func gradeAgain(
        _ suite: SuiteName,
        by name: String,
        _ record: RoundRecord,
        _ definition: RoundDefinition,
        _ session: Session
    ) async throws {
        let known = try await session.queue.gradings(round: record.id).first {
            definition.suites[$0.suite].name == suite && $0.grader.version == name
        }
        let grader: Grader
        if let known {
            grader = known.grader
        } else if FileManager.default.fileExists(atPath: name) {
            grader = try GraderFile.read(name, definition: definition)
        } else if definition.suite(suite)?.scorer.grader?.version == name {
            Console.error("Suite '\(suite)': '\(name)' is the frozen grader; its grades are there.")
            return
        } else {
            throw ParleyFailure(
                .invalidInput,
                "Suite '\(suite)' has no grader of version '\(name)', and there is no such file.",
                remedy: "`parley grade \(record.name)` lists the versions."
            )
        }
        guard grader.version != definition.suite(suite)?.scorer.grader?.version else {
            throw ParleyFailure(
                .invalidInput,
                "The frozen grader of suite '\(suite)' has the version '\(grader.version)' already.",
                remedy: "Give the new grader another version."
            )
        }
        let request = try await session.queue.gradeAgain(
            record.id,
            suite: suite,
            by: grader,
            session.authority(in: record.id, because: because)
        )
        let version = Escape.terminal(grader.version)
        Console.error("Suite '\(suite)', grader '\(version)': \(request.queued) grade jobs queued.")
    }
}
