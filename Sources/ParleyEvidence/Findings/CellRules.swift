// What the rows of an outcome file say of their cell: how each kind counts, and which scores can occur. Rows that
// contradict one another are an error, since either reading would be a guess.

import ParleyModel
import ParleyReduction

/// The rules of one cell, as its rows give them.
struct CellRules: Sendable {
    private var given: [OutcomeKind: ParleyModel.KindTreatment] = [:]
    private var scale: ClosedRange<Score>?

    /// Takes in what a row says. Throws where another row of the cell says otherwise.
    mutating func add(_ outcome: OutcomeRecord) throws(ParleyFailure) {
        if let treatment = outcome.treatment {
            guard (given.updateValue(treatment, forKey: outcome.kind) ?? treatment) == treatment else {
                throw Self.contradiction("counts_as", outcome)
            }
        }
        if let scale = outcome.scale {
            guard (self.scale ?? scale) == scale else { throw Self.contradiction("scale_min and scale_max", outcome) }
            self.scale = scale
        }
    }

    private static func contradiction(_ columns: String, _ outcome: OutcomeRecord) -> ParleyFailure {
        ParleyFailure(
            .invalidInput,
            "\(columns) of '\(outcome.kind.name)' differ from those of an earlier row of "
                + "\(outcome.suite), \(outcome.configuration)",
            remedy: "write the same in all rows of a suite and configuration"
        )
    }

    var treatments: KindTreatments {
        var treatments = KindTreatments()
        for (kind, treatment) in given {
            treatments[KindCode(kind)] =
                switch treatment {
                case .asScored: .asScored
                case .scoreAs(let score): .scoreAs(score.billionths)
                case .exclude: .exclude
                case .reportApart: .reportApart
                }
        }
        return treatments
    }

    var scoreRange: ClosedRange<Int64>? { scale.map { $0.lowerBound.billionths...$0.upperBound.billionths } }
}
