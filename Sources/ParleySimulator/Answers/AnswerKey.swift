// What the right answers are. The simulator can only be right at a known rate if it knows what is right; the key says
// so, by the hash of a prompt, so that nothing of it is visible in the prompt itself.

public import ParleyModel

/// Right and wrong answers by prompt.
///
/// A prompt is found by its whole conversation, else by the text of its last user message, else by lines of a user
/// message: solvers put a sample's text into templates, lay choices out below it and add turns after it.
public struct AnswerKey: Sendable {
    /// The answers to one prompt.
    public struct Entry: Hashable, Sendable {
        public var right: String
        public var wrong: String
        /// What a refusal says; nil takes a stock phrase.
        public var refusal: String?
        /// What an agent does; nil takes a generic plan.
        public var agent: AgentPlan?

        public init(right: String, wrong: String, refusal: String? = nil, agent: AgentPlan? = nil) {
            self.right = right
            self.wrong = wrong
            self.refusal = refusal
            self.agent = agent
        }
    }

    private var texts: [UInt64: Entry] = [:]
    private var conversations: [UInt64: Entry] = [:]
    /// The length of the longest text, in bytes: no longer run of lines can match.
    private var longest = 0

    public init() {}

    /// The number of prompts known.
    public var count: Int { texts.count + conversations.count }

    /// Sets the answers to a prompt whose last user message, or some lines of it, is this text; whitespace around it
    /// does not count. A later entry for the same text replaces the earlier.
    public mutating func add(_ entry: Entry, forPrompt text: String) {
        let bytes = TextRuns.trimmed(Array(text.utf8)[...])
        guard !bytes.isEmpty else { return }
        texts[TextRuns.hash(of: bytes)] = entry
        longest = max(longest, bytes.count)
    }

    /// Sets the answers to one whole conversation, the system message included.
    public mutating func add(_ entry: Entry, forConversation messages: [Message]) {
        conversations[Self.hash(of: messages.map { ChatRequest.Turn(role: $0.role.rawValue, text: $0.content) })] =
            entry
    }

    /// Takes all entries of another key; they replace those of the same prompts.
    public mutating func merge(_ other: AnswerKey) {
        texts.merge(other.texts) { _, new in new }
        conversations.merge(other.conversations) { _, new in new }
        longest = max(longest, other.longest)
    }

    /// The entry for exactly this conversation, or for exactly its last user message.
    func exactEntry(for turns: [ChatRequest.Turn]) -> Entry? {
        if !conversations.isEmpty, let entry = conversations[Self.hash(of: turns)] { return entry }
        guard !texts.isEmpty, let last = turns.last(where: { $0.role == "user" }) else { return nil }
        return texts[TextRuns.hash(of: TextRuns.trimmed(Array(last.text.utf8)[...]))]
    }

    /// The entry for the longest run of lines in the latest user message that has any.
    func containedEntry(in turns: [ChatRequest.Turn]) -> Entry? {
        guard !texts.isEmpty else { return nil }
        for turn in turns.reversed() where turn.role == "user" {
            var found: (length: Int, entry: Entry)?
            TextRuns.forEachRun(in: turn.text, longest: longest) { hash, length in
                guard length > found?.length ?? 0, let entry = texts[hash] else { return }
                found = (length, entry)
            }
            if let found { return found.entry }
        }
        return nil
    }

    private static func hash(of turns: [ChatRequest.Turn]) -> UInt64 {
        var hash = StableHash()
        for turn in turns {
            hash.combine(turn.role == "developer" ? "system" : turn.role)
            hash.combine(0xFF as UInt8)
            hash.combine(turn.text)
            hash.combine(0xFF as UInt8)
        }
        return hash.value
    }
}
