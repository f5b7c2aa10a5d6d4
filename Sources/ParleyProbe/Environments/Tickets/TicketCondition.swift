// What a task of the ticket system asks of one ticket at the end.

import ParleyModel

/// A condition on a ticket.
enum TicketCondition: Condition {
    /// All that is named holds. A comment holds where one of the agent's has the text, in any case.
    case state(id: String, status: Ticket.Status?, assignee: String?, comments: [String])
    /// Nothing of it was changed.
    case untouched(id: String)

    init(_ member: Member) throws(ParleyFailure) {
        let members = try member.object(known: ["ticket", "status", "assignee", "comments", "untouched"])
        let id = try member.required("ticket").name()
        if let untouched = member.optional("untouched") {
            guard try untouched.flag(), members.count == 2 else {
                throw untouched.failure("must be true, and stand alone")
            }
            self = .untouched(id: id)
            return
        }
        if members.count == 1 { throw member.failure("asks nothing of \(id)") }
        var status: Ticket.Status?
        if let place = member.optional("status") {
            status = Ticket.Status(rawValue: try place.name())
            if status == nil { throw place.failure("must be open or closed") }
        }
        let assignee = try member.optional("assignee")?.name()
        let comments = try member.optional("comments")?.texts() ?? []
        self = .state(id: id, status: status, assignee: assignee, comments: comments)
    }

    var ticket: String {
        switch self {
        case .state(let id, _, _, _), .untouched(let id): id
        }
    }

    func holds(in system: Tickets) -> Bool {
        guard let ticket = system.ticket(ticket) else { return false }
        switch self {
        case .untouched: return ticket == system.original[ticket.id]
        case .state(_, let status, let assignee, let comments):
            let mine = system.comments(on: ticket).map { $0.text.lowercased() }
            return status.map { $0 == ticket.status } ?? true && assignee.map { $0 == ticket.assignee } ?? true
                && comments.allSatisfy { wanted in mine.contains { $0.contains(wanted.lowercased()) } }
        }
    }
}
