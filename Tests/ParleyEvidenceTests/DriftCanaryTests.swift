// Two rounds with a reference configuration: a planted change of the harness moves the reference as well, one of a model
// does not, and where there is no reference nothing is said of the harness.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Drift canaries") struct DriftCanaryTests {
    private static let samples = 300

    private static func definition(_ name: String, reference: Bool, referenceID: String = "fixed") -> RoundDefinition {
        var definition = MadeUpRound.definition()
        definition.name = RoundName(name)
        definition.models[0].modelID = referenceID
        definition.configurations = [
            Configuration(name: "fixed", model: "ma", reference: reference), Configuration(name: "b", model: "mb"),
        ]
        definition.suites = [definition.suites[0]]
        definition.suites[0].epochs = 1
        definition.suites[0].dataset.count = samples
        definition.cells = ["fixed", "b"].map { Cell(suite: "sums", configuration: $0) }
        return definition
    }

    /// Compares two rounds in which each configuration is right on so many of the samples.
    private static func changes(
        _ earlier: RoundDefinition,
        _ later: RoundDefinition,
        right: [[Int]],
        relevant: Double = 0.05
    ) throws -> [RoundComparisonDocument.Change] {
        let hashes = [(0..<samples).map { ContentHash(of: "\($0)".utf8) }]
        var comparer = RoundComparer(
            earlier: RoundComparer.Round(definition: earlier, samples: hashes),
            later: RoundComparer.Round(definition: later, samples: hashes)
        )
        for (side, counts) in zip([RoundComparer.Side.earlier, .later], right) {
            for (cell, count) in counts.enumerated() {
                let page = (0..<samples).map { sample in
                    FindingsInput(
                        cell: cell,
                        sample: sample,
                        epoch: 0,
                        kind: .scored,
                        score: sample < count ? .one : .zero,
                        usage: Usage(input: 1, output: 1),
                        cost: .zero,
                        latencyMicros: 1
                    )
                }
                try comparer.add(ScorePage(page), of: side)
            }
        }
        return try comparer.document(relevantDifference: relevant).changes
    }

    @Test("A model that changed beside a reference that did not is a change of the model")
    func model() throws {
        let rounds = ["spring", "autumn"].map { Self.definition($0, reference: true) }
        let changes = try Self.changes(rounds[0], rounds[1], right: [[200, 250], [200, 150]])
        #expect(changes.map(\.verdict) == ["unchanged", "regressed"])
        #expect(changes.map(\.harness) == [.held, .held] && changes.map(\.status) == [.shown, .shown])
    }

    @Test("A reference that changed as well is a change of the harness: nothing is said of the model")
    func harness() throws {
        let rounds = ["spring", "autumn"].map { Self.definition($0, reference: true) }
        let changes = try Self.changes(rounds[0], rounds[1], right: [[200, 250], [140, 150]])
        #expect(changes.map(\.verdict) == ["not comparable", "not comparable"])
        #expect(changes.map(\.harness) == [.changed, .changed] && changes[1].status == .notComparable)
        #expect(changes[1].rule.contains("the harness did"))
    }

    @Test("Without a reference, or with one that is another model, nothing is said of the harness")
    func none() throws {
        let plain = ["spring", "autumn"].map { Self.definition($0, reference: false) }
        let changes = try Self.changes(plain[0], plain[1], right: [[200, 250], [140, 150]])
        #expect(changes.map(\.verdict) == ["regressed", "regressed"] && changes[0].harness == .noReference)
        let earlier = Self.definition("spring", reference: true)
        let later = Self.definition("autumn", reference: true, referenceID: "other")
        let other = try Self.changes(earlier, later, right: [[200, 250], [140, 150]])
        #expect(other.map(\.harness) == [.noReference, .noReference] && other[0].changedSettings == ["model: id"])
    }

    @Test("A reference that wavers a little neither clears the harness nor accuses it")
    func undecided() throws {
        let rounds = ["spring", "autumn"].map { Self.definition($0, reference: true) }
        let changes = try Self.changes(rounds[0], rounds[1], right: [[200, 250], [197, 150]], relevant: 0.01)
        #expect(changes[1].harness == .undecided && changes[1].verdict == "regressed")
        var flagged = rounds[1]
        flagged.comparability = [Comparability(suite: "sums", configuration: "b", flag: .variantExcluded)]
        let other = try Self.changes(rounds[0], flagged, right: [[200, 250], [200, 250]])
        #expect(other[1].verdict == "not comparable" && other[1].flags == ["variant excluded"])
        #expect(other[0].verdict == "unchanged")
    }
}
