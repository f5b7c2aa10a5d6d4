// What a solver hands to the scorer.

import ParleyModel

/// A conversation that was carried through, or as far as it went.
struct Solution {
    /// How the conversation ended.
    enum Ending: Equatable {
        /// By the model under test: its last stop reason, or the one that ended the conversation early.
        case model(StopReason)
        /// By an instrument of ours (a simulated user that was blocked, refused or fell silent), and how. Never the
        /// model's failure.
        case instrument(String)
        /// By a limit of ours on an agent.
        case limit(AgentRecord.Limit)
    }

    var messages: [Message]
    var answer: String
    var ending: Ending
    var modelReturned: String?
    /// What an agent did, and what its environment says of it.
    var agent: AgentRecord?
    /// What an auditor did.
    var audit: AuditRecord?
}
