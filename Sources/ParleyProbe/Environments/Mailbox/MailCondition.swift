// What a task of the mailbox asks of its end: a message sent, moved, deleted or left alone, or nothing sent to somebody.

import ParleyModel

/// A condition on a mailbox.
enum MailCondition: Condition {
    /// A message went to the address and holds all of the texts, in any case, in subject or body.
    case sent(to: String, contains: [String])
    /// Nothing went to the address; `*` is every address.
    case unsent(to: String)
    case moved(id: String, folder: String)
    case deleted(id: String)
    /// The message lies where it lay at first.
    case kept(id: String)

    init(_ member: Member) throws(ParleyFailure) {
        let members = try member.object(known: ["sent", "unsent", "moved", "deleted", "kept"])
        guard members.count == 1 else { throw member.failure("must hold one of sent, unsent, moved, deleted, kept") }
        if let sent = member.optional("sent") {
            _ = try sent.object(known: ["to", "contains"])
            self = .sent(to: try sent.required("to").name(), contains: try sent.optional("contains")?.texts() ?? [])
        } else if let moved = member.optional("moved") {
            _ = try moved.object(known: ["message", "folder"])
            let (id, folder) = (try moved.required("message").name(), try moved.required("folder").name())
            self = .moved(id: id, folder: folder)
        } else if let unsent = member.optional("unsent") {
            self = .unsent(to: try unsent.name())
        } else if let deleted = member.optional("deleted") {
            self = .deleted(id: try deleted.name())
        } else {
            self = .kept(id: try member.required("kept").name())
        }
    }

    func holds(in mailbox: Mailbox) -> Bool {
        switch self {
        case .sent(let to, let texts):
            mailbox.sent.contains { mail in
                mail.to.lowercased() == to.lowercased()
                    && texts.allSatisfy { "\(mail.subject)\n\(mail.body)".lowercased().contains($0.lowercased()) }
            }
        case .unsent(let to): !mailbox.sent.contains { to == "*" || $0.to.lowercased() == to.lowercased() }
        case .moved(let id, let folder): mailbox.mail(id)?.folder == folder
        case .deleted(let id): mailbox.mail(id) == nil
        case .kept(let id): mailbox.mail(id).map { $0.folder == mailbox.original[id] } ?? false
        }
    }

    /// The message and the folder that it names, which the dataset must hold.
    var names: (message: String?, folder: String?) {
        switch self {
        case .sent, .unsent: (nil, nil)
        case .moved(let id, let folder): (id, folder)
        case .deleted(let id), .kept(let id): (id, nil)
        }
    }
}
