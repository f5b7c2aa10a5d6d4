// KindCode.swift: the outcome kinds as the reduction numbers them.
// Invariant: the raw values are a storage format. They are never renumbered, only added to.

/// What became of one job, in the coding of ``OutcomeColumns``.
///
/// The words are those of the outcome kinds that all providers share. Kind and score are independent: what a kind
/// means for a suite's score is said by ``KindTreatments``.
public enum KindCode: UInt8, Sendable, Equatable, CaseIterable {
    /// The probe was answered and scored.
    case scored = 0
    /// The probe was answered; its grade is made elsewhere.
    case answered = 1
    /// The model refused.
    case refused = 2
    /// The provider blocked the request or the answer.
    case filtered = 3
    /// The answer ended at the token limit.
    case truncated = 4
    /// Our own limit of turns, time or cost was reached.
    case limited = 5
    /// The scorer or the judge failed; never the model's failure.
    case unscorable = 6
    /// The infrastructure failed and the retries are spent.
    case failed = 7

    /// The number of kinds, and so the width of a dense row of counters.
    public static let count = 8
}
