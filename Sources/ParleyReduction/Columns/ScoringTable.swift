// ScoringTable.swift: what a row adds to the sum of its sample, as one look-up without a branch.
// Cells of one suite treat kinds alike, so that the table has a part for each distinct treatment, not for each cell:
// it stays in the nearest cache.

/// From (cell, mark, score) to the word that is added to a sample's accumulator.
///
/// A word is `(sum of observations in billionths) · 2¹⁶ + (number of observations)`; see ``SampleSums``.
struct ScoringTable<Word: FixedWidthInteger & SignedInteger & Sendable>: Sendable {
    struct Entry: Sendable {
        /// All ones where the row's own score counts, else 0.
        var mask: Int64
        /// The count of 1, and the score that stands in for the row's own.
        var addend: Word
    }

    let entries: [Entry]
    /// By cell: the position of its treatment's first entry.
    let first: [Int32]

    init(cells: [CellSpec]) {
        var entries: [Entry] = []
        var known: [KindTreatments: Int32] = [:]
        first = cells.map { spec in
            if let position = known[spec.treatments] { return position }
            let position = Int32(entries.count)
            known[spec.treatments] = position
            for form in OutcomeMark.Form.allCases {
                for kind in KindCode.allCases { entries.append(Self.entry(spec.treatments[kind], form)) }
            }
            return position
        }
        self.entries = entries
    }

    /// The entry of a row.
    @inline(__always)
    func entry(cell: Int, mark: UInt8) -> Entry { entries[Int(first[cell]) + Int(mark)] }

    /// What a row adds to the word of its sample.
    @inline(__always)
    func word(_ entry: Entry, score: Int64) -> Word {
        Word(truncatingIfNeeded: score & entry.mask) << 16 &+ entry.addend
    }

    /// The score that a row brings to its sample, in billionths; `nil` when the row leaves the denominator.
    func score(cell: Int, mark: UInt8, score: Int64) -> Int64? {
        let entry = entry(cell: cell, mark: mark)
        guard entry.addend & 0xFFFF == 1 else { return nil }
        return score & entry.mask + Int64(truncatingIfNeeded: entry.addend >> 16)
    }

    private static func entry(_ treatment: KindTreatment, _ form: OutcomeMark.Form) -> Entry {
        switch treatment {
        case .asScored:
            return form == .none ? Entry(mask: 0, addend: 0) : Entry(mask: -1, addend: 1)
        case .scoreAs(let score):
            precondition(
                score.magnitude <= Billionths.scoreLimit.magnitude,
                "a treatment scores a kind as \(score) billionths, beyond the limit of a score"
            )
            return Entry(mask: 0, addend: Word(score) << 16 + 1)
        case .exclude, .reportApart:
            return Entry(mask: 0, addend: 0)
        }
    }
}

extension CellSpec {
    /// The largest absolute score that stands in for an outcome's own.
    var largestStandIn: Int64 {
        KindCode.allCases.reduce(0) { largest, kind in
            guard case .scoreAs(let score) = treatments[kind] else { return largest }
            return max(largest, Int64(clamping: score.magnitude))
        }
    }
}
