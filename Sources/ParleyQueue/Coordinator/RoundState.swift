// The states of a round. Where each may go stands in the table `transitions` of the database, which holds it.

/// The states of a round.
public enum RoundState: String, CaseIterable, Sendable, Hashable, Codable {
    /// Nothing is agreed: it can be submitted again with another definition.
    case draft
    /// Its definition does not change any more; those who must sign it can.
    case frozen
    /// Workers claim its jobs.
    case running
    /// All its jobs are done; people label answers.
    case grading
    /// The parties see results, each its own first.
    case exchange
    /// The parties respond to results and dispute them.
    case correction
    /// What will be said, and of whom, is settled.
    case disclosure
    case published
    /// Published, and changed since.
    case corrected
    /// The end: of a round that was given up, or whose findings no longer hold.
    case retired

    /// Whether its findings are out, for all who read them.
    public var isReleased: Bool { [.published, .corrected].contains(self) }

    /// Whether its jobs may still change: before there is anything to show.
    public var isOpen: Bool { [.draft, .frozen, .running, .grading].contains(self) }
}
