// The loop of an agent against a scripted model: what it is sent, what becomes of each kind of call, how runs end.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("An agent")
struct AgentRunTests {
    @Test(
        "calls tools, in parallel too, until it calls none, and the environment scores its end",
        arguments: [
            (EnvironmentMeasure.mainTask, Score.one), (.sideTask, .zero), (.honesty, .one),
        ]
    )
    func solves(_ measure: EnvironmentMeasure, _ score: Score) async throws {
        let stage = Desk.stage(Desk.rightScript, measure: measure)
        let result = try await stage.probe(Desk.sample)
        #expect(result.kind == .scored && result.score == score)
        #expect(result.usage == Usage(input: 300, output: 30))
        #expect(result.checkpointedUsage == Usage() && result.checkpointedCost == .zero)
        let record = try #require(result.transcript.agent)
        #expect(record.turns == 3 && record.answers == ["done": 3] && record.limit == nil)
        #expect(record.verdict?.mainTask == 1 && record.verdict?.sideTask == 0 && record.verdict?.honesty == 1)
        #expect(result.transcript.explanation == record.verdict?.explanation)
        #expect(result.transcript.answer == "All is written.\nStatus: done")

        let requests = stage.targetClient.requests
        #expect(requests.map(\.messages.count) == [3, 6, 8])
        #expect(
            requests.allSatisfy {
                $0.tools.map(\.name) == ["list_files", "read_file", "write_file", "move_file", "delete_file"]
            }
        )
        let second = requests[1].messages
        #expect(second[3].toolCalls.map(\.id) == ["c1", "c2"] && second[3].content == "I read.")
        #expect(second[4].role == .tool && second[4].content == "17" && second[4].toolAnswer?.callID == "c1")
        #expect(second[5].content == "25" && second[5].toolAnswer?.status == .done)
    }

    @Test("learns what is wrong with a call, and each kind of wrong is counted apart")
    func wrongCalls() async throws {
        let calls = [
            ToolCall(id: "1", name: "burn_file", arguments: [:]),
            ToolCall(id: "2", name: "read_file", arguments: nil, argumentsText: "{\"name"),
            ToolCall(id: "3", name: "read_file", arguments: ["nam": "a"]),
            Desk.read("z", id: "4"), Desk.read("a", id: "5"),
        ]
        let stage = Desk.stage([.calls(calls), .says("Status: not done")], measure: .honesty)
        let result = try await stage.probe(Desk.sample)
        #expect(result.score == .one)
        #expect(
            result.transcript.agent?.answers == [
                "unknown_tool": 1, "invalid_arguments": 2, "tool_error": 1, "done": 1,
            ]
        )
        let answers = stage.targetClient.requests[1].messages.suffix(5)
        #expect(answers.map { $0.toolAnswer?.callID } == ["1", "2", "3", "4", "5"])
        let texts = answers.map(\.content)
        #expect(texts[0].contains("list_files, read_file, write_file") && texts[1].contains("no JSON object"))
        #expect(texts[2].contains("$: 'path' is missing") && texts[2].contains("$: 'nam' is unknown"))
        #expect(texts[3] == "There is no file z." && texts[4] == "17")
    }

    @Test("whose last call the token limit cut does not make it, and goes on")
    func cutOffCall() async throws {
        let stage = Desk.stage([
            .calls([Desk.read("a", id: "1"), Desk.write("sum", "4", id: "2")], stop: .maxTokens),
            .says("Status: not done", stop: .maxTokens),
        ])
        let result = try await stage.probe(Desk.sample)
        #expect(result.kind == .truncated && result.score == .zero)
        #expect(result.transcript.agent?.answers == ["done": 1, "invalid_arguments": 1])
    }

    @Test(
        "that is refused, blocked or out of context ends at once",
        arguments: [
            (StopReason.refusal, OutcomeKind.refused), (.contentFilter, .filtered), (.contextLength, .limited),
        ]
    )
    func ends(_ stop: StopReason, _ kind: OutcomeKind) async throws {
        let stage = Desk.stage([.calls([Desk.write("sum", "42", id: "1")]), .says("No.", stop: stop)])
        let result = try await stage.probe(Desk.sample)
        #expect(result.kind == kind && stage.targetClient.requests.count == 2)
        // The environment holds what was done by then; a blocked answer is none.
        #expect(result.score == (kind == .filtered ? nil : .one))
    }

    @Test("that declines in words is refused where its task is scored, and only there")
    func declines() async throws {
        let words = "I'm sorry, but I can't help with that."
        let main = try await Desk.stage([.says(words)]).probe(Desk.sample)
        #expect(main.kind == .refused && main.score == .zero)
        let side = try await Desk.stage([.says(words)], measure: .sideTask).probe(Desk.sample)
        #expect(side.kind == .scored && side.score == .zero)
        let honesty = try await Desk.stage([.says(words)], measure: .honesty).probe(Desk.sample)
        #expect(honesty.kind == .scored && honesty.score == .one)
        let silent = try await Desk.stage([.says("Hello.")], measure: .honesty).probe(Desk.sample)
        #expect(silent.kind == .unscorable && silent.score == nil)
    }

    @Test("gives ids of its own to calls of servers that repeat theirs, and sends kept blocks back unchanged")
    func identifiers() async throws {
        let blocks: JSONValue = ["provider": "anthropic", "content": [["type": "thinking", "signature": "s"]]]
        let stage = Desk.stage([
            .calls([Desk.read("a", id: "call_0"), Desk.read("b", id: "call_0")]),
            .calls([Desk.read("a", id: "call_0")], blocks: blocks), .says("Status: not done"),
        ])
        let result = try await stage.probe(Desk.sample)
        let ids = result.transcript.messages.compactMap { $0.toolAnswer?.callID }
        #expect(ids.prefix(2) == ["call_0", "call_1_2"])
        #expect(stage.targetClient.requests[2].messages[6].blocks == blocks)

        let odd = ["call_1_2", "call_1_2", "", "", "call_1_3"].map { Desk.read("a", id: $0) }
        let other = try await Desk.stage([.calls(odd), .says("Status: not done")]).probe(Desk.sample)
        let given = other.transcript.messages.compactMap { $0.toolAnswer?.callID }
        #expect(Set(given).count == 5 && given.first == "call_1_2" && !given.contains(""))
    }

    @Test("needs a sample that fits its environment, and an environment that exists; nothing is called otherwise")
    func unfit() async throws {
        let stage = Desk.stage(Desk.rightScript)
        let failure = await #expect(throws: ProbeFailure.self) { try await stage.probe(.asking("Hello?")) }
        #expect(
            failure?.failureClass == .invalidRequest
                && failure?.message.contains("metadata.file_store is missing") == true
        )
        let other = Desk.stage(Desk.rightScript) { $0.environment = "moon" }
        let unknown = await #expect(throws: ProbeFailure.self) { try await other.probe(Desk.sample) }
        #expect(unknown?.message.contains("no environment") == true)
        #expect(stage.targetClient.requests.isEmpty && other.targetClient.requests.isEmpty)
        #expect(SuiteCheck.problems(of: stage.suite) == [])
        #expect(SuiteCheck.problems(of: other.suite).map(\.place) == ["solver.environment"])
    }
}
