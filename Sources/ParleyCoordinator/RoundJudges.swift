// From the grades of a round, and what people said of its transcripts, to the records about its judges.

import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyRounds

extension CoordinatorQueue {
    /// What is said of a round's judges, as far as their grades are; nothing where no suite is judged by models.
    /// - Parameter labels: the path of a file with people's labels
    func judgeRecords(round: RoundID, definition: RoundDefinition, labels: String?) async throws -> JudgeRecords {
        var assembler = JudgeAssembler(definition: definition)
        // Mistakes in the file are told before anything long is read.
        if let labels {
            for label in try await readLabels(labels, round: round, definition) { assembler.add(label) }
        }
        guard definition.suites.contains(where: { $0.scorer.grader != nil }) else { return JudgeRecords() }
        let graders = definition.cells.map { definition.suite($0.suite)?.scorer.grader }
        try await grades(round: round) { page in
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

    func readLabels(
        _ path: String,
        round: RoundID,
        _ definition: RoundDefinition
    ) async throws -> [LabelRecord] {
        var samples: [SuiteName: [String: Int]] = [:]
        for (number, suite) in definition.suites.enumerated() where suite.scorer.grader != nil {
            samples[suite.name] = try await sampleNumbers(round: round, suite: number)
        }
        let known = samples
        return try await onReductionQueue { try LabelFile.read(path, definition: definition, samples: known) }
    }
}
