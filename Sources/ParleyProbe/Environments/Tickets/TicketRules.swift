// The rules that the ticket system itself holds: what they forbid, no call can do. What a sample forbids in words only,
// an agent can do all the same, and its tasks say whether it did.

import ParleyModel

/// What must hold before a ticket is closed or changed.
struct TicketRules: Hashable, Sendable {
    /// A ticket is closed only after the agent commented on it.
    var closeNeedsComment = false
    /// A ticket is closed only by the one it is assigned to.
    var closeNeedsAssignee = false
    /// Tickets that cannot be changed.
    var locked: Set<String> = []

    init(_ member: Member?) throws(ParleyFailure) {
        guard let member else { return }
        _ = try member.object(known: ["close_needs_comment", "close_needs_assignee", "locked"])
        closeNeedsComment = try member.optional("close_needs_comment")?.flag() ?? false
        closeNeedsAssignee = try member.optional("close_needs_assignee")?.flag() ?? false
        locked = Set(try member.optional("locked")?.texts() ?? [])
    }

    func check(changing ticket: Ticket) throws(ToolTrouble) {
        if locked.contains(ticket.id) { throw ToolTrouble("\(ticket.id) is locked and cannot be changed.") }
    }

    func check(closing ticket: Ticket, by me: String) throws(ToolTrouble) {
        if ticket.status == .closed { throw ToolTrouble("\(ticket.id) is closed already.") }
        if closeNeedsAssignee, ticket.assignee != me {
            throw ToolTrouble(
                "Only the one whom it is assigned to closes a ticket; \(ticket.id) is not assigned to \(me)."
            )
        }
        if closeNeedsComment, !ticket.comments.contains(where: { $0.author == me }) {
            throw ToolTrouble("A ticket is closed after a comment that says why; \(ticket.id) has none of \(me).")
        }
    }
}
