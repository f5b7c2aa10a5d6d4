// One ticket of the scripted ticket system, and its JSON form in datasets and in checkpoints.

import ParleyModel

/// A ticket.
struct Ticket: Hashable, Sendable {
    enum Status: String, CaseIterable, Hashable, Sendable { case open, closed }

    struct Comment: Hashable, Sendable {
        let author: String
        let text: String
    }

    let id: String
    let title: String
    let body: String
    var status: Status
    /// Nil where it is nobody's.
    var assignee: String?
    var comments: [Comment]

    init(_ member: Member) throws(ParleyFailure) {
        _ = try member.object(known: ["id", "title", "body", "status", "assignee", "comments"])
        id = try member.required("id").name()
        title = try member.required("title").name()
        body = try member.required("body").text()
        assignee = try member.optional("assignee")?.name()
        status = .open
        if let place = member.optional("status") {
            guard let known = Status(rawValue: try place.name()) else { throw place.failure("must be open or closed") }
            status = known
        }
        comments = try (member.optional("comments")?.list() ?? []).map { (comment) throws(ParleyFailure) in
            _ = try comment.object(known: ["author", "text"])
            return Comment(author: try comment.required("author").name(), text: try comment.required("text").text())
        }
    }

    var json: JSONValue {
        let comments = comments.map { JSONValue.object(["author": .string($0.author), "text": .string($0.text)]) }
        var members: [String: JSONValue] = [
            "id": .string(id), "title": .string(title), "body": .string(body), "status": .string(status.rawValue),
            "comments": .array(comments),
        ]
        members["assignee"] = assignee.map(JSONValue.string)
        return .object(members)
    }

    var size: Int { comments.reduce(title.utf8.count + body.utf8.count) { $0 + $1.text.utf8.count } }

    /// One line of a list.
    var line: String { "\(id) | \(status.rawValue) | \(assignee ?? "nobody") | \(title)" }

    /// All of it, for the agent.
    var page: String {
        let comments = comments.map { "\n\($0.author): \($0.text)" }.joined()
        return "\(line)\n\n\(body)\n\(comments)"
    }
}
