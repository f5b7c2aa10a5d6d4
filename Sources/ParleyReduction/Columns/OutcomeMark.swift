// OutcomeMark.swift: kind and form of the score in one byte, so that one counter a row tells everything that is counted
// by kind: how many there are, how many have no score, and whether a mean is a rate.

/// The kind of an outcome and whether it has a score: one byte a row.
///
/// Invariant: `rawValue = form × KindCode.count + kind`, below ``count``.
struct OutcomeMark: Sendable, Equatable {
    /// What the score column holds.
    enum Form: UInt8, CaseIterable {
        /// No score; the column holds 0.
        case none = 0
        /// 0 or 1.
        case binary = 1
        /// Any other score.
        case graded = 2
    }

    /// The number of marks, and so the width of a dense row of counters.
    static let count = KindCode.count * Form.allCases.count

    let rawValue: UInt8

    init(kind: KindCode, form: Form) { rawValue = form.rawValue * UInt8(KindCode.count) + kind.rawValue }

    init(kind: KindCode, score: Int64?) { self.init(kind: kind, form: Form(score)) }

    /// The position of (kind, form) in a row of counters.
    static func index(_ kind: KindCode, _ form: Form) -> Int { Int(OutcomeMark(kind: kind, form: form).rawValue) }

    /// Whether the raw value names this kind, whatever its form.
    @inline(__always)
    static func isKind(_ kind: KindCode, _ rawValue: UInt8) -> Bool { rawValue & 7 == kind.rawValue }
}

extension OutcomeMark.Form {
    /// The form of a score in billionths.
    init(_ score: Int64?) {
        switch score {
        case nil: self = .none
        case 0, Billionths.one: self = .binary
        default: self = .graded
        }
    }
}
