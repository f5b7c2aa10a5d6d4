// KindTreatments.swift: what each outcome kind means for a suite's score, as frozen with the round.
// Kind and score are independent: a refusal is a success in one suite and neither right nor wrong in the next.

/// What one kind of outcome does to a suite's score.
public enum KindTreatment: Sendable, Hashable {
    /// The outcome counts with its own score. An outcome without one is *unscored*, which is not zero: it leaves the
    /// denominator and is counted apart.
    case asScored
    /// The outcome counts with this score in billionths, whatever its score column says. At most
    /// ``Billionths/scoreLimit`` either side of zero.
    case scoreAs(Int64)
    /// The outcome leaves the denominator and is counted as excluded.
    case exclude
    /// The outcome leaves the denominator and is counted as a result of its own.
    case reportApart
}

/// The treatment of every kind in one suite.
public struct KindTreatments: Sendable, Hashable {
    private var treatments: [KindTreatment]

    /// Makes the treatments of a suite. The defaults count a score where there is one, report refusals and provider
    /// filters apart, and exclude what says nothing about the model: limits, judge failures, infrastructure.
    public init(
        scored: KindTreatment = .asScored,
        answered: KindTreatment = .asScored,
        refused: KindTreatment = .reportApart,
        filtered: KindTreatment = .reportApart,
        truncated: KindTreatment = .reportApart,
        limited: KindTreatment = .exclude,
        unscorable: KindTreatment = .exclude,
        failed: KindTreatment = .exclude
    ) {
        treatments = [scored, answered, refused, filtered, truncated, limited, unscorable, failed]
    }

    /// The treatment of a kind.
    public subscript(kind: KindCode) -> KindTreatment {
        get { treatments[Int(kind.rawValue)] }
        set { treatments[Int(kind.rawValue)] = newValue }
    }
}
