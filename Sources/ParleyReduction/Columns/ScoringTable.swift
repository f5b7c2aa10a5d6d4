// ScoringTable.swift: the treatments of all cells, flattened for the hot loop: one look-up a row, no branch on enums
// with payloads. Index: cell × KindCode.count + kind.

/// From (cell, kind, score) to the observation that enters the mean, if any.
struct ScoringTable: Sendable {
    private enum Action {
        static let leaveOut: UInt8 = 0
        static let ownScore: UInt8 = 1
        static let fixedScore: UInt8 = 2
    }

    private let actions: [UInt8]
    private let fixedScores: [Int64]

    init(cells: [CellSpec]) {
        var actions: [UInt8] = []
        var fixedScores: [Int64] = []
        for spec in cells {
            for kind in KindCode.allCases {
                switch spec.treatments[kind] {
                case .asScored:
                    actions.append(Action.ownScore)
                    fixedScores.append(0)
                case .scoreAs(let score):
                    precondition(
                        score.magnitude <= Billionths.scoreLimit.magnitude,
                        "a treatment scores a kind as \(score) billionths, beyond the limit of a score"
                    )
                    actions.append(Action.fixedScore)
                    fixedScores.append(score)
                case .exclude, .reportApart:
                    actions.append(Action.leaveOut)
                    fixedScores.append(0)
                }
            }
        }
        self.actions = actions
        self.fixedScores = fixedScores
    }

    /// The observation in billionths, or `nil` when the row stays out of the denominator.
    @inline(__always)
    func observation(cell: Int, kind: UInt8, scored: UInt8, score: Int64) -> Int64? {
        let index = cell * KindCode.count + Int(kind)
        switch actions[index] {
        case Action.ownScore: return scored == 1 ? score : nil
        case Action.fixedScore: return fixedScores[index]
        default: return nil
        }
    }
}
