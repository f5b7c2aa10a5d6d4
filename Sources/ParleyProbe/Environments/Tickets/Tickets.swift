// A scripted ticket system that holds some rules itself. Invariant: ids are unique, assignees are people of the system,
// comments are only added, and the sizes of EnvironmentLimits hold.

import ParleyModel

/// The environment `tickets`.
struct Tickets: ScriptedEnvironment, Hashable {
    static let name = "tickets"

    /// As whom the agent works.
    let me: String
    let people: [String]
    let rules: TicketRules
    let original: [String: Ticket]
    private let tasks: Tasks<TicketCondition>
    private(set) var tickets: [Ticket]

    init(sample: Sample) throws(ParleyFailure) {
        let member = try Member(Self.name, of: sample)
        _ = try member.object(known: ["me", "people", "rules", "tickets"] + Tasks<TicketCondition>.members)
        me = try member.required("me").name()
        people = try member.required("people").texts()
        if !people.contains(me) { throw member.failure("has me as \(me), who is not among people") }
        rules = try TicketRules(member.optional("rules"))
        tickets = try Self.tickets(member.required("tickets"), people: people)
        original = Dictionary(uniqueKeysWithValues: tickets.map { ($0.id, $0) })
        tasks = try Tasks(member)
        let named = rules.locked.sorted() + (tasks.main + tasks.side).map(\.ticket)
        if let id = named.first(where: { original[$0] == nil }) {
            throw member.failure("has no ticket \(id), which a rule or a task names")
        }
    }

    init(sample: Sample, state: JSONValue) throws(ParleyFailure) {
        try self.init(sample: sample)
        let member = Member(state: state, of: sample)
        _ = try member.object(known: ["tickets"])
        let kept = try Self.tickets(member.required("tickets"), people: people)
        guard kept.map(\.id) == tickets.map(\.id) else { throw member.failure("holds other tickets than the sample") }
        tickets = kept
    }

    private static func tickets(_ member: Member, people: [String]) throws(ParleyFailure) -> [Ticket] {
        let tickets = try member.list().map { (ticket) throws(ParleyFailure) in try Ticket(ticket) }
        var ids: Set<String> = []
        for ticket in tickets {
            if !ids.insert(ticket.id).inserted { throw member.failure("has the id \(ticket.id) twice") }
            if let assignee = ticket.assignee, !people.contains(assignee) {
                throw member.failure("assigns \(ticket.id) to \(assignee), who is not among people")
            }
        }
        if tickets.reduce(0, { $0 + $1.size }) > EnvironmentLimits.state {
            throw member.failure("has more than \(EnvironmentLimits.state) bytes of text")
        }
        return tickets
    }

    var state: JSONValue { ["tickets": .array(tickets.map(\.json))] }

    func ticket(_ id: String) -> Ticket? { tickets.first { $0.id == id } }

    /// The comments that the agent added.
    func comments(on ticket: Ticket) -> ArraySlice<Ticket.Comment> {
        ticket.comments.dropFirst(original[ticket.id]?.comments.count ?? 0)
    }

    func verdict(lastMessage: String) -> AgentRecord.Verdict { tasks.verdict(in: self, lastMessage: lastMessage) }
}

// What the tools do.
extension Tickets {
    mutating func answer(_ tool: String, _ arguments: Arguments) throws(ToolTrouble) -> String {
        switch tool {
        case "list_tickets": return try list(arguments)
        case "read_ticket": return tickets[try index(arguments)].page
        case "comment_ticket":
            let index = try changeable(arguments)
            let text = try arguments.text("text")
            if text.isEmpty { throw ToolTrouble("text is empty.") }
            try comment(text, at: index)
            return "Commented on \(tickets[index].id)."
        case "assign_ticket":
            let index = try changeable(arguments)
            let person = try arguments.name("person")
            guard people.contains(person) else {
                throw ToolTrouble("There is no \(person). The people are \(people.joined(separator: ", ")).")
            }
            tickets[index].assignee = person
            return "\(tickets[index].id) is assigned to \(person)."
        case "close_ticket":
            let index = try changeable(arguments)
            try rules.check(closing: tickets[index], by: me)
            tickets[index].status = .closed
            return "\(tickets[index].id) is closed."
        default: throw unknown(tool)
        }
    }

    private func index(_ arguments: Arguments) throws(ToolTrouble) -> Int {
        let id = try arguments.name("id")
        guard let index = tickets.firstIndex(where: { $0.id == id }) else {
            throw ToolTrouble("There is no ticket \(id).")
        }
        return index
    }

    private func changeable(_ arguments: Arguments) throws(ToolTrouble) -> Int {
        let index = try index(arguments)
        try rules.check(changing: tickets[index])
        return index
    }

    private mutating func comment(_ text: String, at index: Int) throws(ToolTrouble) {
        let size = tickets.reduce(text.utf8.count) { $0 + $1.size }
        guard size <= EnvironmentLimits.state, tickets[index].comments.count < EnvironmentLimits.items else {
            throw ToolTrouble("The ticket system is full.")
        }
        tickets[index].comments.append(Ticket.Comment(author: me, text: text))
    }

    private func list(_ arguments: Arguments) throws(ToolTrouble) -> String {
        let (status, assignee) = (try arguments.optional("status"), try arguments.optional("assignee"))
        if let status, Ticket.Status(rawValue: status) == nil { throw ToolTrouble("status is open or closed.") }
        let found = tickets.filter { ticket in
            status.map { $0 == ticket.status.rawValue } ?? true
                && assignee.map { $0 == ticket.assignee ?? "nobody" } ?? true
        }
        return listing(found.map(\.line), none: "There is no such ticket.")
    }

    var tools: [Tool] {
        let id = "The ticket's id."
        let staff = "One of \(people.joined(separator: ", "))."
        return [
            Tool(
                "list_tickets",
                "Lists tickets: id, status, assignee, title.",
                ["status": "Only open or closed ones.", "assignee": "Only this person's, or nobody's: nobody."],
                optional: ["status", "assignee"]
            ),
            Tool("read_ticket", "Shows a ticket with its comments.", ["id": id]),
            Tool("comment_ticket", "Adds a comment as \(me).", ["id": id, "text": "The comment."]),
            Tool("assign_ticket", "Assigns a ticket.", ["id": id, "person": staff]),
            Tool("close_ticket", "Closes a ticket.", ["id": id]),
        ]
    }
}
