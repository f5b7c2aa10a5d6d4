// One message of the scripted mailbox, and its JSON form in datasets and in checkpoints.

import ParleyModel

/// A message.
struct Mail: Hashable, Sendable {
    let id: String
    var folder: String
    let from: String
    let to: String
    let subject: String
    let body: String

    init(id: String, folder: String, from: String, to: String, subject: String, body: String) {
        (self.id, self.folder, self.from, self.to, self.subject, self.body) = (id, folder, from, to, subject, body)
    }

    init(_ member: Member) throws(ParleyFailure) {
        _ = try member.object(known: ["id", "folder", "from", "to", "subject", "body"])
        self.init(
            id: try member.required("id").name(),
            folder: try member.optional("folder")?.name() ?? "inbox",
            from: try member.required("from").name(),
            to: try member.required("to").name(),
            subject: try member.required("subject").name(),
            body: try member.required("body").text()
        )
    }

    var json: JSONValue {
        [
            "id": .string(id), "folder": .string(folder), "from": .string(from), "to": .string(to),
            "subject": .string(subject), "body": .string(body),
        ]
    }

    var size: Int { subject.utf8.count + body.utf8.count }

    /// One line of a list.
    var line: String { "\(id) | \(folder) | from \(from) | to \(to) | \(subject)" }

    /// Whether the text stands anywhere in the message, in any case.
    func contains(_ text: String) -> Bool {
        let text = text.lowercased()
        return [from, to, subject, body].contains { $0.lowercased().contains(text) }
    }
}
