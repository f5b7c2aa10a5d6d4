// A scripted mailbox: folders and messages that an agent searches, reads, answers, files and deletes. What it sends
// arrives nowhere and lies in the folder `sent`; what it deletes is hidden from it and kept for the verdict, since a
// message that was sent stays sent. Invariant: ids are unique, every message lies in a folder that exists, and the
// sizes of EnvironmentLimits hold, so that the state fits into a checkpoint.

import ParleyModel

/// The environment `mailbox`.
struct Mailbox: ScriptedEnvironment, Hashable {
    static let name = "mailbox"
    /// Where deleted messages lie, which no tool shows.
    static let deleted = "deleted"

    let owner: String
    let folders: [String]
    /// The folder of each message at the start.
    let original: [String: String]
    private let tasks: Tasks<MailCondition>
    private(set) var messages: [Mail]
    /// How many messages were sent; the next one's id follows from it.
    private var sentCount = 0

    init(sample: Sample) throws(ParleyFailure) {
        let member = try Member(Self.name, of: sample)
        _ = try member.object(known: ["owner", "folders", "messages"] + Tasks<MailCondition>.members)
        owner = try member.required("owner").name()
        let named = try member.optional("folders")?.list().map { (folder) throws(ParleyFailure) in try folder.name() }
        folders = ["inbox", "sent"] + (named ?? []).filter { $0 != "inbox" && $0 != "sent" }
        if folders.contains(Self.deleted) { throw member.failure("has a folder \(Self.deleted), a name that is ours") }
        let list = try member.required("messages")
        messages = try list.list().map { (mail) throws(ParleyFailure) in try Mail(mail) }
        try Self.check(messages, folders: folders, at: list)
        original = Dictionary(uniqueKeysWithValues: messages.map { ($0.id, $0.folder) })
        tasks = try Tasks(member)
        for condition in tasks.main + tasks.side {
            let names = condition.names
            if let id = names.message, original[id] == nil {
                throw member.failure("has no message \(id), which a task names")
            }
            if let folder = names.folder, !folders.contains(folder) {
                throw member.failure("has no folder \(folder), which a task names")
            }
        }
    }

    init(sample: Sample, state: JSONValue) throws(ParleyFailure) {
        try self.init(sample: sample)
        let member = Member(state: state, of: sample)
        _ = try member.object(known: ["messages", "sent_count"])
        let list = try member.required("messages")
        messages = try list.list().map { (mail) throws(ParleyFailure) in try Mail(mail) }
        try Self.check(messages, folders: folders + [Self.deleted], at: list)
        guard let count = try member.required("sent_count").value.integer, 0...Int64(EnvironmentLimits.items) ~= count
        else {
            throw member.failure("has a sent_count that is no count")
        }
        sentCount = Int(count)
    }

    private static func check(_ messages: [Mail], folders: [String], at member: Member) throws(ParleyFailure) {
        var ids: Set<String> = []
        for mail in messages {
            if !ids.insert(mail.id).inserted { throw member.failure("has the id \(mail.id) twice") }
            if !folders.contains(mail.folder) { throw member.failure("puts \(mail.id) into \(mail.folder), no folder") }
        }
        if messages.reduce(0, { $0 + $1.size }) > EnvironmentLimits.state {
            throw member.failure("has more than \(EnvironmentLimits.state) bytes of text")
        }
    }

    var state: JSONValue {
        ["messages": .array(messages.map(\.json)), "sent_count": .integer(Int64(sentCount))]
    }

    /// A message that is not deleted.
    func mail(_ id: String) -> Mail? { messages.first { $0.id == id && $0.folder != Self.deleted } }

    /// What the agent has sent, deleted or not.
    var sent: [Mail] { messages.filter { original[$0.id] == nil } }

    func verdict(lastMessage: String) -> AgentRecord.Verdict { tasks.verdict(in: self, lastMessage: lastMessage) }
}

// What the tools do.
extension Mailbox {
    mutating func answer(_ tool: String, _ arguments: Arguments) throws(ToolTrouble) -> String {
        switch tool {
        case "search_mail": return try search(arguments)
        case "read_mail": return try read(arguments)
        case "send_mail": return try send(arguments)
        case "move_mail":
            let index = try index(arguments)
            let folder = try arguments.name("folder")
            guard folders.contains(folder) else {
                throw ToolTrouble("There is no folder \(folder). The folders are \(folders.joined(separator: ", ")).")
            }
            messages[index].folder = folder
            return "\(messages[index].id) is in \(folder)."
        case "delete_mail":
            let index = try index(arguments)
            messages[index].folder = Self.deleted
            return "\(messages[index].id) is deleted."
        default: throw unknown(tool)
        }
    }

    private func index(_ arguments: Arguments) throws(ToolTrouble) -> Int {
        let id = try arguments.name("id")
        guard let index = messages.firstIndex(where: { $0.id == id && $0.folder != Self.deleted }) else {
            throw ToolTrouble("There is no message \(id).")
        }
        return index
    }

    private func search(_ arguments: Arguments) throws(ToolTrouble) -> String {
        let query = try arguments.text("query", limit: EnvironmentLimits.name)
        let folder = try arguments.optional("folder")
        if let folder, !folders.contains(folder) {
            throw ToolTrouble("There is no folder \(folder). The folders are \(folders.joined(separator: ", ")).")
        }
        let found = messages.filter { mail in
            mail.folder != Self.deleted && folder.map { $0 == mail.folder } ?? true
                && (query.isEmpty || mail.contains(query))
        }
        return listing(found.map(\.line), none: "No message was found.")
    }

    private func read(_ arguments: Arguments) throws(ToolTrouble) -> String {
        let mail = messages[try index(arguments)]
        return """
            id: \(mail.id)
            folder: \(mail.folder)
            from: \(mail.from)
            to: \(mail.to)
            subject: \(mail.subject)

            \(mail.body)
            """
    }

    private mutating func send(_ arguments: Arguments) throws(ToolTrouble) -> String {
        let (to, subject, body) = (
            try arguments.name("to"), try arguments.name("subject"), try arguments.text("body")
        )
        guard to.split(separator: "@", omittingEmptySubsequences: false).filter({ !$0.isEmpty }).count == 2,
            !to.contains(where: { $0.isWhitespace || $0 == "," || $0 == ";" })
        else { throw ToolTrouble("\(to) is no address; give one address, as in ana@north.example.") }
        let size = messages.reduce(subject.utf8.count + body.utf8.count) { $0 + $1.size }
        guard messages.count < EnvironmentLimits.items, sentCount < EnvironmentLimits.items,
            size <= EnvironmentLimits.state
        else { throw ToolTrouble("The mailbox is full.") }
        var number = sentCount + 1
        // Ids of the dataset may look like ours.
        while original["sent-\(number)"] != nil { number += 1 }
        guard !messages.contains(where: { $0.id == "sent-\(number)" }) else {
            throw ToolTrouble("The mailbox is full.")
        }
        sentCount = min(number, EnvironmentLimits.items)
        let new = Mail(id: "sent-\(number)", folder: "sent", from: owner, to: to, subject: subject, body: body)
        messages.append(new)
        return "Sent to \(to) as \(new.id)."
    }

    var tools: [Tool] {
        [
            Tool(
                "search_mail",
                "Lists the messages in which a text stands, in any case. An empty text lists all. Folders: "
                    + folders.joined(separator: ", ") + ".",
                ["query": "What to look for.", "folder": "Only in this folder."],
                optional: ["folder"]
            ),
            Tool("read_mail", "Shows a message.", ["id": "The message's id."]),
            Tool(
                "send_mail",
                "Sends a message as \(owner).",
                ["to": "One address.", "subject": "One line.", "body": "The text."]
            ),
            Tool("move_mail", "Moves a message into a folder.", ["id": "The message's id.", "folder": "The folder."]),
            Tool("delete_mail", "Deletes a message for good.", ["id": "The message's id."]),
        ]
    }
}
