// A round as one of its parties sees it, with the findings of what is shown to it: what `parley view --json` prints
// (schemas/json/view.schema.json). What is withheld is named and has no figure.

import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// A round through a party's eyes.
public struct ViewDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.view/1"

    /// A cell, and its finding where its scores are shown and it has outcomes.
    public struct Cell: Hashable, Sendable, Codable {
        public var suite: SuiteName
        public var configuration: ConfigurationName
        public var model: ModelName
        /// Whose model.
        public var party: PartyName
        public var planned: Int
        public var status: PartyReader.Status
        public var transcripts: PartyReader.Status
        public var finding: CellRecord?
    }

    public var format: String
    public var round: PartyReader.Round
    public var suites: [PartyReader.Suite]
    public var cells: [Cell]
}

extension PartyReader {
    /// A round as this login sees it; nil where it sees no such round.
    public func view(of name: RoundName) async throws -> ViewDocument? {
        guard let round = try await rounds().first(where: { $0.round == name }) else { return nil }
        let suites = try await suites(of: name)
        let cells = try await cells(of: name)
        let outcomes = Dictionary(grouping: try await outcomes(of: name), by: \.cell)
        let findings = try await onReductionQueue {
            var findings: [Int: CellRecord] = [:]
            for cell in cells {
                guard let own = outcomes[cell.number], let suite = suites.first(where: { $0.suite == cell.suite })
                else {
                    continue
                }
                findings[cell.number] = try cell.finding(of: own, suite)
            }
            return findings
        }
        return ViewDocument(
            format: ViewDocument.currentFormat,
            round: round,
            suites: suites,
            cells: cells.map { cell in
                ViewDocument.Cell(
                    suite: cell.suite,
                    configuration: cell.configuration,
                    model: cell.model,
                    party: cell.party,
                    planned: cell.planned,
                    status: cell.scores,
                    transcripts: cell.transcripts,
                    finding: findings[cell.number]
                )
            }
        )
    }
}

extension PartyReader.Cell {
    /// By the rules of the suite; without the bounds that need the scale of its scores.
    fileprivate func finding(of outcomes: [PartyReader.Outcome], _ suite: PartyReader.Suite) throws -> CellRecord? {
        var assembler = OutcomeAssembler()
        for outcome in outcomes {
            try assembler.add(
                OutcomeRecord(
                    suite: self.suite,
                    configuration: configuration,
                    sample: "\(outcome.sample)",
                    kind: outcome.kind,
                    score: outcome.score,
                    usage: outcome.usage,
                    cost: outcome.cost,
                    latencyMicros: outcome.latencyMicros,
                    treatment: suite.kinds[outcome.kind]
                )
            )
        }
        var finding = try assembler.reduction(of: [], epochReducer: suite.epochReducer ?? .mean).cells.first
        finding?.planned = planned
        finding?.neverRun = planned - outcomes.count
        return finding
    }
}
