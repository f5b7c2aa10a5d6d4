// A model in memory that says what it is told to, and remembers what it was asked.

import ParleyModel
import ParleyProbe
import Synchronization

/// A scripted model client.
final class ScriptedClient: ModelClient {
    /// One scripted turn.
    enum Line: Sendable {
        case says(String, stop: StopReason = .stop, reasoning: String? = nil)
        case calls([ToolCall], text: String = "", blocks: JSONValue? = nil, stop: StopReason = .toolCalls)
        case fails(ProbeFailure)
    }

    private let state: Mutex<(lines: [Line], requests: [GenerateRequest])>

    init(_ lines: [Line]) { state = Mutex((lines, [])) }

    /// What was asked so far, in order.
    var requests: [GenerateRequest] { state.withLock { $0.requests } }

    func generate(_ request: GenerateRequest) async throws(ProbeFailure) -> GenerateReply {
        let line = state.withLock { state -> Line? in
            state.requests.append(request)
            return state.lines.isEmpty ? nil : state.lines.removeFirst()
        }
        switch line {
        case nil: throw ProbeFailure(.worker, "the script is over")
        case .fails(let failure): throw failure
        case .calls(let calls, let text, let blocks, let stop):
            return Self.reply(to: request, text, stop, calls: calls, blocks: blocks)
        case .says(let text, let stop, let reasoning):
            return Self.reply(to: request, text, stop, reasoning: reasoning)
        }
    }

    private static func reply(
        to request: GenerateRequest,
        _ text: String,
        _ stop: StopReason,
        reasoning: String? = nil,
        calls: [ToolCall] = [],
        blocks: JSONValue? = nil
    ) -> GenerateReply {
        GenerateReply(
            text: text,
            reasoning: reasoning,
            toolCalls: calls,
            blocks: blocks,
            stop: stop,
            usage: Usage(input: 100, output: 10),
            modelReturned: "\(request.configuration.model)-returned",
            exchange: exchange(for: request, response: text)
        )
    }

    static func exchange(for request: GenerateRequest, response: String) -> Exchange {
        Exchange(
            purpose: request.purpose,
            configuration: request.configuration.name,
            url: "memory:",
            request: .object([:]),
            status: 200,
            response: response,
            startedAtMicros: 0,
            durationMicros: 1_000
        )
    }
}
