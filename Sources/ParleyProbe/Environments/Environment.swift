// What an agent works in: tools with state, and a judgement of the state that it leaves. An environment is a value:
// made from a sample, changed by calls, kept in checkpoints as JSON and made again from it.

import ParleyModel

/// What a tool said.
struct ToolOutput: Hashable, Sendable {
    var text: String
    /// Whether the tool could not do what was asked.
    var isError: Bool
    /// That this host could not run the tool, which is no doing of the agent's: the attempt has failed and says nothing
    /// of the model.
    var hostFailure: ParleyFailure?

    init(_ text: String, isError: Bool = false) {
        self.text = text
        self.isError = isError
    }

    init(hostFailure: ParleyFailure) {
        self.init(hostFailure.message, isError: true)
        self.hostFailure = hostFailure
    }
}

/// What an agent works in.
protocol Environment: Sendable {
    /// The name by which a round file asks for it.
    static var name: String { get }

    /// The environment at its start, as the sample's metadata describes it; throws what is wrong with it.
    init(sample: Sample) throws(ParleyFailure)
    /// The environment as ``state`` kept it.
    init(sample: Sample, state: JSONValue) throws(ParleyFailure)

    var tools: [Tool] { get }
    var state: JSONValue { get }

    /// Calls a tool of ``tools`` with arguments that its schema takes.
    mutating func call(_ tool: String, _ arguments: JSONValue) async -> ToolOutput
    /// What the state says after the agent's last message.
    func verdict(lastMessage: String) -> AgentRecord.Verdict
}
