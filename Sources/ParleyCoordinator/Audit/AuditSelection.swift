// The answers of a round that people are to label: drawn by the frozen plan, and shown under tickets that tell neither
// configuration nor judge. Sorted by ticket, answers of all cells stand mixed.

public import ParleyEvidence
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

/// The answers that people of a round label.
public struct AuditSelection: Sendable {
    public let definition: RoundDefinition
    /// By ticket.
    public let items: [AuditItem]

    /// Draws from the answers of each cell whose suite models grade.
    /// - Parameters:
    ///   - answers: of each cell, those that went to judges
    ///   - sampleIDs: of each suite, the ids in the frozen order
    public init(
        _ draw: AuditDraw,
        of definition: RoundDefinition,
        answers: [Int: [AnsweredProbe]],
        sampleIDs: [Int: [String]]
    ) {
        self.definition = definition
        var items: [AuditItem] = []
        for (number, cell) in definition.cells.enumerated() {
            guard let suite = definition.suites.firstIndex(where: { $0.name == cell.suite }) else { continue }
            let ids = sampleIDs[suite] ?? []
            let known = (answers[number] ?? []).filter { ids.indices.contains($0.sample) }
            let drawn = draw.answers(known, of: cell) { (ids[$0.sample], $0.epoch) }
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

    /// The grade of this name; where none is written so, that of this name in other letters.
    func grade(named text: String, of item: AuditItem) -> (name: String, score: Score)? {
        let grades = grades(of: item)
        return grades.first { $0.name == text } ?? grades.first { $0.name.lowercased() == text.lowercased() }
    }
}

extension CoordinatorQueue {
    /// The answers of a round that people label. Its seed must be open, and all its probes done: before, the draw could
    /// still change, and whoever knows it could act on it.
    /// - Parameter seed: opens the seed where it is not open yet
    /// - Throws: `ParleyFailure` where the round has no audit, where its seed is not open, or is another one; SQLSTATE
    ///   55000 where probes are missing
    public func auditSelection(
        of round: RoundRecord,
        seed: SealedSeed? = nil,
        by actor: String
    ) async throws -> AuditSelection {
        let open = try await open(round.id)
        // By the names that were agreed, so that a stranger can repeat the draw, and answers are read without them.
        try open.requireWhole(to: "draw the answers that people label")
        try open.requireSilence(of: [actor])
        let definition = open.definition
        guard let audit = definition.audit else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(round.name)' was frozen without an audit.",
                remedy: "A round file asks for one by 'audit'; `--labels FILE` takes labels made elsewhere."
            )
        }
        if let seed {
            guard seed.commitment == audit.seed else {
                throw ParleyFailure(
                    .invalidInput,
                    "This seed is not the one that round '\(round.name)' was frozen with.",
                    remedy: "Give the file that `parley round seed` wrote: its commitment is \(audit.seed)."
                )
            }
            try await openAuditSeed(seed.opened, round: round.id, by: actor)
        }
        guard let opened = try await openedAuditSeed(round: round.id) else {
            throw ParleyFailure(
                .incomplete,
                "The seed of round '\(round.name)' is still sealed.",
                remedy: "Give its file with --seed once; from then on the draw is known to all who may read the round."
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
        let draw = AuditDraw(size: audit.size, seed: opened)
        return AuditSelection(draw, of: definition, answers: answers, sampleIDs: ids)
    }
}
