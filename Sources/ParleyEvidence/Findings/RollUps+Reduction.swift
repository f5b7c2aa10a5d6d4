// Roll-ups and surprises under the names of the findings document. Which cells make a group is decided here, from the
// definition; no number is computed here.

import ParleyModel
import ParleyReduction

extension RoundDefinition {
    /// Where each cell stands, by its index.
    var cellPlaces: [CellPlace] {
        let suiteNumbers = Dictionary(
            suites.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let numbers = Dictionary(
            configurations.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return cells.map { cell in
            CellPlace(
                suite: suiteNumbers[cell.suite] ?? -1,
                configuration: numbers[cell.configuration] ?? -1,
                hasUnitScores: suite(cell.suite)?.hasUnitScores ?? false
            )
        }
    }

    /// The roll-ups of the round: by area, all six of them, by family of suites, by the party of the suite, by that of the model, and over
    /// all cells.
    func rollUps(_ reduction: Reduction) -> [RollUpRecord] {
        let places = cellPlaces
        func record(_ grouping: RollUpRecord.Grouping, _ name: String, where holds: (Cell) -> Bool) -> RollUpRecord {
            let members = cells.indices.filter { holds(cells[$0]) }
            let rollUp = reduction.rollUp(of: members, places: places)
            return RollUpRecord(grouping, name, rollUp, reduction, cells)
        }
        func modelParty(_ cell: Cell) -> PartyName? {
            configuration(cell.configuration).flatMap { own in models.first { $0.name == own.model }?.party }
        }
        let families = Set(cells.compactMap { suite($0.suite)?.family })
        let suiteParties = Set(cells.compactMap { suite($0.suite)?.party })
        let modelParties = Set(cells.compactMap(modelParty))
        return Area.allCases.map { area in
            record(.area, area.rawValue) { suite($0.suite)?.areas.contains(area) ?? false }
        }
            + families.sorted().map { family in record(.family, family) { suite($0.suite)?.family == family } }
            + suiteParties.sorted().map { party in
                record(.suiteParty, party.text) { suite($0.suite)?.party == party }
            }
            + modelParties.sorted().map { party in record(.modelParty, party.text) { modelParty($0) == party } }
            + [record(.tier, tier.rawValue) { _ in true }]
    }

    /// The surprises of the round, the farthest first, then by name.
    func surprises(_ reduction: Reduction) -> [SurpriseRecord] {
        let records = reduction.surprises(places: cellPlaces).map { surprise in
            switch surprise.subject {
            case .cell(let cell): SurpriseRecord(surprise, cells[cell], comparedWith: nil)
            case .comparison(let index):
                SurpriseRecord(
                    surprise,
                    cells[reduction.comparisons[index].pair.first],
                    comparedWith: cells[reduction.comparisons[index].pair.second].configuration
                )
            }
        }
        return records.sorted { left, right in
            if left.z.magnitude != right.z.magnitude { return left.z.magnitude > right.z.magnitude }
            return left.names.lexicographicallyPrecedes(right.names)
        }
    }
}

extension Suite {
    /// Whether every score that can count lies between 0 and 1.
    fileprivate var hasUnitScores: Bool {
        guard let range = scoreRange, range.lowerBound >= 0, range.upperBound <= Score.unit else { return false }
        return OutcomeKind.allCases.allSatisfy { kind in
            guard case .scoreAs(let score) = treatment(of: kind) else { return true }
            return (0...Score.unit).contains(score.billionths)
        }
    }
}

extension RollUpRecord {
    fileprivate init(_ grouping: Grouping, _ name: String, _ rollUp: RollUp, _ reduction: Reduction, _ cells: [Cell]) {
        func member(_ cell: Int?) -> Member? {
            guard let cell, let estimate = reduction.findings[cell].score.mean else { return nil }
            return Member(suite: cells[cell].suite, configuration: cells[cell].configuration, estimate: estimate)
        }
        self.init(
            grouping: grouping,
            name: name,
            cells: rollUp.cells,
            suites: rollUp.suites,
            leftOut: LeftOut(
                withoutEstimate: rollUp.leftOut.withoutEstimate,
                onAnotherScale: rollUp.leftOut.onAnotherScale,
                withoutError: rollUp.leftOut.withoutError
            ),
            mean: rollUp.mean,
            standardError: rollUp.standardError,
            lowest: member(rollUp.lowest),
            highest: member(rollUp.highest),
            heterogeneity: rollUp.heterogeneity.map(Heterogeneity.init)
        )
    }
}

extension RollUpRecord.Heterogeneity {
    fileprivate init(_ effects: RandomEffects) {
        self.init(
            q: effects.q,
            pValue: effects.pValue,
            iSquared: effects.iSquared,
            tauSquared: effects.tauSquared,
            mean: effects.mean,
            standardError: effects.standardError,
            interval: Interval(effects.interval),
            hartungKnapp: effects.hartungKnapp.map(Interval.init)
        )
    }
}

extension SurpriseRecord {
    fileprivate init(_ surprise: Surprise, _ cell: Cell, comparedWith: ConfigurationName?) {
        self.init(
            suite: cell.suite,
            configuration: cell.configuration,
            comparedWith: comparedWith,
            estimate: surprise.estimate,
            expected: surprise.expected,
            spread: surprise.spread,
            others: surprise.others,
            z: surprise.z
        )
    }

    fileprivate var names: [String] { [suite.text, configuration.text, comparedWith?.text ?? ""] }
}
