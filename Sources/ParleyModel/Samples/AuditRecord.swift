// What an auditor did with the model under test, beside the conversation that was kept: its own messages with all its
// calls, and what it took back. Kept in the transcript, so that a reader sees how a finding was come by.

/// An auditor's side of a transcript.
public struct AuditRecord: Hashable, Sendable, Codable {
    /// A part of the conversation that the auditor took back, to go on from an earlier point.
    public struct Branch: Hashable, Sendable, Codable {
        /// How many messages of the conversation stood before it, the configuration's own prompts not counted.
        public var after: Int
        public var messages: [Message]

        public init(after: Int, messages: [Message]) {
            self.after = after
            self.messages = messages
        }

        /// The JSON form.
        public var json: JSONValue {
            ["after": .integer(Int64(after)), "messages": .array(messages.map(\.json))]
        }

        /// Reads ``json`` back; nil where a member is missing or of another form.
        public init?(json: JSONValue) {
            guard let after = json["after"]?.integer.flatMap(Int.init(exactly:)), after >= 0,
                let texts = json["messages"]?.array
            else { return nil }
            let messages = texts.compactMap(Message.init(json:))
            guard messages.count == texts.count else { return nil }
            self.init(after: after, messages: messages)
        }
    }

    /// Who audited.
    public var configuration: ConfigurationName
    /// The auditor's own conversation, its tools' answers included.
    public var messages: [Message]
    /// In the order in which they were taken back.
    public var branches: [Branch]

    public init(configuration: ConfigurationName, messages: [Message], branches: [Branch]) {
        self.configuration = configuration
        self.messages = messages
        self.branches = branches
    }

    /// The JSON form, the same as `JSONValue(encoding:)` gives.
    var json: JSONValue {
        [
            "configuration": .string(configuration.text), "messages": .array(messages.map(\.json)),
            "branches": .array(branches.map(\.json)),
        ]
    }
}
