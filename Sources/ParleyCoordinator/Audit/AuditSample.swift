// The answers of a round that people are to label: drawn by the frozen plan, and shown under tickets that tell neither
// configuration nor judge. Sorted by ticket, answers of all cells stand mixed.

public import ParleyModel
public import ParleyQueue

/// One answer that was drawn.
public struct AuditItem: Hashable, Sendable {
    /// The first 16 digits of the answer's key in the draw.
    public let ticket: String
    public let job: JobID
    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    /// Index in the suite's frozen order, and the sample's id.
    public let sample: Int
    public let sampleID: String
    /// From 1.
    public let epoch: Int
}

/// The audit sample of a round.
public struct AuditSample: Sendable {
    public let definition: RoundDefinition
    public let plan: AuditPlan
    /// By ticket.
    public let items: [AuditItem]

    /// Draws from the answers of each cell whose suite models grade.
    /// - Parameters:
    ///   - answers: of each cell, those that went to judges
    ///   - sampleIDs: of each suite, the ids in the frozen order
    public init(
        _ plan: AuditPlan,
        of definition: RoundDefinition,
        answers: [Int: [AnsweredProbe]],
        sampleIDs: [Int: [String]]
    ) {
        self.definition = definition
        self.plan = plan
        var items: [AuditItem] = []
        for (number, cell) in definition.cells.enumerated() {
            guard let suite = definition.suites.firstIndex(where: { $0.name == cell.suite }) else { continue }
            let ids = sampleIDs[suite] ?? []
            let known = (answers[number] ?? []).filter { ids.indices.contains($0.sample) }
            let drawn = plan.draw(known, of: cell) { (ids[$0.sample], $0.epoch) }
            items += drawn.map { key, answer in
                AuditItem(
                    ticket: String(key.hex.prefix(16)),
                    job: answer.job,
                    cell: number,
                    sample: answer.sample,
                    sampleID: ids[answer.sample],
                    epoch: answer.epoch
                )
            }
        }
        self.items = items.sorted { $0.ticket < $1.ticket }
    }

    /// The suite of an item.
    public func suite(of item: AuditItem) -> Suite? { definition.suite(definition.cells[item.cell].suite) }

    /// The grades that an item can be given, by falling score.
    public func grades(of item: AuditItem) -> [(name: String, score: Score)] {
        let scale = suite(of: item)?.scorer.grader?.scale ?? [:]
        return scale.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }
}

extension CoordinatorQueue {
    /// The audit sample of a round, as far as its answers are there. While probes are missing the draw may still change:
    /// an answer that comes later can take the place of one that was drawn.
    /// - Throws: `ParleyFailure` where the round has no audit
    public func auditSample(of round: RoundRecord) async throws -> AuditSample {
        let definition = try await definition(of: round.id)
        guard let plan = definition.audit else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(round.name)' was frozen without an audit.",
                remedy: "A round file asks for one by 'audit: { per_cell: 30 }'; `--labels FILE` takes labels made elsewhere."
            )
        }
        var answers: [Int: [AnsweredProbe]] = [:]
        for (number, cell) in definition.cells.enumerated() where definition.suite(cell.suite)?.scorer.grader != nil {
            answers[number] = try await answered(round: round.id, cell: number)
        }
        var ids: [Int: [String]] = [:]
        for (number, suite) in definition.suites.enumerated() where suite.scorer.grader != nil {
            let numbers = try await sampleNumbers(round: round.id, suite: number)
            ids[number] = numbers.sorted { $0.value < $1.value }.map(\.key)
        }
        return AuditSample(plan, of: definition, answers: answers, sampleIDs: ids)
    }
}
