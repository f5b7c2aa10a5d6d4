// The records about the judges of one suite. The reduction computes, this file names.

import ParleyModel
import ParleyReduction

/// One suite's ratings by number, with the names.
struct JudgedSuite {
    private static let people: Int32 = 0

    private let suite: SuiteName
    private let configurations: [ConfigurationName]
    /// The judges with their numbers, ascending by name.
    private let judges: [(name: ConfigurationName, rater: Int32)]
    private let families: [ConfigurationName: FamilyName]
    private let table: RatingTable
    private let hasLabels: Bool
    /// The raters that were asked about each cell.
    private let asked: [Int32: Set<Int32>]

    init(_ suite: SuiteName, _ ratings: SuiteRatings, families: [ConfigurationName: FamilyName]) throws {
        let names = NumberedNames(ratings)
        self.suite = suite
        self.families = families
        configurations = names.configurations
        judges = names.raters.enumerated().compactMap { number, rater in
            guard case .judge(let name) = rater else { return nil }
            return (name, Int32(number))
        }
        table = try names.table(suite, ratings.ratings)
        hasLabels = table.rater.contains(Self.people)
        asked = zip(table.cell, table.rater).reduce(into: [:]) { $0[$1.0, default: []].insert($1.1) }
    }

    /// Every two judges, then all where they are more than two.
    func agreements() -> [JudgeAgreementRecord] {
        let pairs = pairsOfJudges().map { [$0, $1] }
        return (judges.count > 2 ? pairs + [Array(judges.indices)] : pairs).map { members in
            JudgeAgreementRecord(suite: suite, judges: members.map { judges[$0] }, table)
        }
    }

    /// By configuration and judge, where the judge was asked; none without any label in the suite.
    func errors(range: ClosedRange<Score>?) -> [JudgeErrorRecord] {
        guard hasLabels else { return [] }
        let range = range.map { $0.lowerBound.billionths...$0.upperBound.billionths }
        return configurations.enumerated().flatMap { cell, configuration in
            judges.filter { asked[Int32(cell)]?.contains($0.rater) == true }.map { judge in
                let cell = Int32(cell)
                let estimate = correctedEstimate(
                    table,
                    cell: cell,
                    judge: judge.rater,
                    gold: Self.people,
                    range: range
                )
                let confusion = judgeConfusion(table, cell: cell, judge: judge.rater, gold: Self.people)
                var record = JudgeErrorRecord(suite, configuration, judge.name, estimate, confusion)
                if let own = families[judge.name], let other = families[configuration] {
                    record.sameFamily = own == other
                }
                return record
            }
        }
    }

    /// Every two judges of different families, where configurations of both families were judged.
    func homeBiases() -> [HomeBiasRecord] {
        pairsOfJudges().compactMap { left, right in
            let pair = [judges[left], judges[right]]
            let families = pair.compactMap { self.families[$0.name] }
            guard families.count == 2, families[0] != families[1] else { return nil }
            let sides = zip(pair, families).map { judge, family in
                HomeSide(judge: judge.rater, cells: cells(of: family))
            }
            guard sides.allSatisfy({ !$0.cells.isEmpty }) else { return nil }
            return HomeBiasRecord(
                suite,
                judges: pair.map(\.name),
                families: families,
                configurations: sides.map { side in side.cells.sorted().map { configurations[Int($0)] } },
                homeBias(table, first: sides[0], second: sides[1])
            )
        }
    }

    private func pairsOfJudges() -> [(left: Int, right: Int)] {
        judges.indices.flatMap { left in ((left + 1)..<judges.count).map { (left, $0) } }
    }

    private func cells(of family: FamilyName) -> Set<Int32> {
        Set(configurations.indices.filter { families[configurations[$0]] == family }.map { Int32($0) })
    }
}

extension JudgeAgreementRecord {
    fileprivate init(suite: SuiteName, judges: [(name: ConfigurationName, rater: Int32)], _ table: RatingTable) {
        let raters = Set(judges.map(\.rater))
        let nominal = ParleyReduction.krippendorffAlpha(table, raters: raters, metric: .nominal)
        func cohen(_ weights: KappaWeights) -> Double? {
            guard judges.count == 2 else { return nil }
            return ParleyReduction.cohenKappa(
                table,
                first: judges[0].rater,
                second: judges[1].rater,
                weights: weights
            ).coefficient
        }
        self.init(
            suite: suite,
            judges: judges.map(\.name),
            units: Int(nominal.units),
            ratings: Int(nominal.ratings),
            rawAgreement: nominal.rawAgreement,
            cohenKappa: cohen(.nominal),
            cohenKappaQuadratic: cohen(.quadratic),
            fleissKappa: ParleyReduction.fleissKappa(table, raters: raters).coefficient,
            krippendorffAlpha: nominal.coefficient,
            krippendorffAlphaInterval: ParleyReduction.krippendorffAlpha(table, raters: raters, metric: .interval)
                .coefficient
        )
    }
}
