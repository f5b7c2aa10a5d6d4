// From the database to findings. Observations are read page by page; the reduction itself runs on a queue of its own,
// never on the cooperative pool.

import Foundation
import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// The findings of a round as far as it is.
    /// - Parameters:
    ///   - resamples: of the bootstrap of each cell; nil for no bootstrap
    ///   - permutations: draws of the sign-flip test of each comparison; nil for no such test
    ///   - labels: the path of a file with people's labels, by which the judges' errors are corrected; nil for those of
    ///     the audit
    ///   - grader: the version by which answers were graded again; nil for the frozen graders
    /// - Throws: `InvalidInput` for mistakes in the file of labels
    public func findings(
        round: RoundID,
        resamples: Int? = nil,
        permutations: Int? = nil,
        labels: String? = nil,
        grader: String? = nil
    ) async throws -> FindingsDocument {
        let open = try await open(round)
        let frozen = open.definition
        let gradings = try await gradings(round: round, version: grader, frozen)
        let graders = gradings.map { (frozen.suites[$0.suite].name, $0.grader) }
        let definition = frozen.graded(by: Dictionary(graders) { first, _ in first })
        let judges = try await judgeRecords(round: round, definition: definition, by: gradings, labels: labels)
        var assembler = FindingsAssembler(definition: definition)
        var last: Int64?
        var returned = [Set<String>](repeating: [], count: definition.cells.count)
        // What is sealed never changes, so that the rows beside it may be read later.
        let sealed = try await segments(round: round)
        try await read(sealed, of: round) { segments in
            for segment in segments {
                last = max(last ?? .min, segment.latestMicros)
                returned[segment.cell].formUnion(segment.modelsReturned)
                assembler.add(segment)
            }
        }
        try await observations(round: round, without: sealed, by: gradings) { page in
            for observation in page {
                try assembler.add(FindingsInput(observation))
                last = max(last ?? .min, observation.completedAtMicros)
                if let model = observation.modelReturned { returned[observation.cell].insert(model) }
            }
        }
        let models = zip(definition.cells, returned).reduce(into: [ModelName: Set<String>]()) { models, cell in
            guard let configuration = definition.configuration(cell.0.configuration) else { return }
            models[configuration.model, default: []].formUnion(cell.1.compactMap { open.text($0) })
        }
        let asOf = last.map { Date(timeIntervalSince1970: Double($0) / 1e6).formatted(.iso8601) }
        let amendments = try await amendments(of: round).map { try $0.amendment }
        // Read last: what is ruled out while this reads is missing once more, not accounted for too early.
        let failures = try await failures(round: round)
        let finished = assembler
        var findings = try await onReductionQueue {
            try finished.findings(
                modelsReturned: models,
                asOf: asOf,
                judges: judges,
                resamples: resamples,
                permutations: permutations,
                amendments: amendments,
                ruledOut: failures.mapValues(\.ruledOut)
            )
        }
        findings.definitionHash = try frozen.hash
        for grading in gradings { findings.suites[grading.suite].grader?.frozen = false }
        for (cell, failures) in failures where !failures.failed.isEmpty {
            findings.cells[cell].failures = failures.failed
        }
        return findings
    }
}

extension CoordinatorQueue {
    /// Segments fetched at once; while some are unpacked the next are on their way.
    private static let segmentsAtOnce = 16

    /// Hands over segments, some at a time.
    nonisolated(nonsending) func read(
        _ segments: [Range<Int64>],
        of round: RoundID,
        _ body: nonisolated(nonsending) ([OutcomeSegment]) async throws -> Void
    ) async throws {
        func batch(_ start: Int) -> [Range<Int64>] {
            Array(segments.dropFirst(start).prefix(Self.segmentsAtOnce))
        }
        var start = 0
        var contents = try await segmentContents(round: round, of: batch(start))
        while !contents.isEmpty {
            start += Self.segmentsAtOnce
            let (current, next) = (contents, batch(start))
            async let following = segmentContents(round: round, of: next)
            try await body(onReductionQueue { try OutcomeSegment.unpack(current) })
            contents = try await following
        }
    }
}

extension FindingsInput {
    init(_ observation: Observation) {
        self.init(
            cell: observation.cell,
            sample: observation.sample,
            epoch: observation.epoch - 1,
            kind: observation.kind,
            score: observation.score,
            usage: observation.usage,
            cost: observation.cost + observation.judgeCost,
            latencyMicros: observation.latencyMicros
        )
    }
}
