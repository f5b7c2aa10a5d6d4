// From the grades of a round, and what people said of its transcripts, to the records about its judges.

import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyRounds

extension CoordinatorQueue {
    /// What is said of a round's judges, as far as their grades are; nothing where no suite is judged by models.
    /// - Parameters:
    ///   - definition: with the graders of the gradings in place of the frozen ones
    ///   - labels: the path of a file with people's labels; nil for those in the database
    func judgeRecords(
        round: RoundID,
        definition: RoundDefinition,
        by gradings: [Grading] = [],
        labels: String?
    ) async throws -> JudgeRecords {
        var assembler = JudgeAssembler(definition: definition)
        // Mistakes in the file are told before anything long is read.
        for label in try await peoplesLabels(labels, round: round, definition) { assembler.add(label) }
        guard definition.suites.contains(where: { $0.scorer.grader != nil }) else { return JudgeRecords() }
        let graders = definition.cells.map { definition.suite($0.suite)?.scorer.grader }
        try await grades(round: round, by: gradings) { page in
            for grade in page {
                guard let grader = graders[grade.cell] else { continue }
                assembler.add(
                    judge: grade.judge,
                    of: grader,
                    cell: definition.cells[grade.cell],
                    sample: grade.sample,
                    epoch: grade.epoch,
                    score: grade.score
                )
            }
        }
        let finished = assembler
        return try await onReductionQueue { try finished.records() }
    }

    /// People's labels: of a file where one is named, else those of the audit in the database.
    func peoplesLabels(
        _ path: String?,
        round: RoundID,
        _ definition: RoundDefinition
    ) async throws -> [LabelRecord] {
        guard let path else { return AuditLabels(try await labels(round: round)).records(definition) }
        var samples: [SuiteName: [String: Int]] = [:]
        for (number, suite) in definition.suites.enumerated() where suite.scorer.grader != nil {
            samples[suite.name] = try await sampleNumbers(round: round, suite: number)
        }
        let known = samples
        return try await onReductionQueue { try LabelFile.read(path, definition: definition, samples: known) }
    }

    /// The gradings of a version, one for each suite that was graded by it; none where the version is nil or is that of
    /// the frozen graders.
    /// - Throws: `ParleyFailure` for a version that no suite has
    func gradings(
        round: RoundID,
        version: String?,
        _ definition: RoundDefinition
    ) async throws -> [Grading] {
        guard let version else { return [] }
        let all = try await gradings(round: round)
        let named = all.filter { $0.grader.version == version }
        let frozen = Set(definition.suites.compactMap { $0.scorer.grader?.version })
        guard named.isEmpty, !frozen.contains(version) else { return named }
        let known = frozen.union(all.map(\.grader.version)).sorted()
        throw ParleyFailure(
            .invalidInput,
            "No suite of the round was graded by version '\(version)'.",
            remedy: known.isEmpty ? "No suite is graded by models." : "There are: \(known.joined(separator: ", "))."
        )
    }
}
