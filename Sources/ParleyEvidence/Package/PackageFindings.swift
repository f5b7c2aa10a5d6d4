// From the open outcomes of a package to its findings document: the same code for whoever makes a package and whoever
// checks it. Where cells are hidden, the findings are those of the open ones alone, and so are the families over which
// p values are adjusted.

import Foundation
public import ParleyModel
import ParleyReduction

/// Makes the findings of a package.
public struct PackageFindings: Sendable {
    private let definition: RoundDefinition
    /// The cells that are open, ascending, by index in the whole definition.
    private let openCells: [Int]
    public var outcomes: [PackagedOutcome] = []
    /// Where a ruling leaves the outcome out.
    public var exclusions: [PackagedOutcome.Position] = []
    public var labels: [LabelRecord] = []
    public var amendments: [Amendment] = []

    public init(definition: RoundDefinition, openCells: [Int]) {
        self.definition = definition
        self.openCells = openCells
    }

    /// The document of `parley findings`, of the open cells. Throws where an outcome does not fit the definition.
    public func document() throws -> FindingsDocument {
        var shown = definition
        shown.cells = openCells.map { definition.cells[$0] }
        let numbers = Dictionary(uniqueKeysWithValues: openCells.enumerated().map { ($1, $0) })
        var assembler = FindingsAssembler(definition: shown)
        var returned: [ModelName: Set<String>] = [:]
        for outcome in outcomes {
            guard let cell = numbers[outcome.position.cell] else { continue }
            try assembler.add(
                FindingsInput(
                    cell: cell,
                    sample: outcome.position.sample,
                    epoch: outcome.position.epoch - 1,
                    kind: outcome.kind,
                    score: outcome.score,
                    usage: outcome.usage,
                    cost: outcome.cost + outcome.judgeCost,
                    latencyMicros: outcome.latencyMicros
                )
            )
            if let model = definition.configuration(shown.cells[cell].configuration)?.model {
                returned[model, default: []].formUnion(outcome.modelReturned.map { [$0] } ?? [])
            }
        }
        var document = try assembler.findings(
            modelsReturned: returned,
            asOf: outcomes.map(\.completedAtMicros).max().map {
                Date(timeIntervalSince1970: Double($0) / 1e6).formatted(.iso8601)
            },
            judges: try judges(numbers),
            amendments: amendments,
            ruledOut: Dictionary(exclusions.compactMap { numbers[$0.cell] }.map { ($0, 1) }, uniquingKeysWith: +)
        )
        document.definitionHash = try definition.hash
        return document
    }

    /// In which order the open cells were run; nil where a start is not known.
    public var order: OrderDocument? {
        let starts = outcomes.compactMap { outcome in
            outcome.startedAtMicros.map { at in
                OrderDocument.Start(
                    cell: outcome.position.cell,
                    sample: outcome.position.sample,
                    epoch: outcome.position.epoch,
                    atMicros: at,
                    score: outcome.score
                )
            }
        }
        guard !starts.isEmpty, starts.count == outcomes.count else { return nil }
        return OrderDocument(definition, starts, cells: openCells)
    }

    /// The file form.
    public static func bytes(of document: FindingsDocument) throws -> [UInt8] {
        Array((try JSONValue(encoding: document).pretty + "\n").utf8)
    }

    private func judges(_ numbers: [Int: Int]) throws -> JudgeRecords {
        guard definition.suites.contains(where: { $0.scorer.grader != nil }) else { return JudgeRecords() }
        var shown = definition
        shown.cells = openCells.map { definition.cells[$0] }
        var assembler = JudgeAssembler(definition: shown)
        for label in labels { assembler.add(label) }
        for outcome in outcomes where numbers[outcome.position.cell] != nil {
            let cell = definition.cells[outcome.position.cell]
            guard let grader = definition.suite(cell.suite)?.scorer.grader else { continue }
            for grade in outcome.grades where grader.judges.indices.contains(grade.judge) {
                assembler.add(
                    judge: grade.judge,
                    of: grader,
                    cell: cell,
                    sample: outcome.position.sample,
                    epoch: outcome.position.epoch,
                    score: grade.score
                )
            }
        }
        return try assembler.records()
    }
}
