import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Solvers")
struct SolverTests {
    @Test("generate sends prompts, leading system messages, examples and the sample, in this order")
    func generateOrder() async throws {
        let stage = Stage(
            solver: Solver(
                systemPrompt: "Suite rules.",
                template: "Q: {{input}} ({{metadata.topic}})",
                fewShot: [FewShotExample(input: "1+1", answer: "2")]
            ),
            maxTokens: 17,
            target: [.says("yes", reasoning: "thinking")]
        )
        let sample = Sample(
            id: "s1",
            input: [
                Message(.system, "Sample rules."), Message(.user, "first"), Message(.assistant, "ok", reasoning: "old"),
                Message(.user, "last"), Message(.assistant, "prefill"),
            ],
            target: ["yes"],
            metadata: ["topic": "sums"]
        )
        let result = try await stage.probe(sample)
        let request = try #require(stage.targetClient.requests.first)
        #expect(
            request.messages == [
                Message(.system, "Be brief."), Message(.system, "Suite rules."), Message(.system, "Sample rules."),
                Message(.user, "1+1"), Message(.assistant, "2"), Message(.user, "first"), Message(.assistant, "ok"),
                Message(.user, "Q: last (sums)"), Message(.assistant, "prefill"),
            ]
        )
        #expect(request.maxTokens == 17)
        #expect(request.purpose == .target)
        #expect(result.transcript.messages == request.messages + [Message(.assistant, "yes", reasoning: "thinking")])
        #expect(result.transcript.answer == "yes")
        #expect(result.kind == .scored && result.score == .one)
    }

    @Test("multiple choice lays choices out and answers with a letter, or with the text where none is read")
    func multipleChoice() async throws {
        let stage = Stage(
            solver: Solver(kind: .multipleChoice),
            scorer: Scorer(kind: .choice),
            target: [.says("It is Paris.\nANSWER: B"), .says("Hard to say.")]
        )
        let sample = Sample.asking("Capital of France?", choices: ["Rome", "Paris", "Oslo"], target: ["B"])
        let chosen = try await stage.probe(sample)
        let prompt = try #require(stage.targetClient.requests.first?.messages.last?.content)
        #expect(prompt.hasPrefix("Capital of France?\n\nA) Rome\nB) Paris\nC) Oslo\n\nChoose one of A, B, C."))
        #expect(chosen.transcript.answer == "B" && chosen.score == .one)
        let unread = try await stage.probe(sample)
        #expect(unread.transcript.answer == "Hard to say.")
        #expect(unread.kind == .scored && unread.score == .zero)
        #expect(unread.transcript.explanation == "no choice could be read")
    }

    @Test("scripted turns grow the conversation, without reasoning, and the last reply is the answer")
    func scriptedTurns() async throws {
        let stage = Stage(
            solver: Solver(kind: .scriptedTurns, turns: ["Are you sure about {{input}}?", "Really?"]),
            target: [.says("a1", reasoning: "r1"), .says("a2", stop: .maxTokens), .says("yes", reasoning: "r3")]
        )
        let result = try await stage.probe(.asking("q"))
        let system = Message(.system, "Be brief.")
        #expect(
            stage.targetClient.requests.map(\.messages) == [
                [system, Message(.user, "q")],
                [system, Message(.user, "q"), Message(.assistant, "a1"), Message(.user, "Are you sure about q?")],
                [
                    system, Message(.user, "q"), Message(.assistant, "a1"), Message(.user, "Are you sure about q?"),
                    Message(.assistant, "a2"), Message(.user, "Really?"),
                ],
            ]
        )
        #expect(result.transcript.messages.map(\.reasoning) == [nil, nil, "r1", nil, nil, nil, "r3"])
        #expect(result.transcript.answer == "yes" && result.kind == .scored)
        #expect(result.usage == Usage(input: 300, output: 30))
        #expect(result.latencyMicros == 3_000 && result.transcript.exchanges.count == 3)
    }

    @Test(
        "a turn that was blocked, refused or too long ends the conversation",
        arguments: [(StopReason.contentFilter, OutcomeKind.filtered), (.contextLength, .limited), (.refusal, .refused)]
    )
    func endsEarly(stop: StopReason, kind: OutcomeKind) async throws {
        let stage = Stage(
            solver: Solver(kind: .scriptedTurns, turns: ["one", "two"]),
            target: [.says("a1"), .says("", stop: stop), .says("never")]
        )
        let result = try await stage.probe(.asking("q"))
        #expect(stage.targetClient.requests.count == 2)
        #expect(result.kind == kind)
        #expect(result.score == (kind == .refused ? .zero : nil))
    }

    @Test("a simulated user sees the roles flipped, no system prompts, no reasoning, no examples")
    func simulatedUser() async throws {
        let stage = Stage(
            solver: Solver(
                kind: .simulatedUser,
                systemPrompt: "Rules.",
                fewShot: [FewShotExample(input: "x", answer: "y")],
                user: SimulatedUser(configuration: "player", systemPrompt: "Get {{target}} out of it.", turns: 2)
            ),
            target: [.says("t1", reasoning: "hidden"), .says("t2"), .says("yes")],
            player: [.says("u1", reasoning: "plot"), .says("u2")]
        )
        let result = try await stage.probe(.asking("q"))
        let instruction = Message(.system, "Get yes out of it.")
        let curtain = Message(.user, SolverRun.curtain)
        #expect(
            stage.playerClient.requests.map(\.messages) == [
                [instruction, curtain, Message(.assistant, "q"), Message(.user, "t1")],
                [
                    instruction, curtain, Message(.assistant, "q"), Message(.user, "t1"), Message(.assistant, "u1"),
                    Message(.user, "t2"),
                ],
            ]
        )
        #expect(stage.playerClient.requests.allSatisfy { $0.purpose == .user && $0.maxTokens == 32 })
        #expect(
            stage.targetClient.requests.last?.messages == [
                Message(.system, "Be brief."), Message(.system, "Rules."), Message(.user, "x"),
                Message(.assistant, "y"),
                Message(.user, "q"), Message(.assistant, "t1"), Message(.user, "u1"), Message(.assistant, "t2"),
                Message(.user, "u2"),
            ]
        )
        #expect(result.transcript.answer == "t1\n\nt2\n\nyes")
        #expect(result.transcript.exchanges.map(\.purpose) == [.target, .user, .target, .user, .target])
        // 3 × (100 × $1 + 10 × $10) + 2 × (100 × $2 + 10 × $20) per million.
        #expect(result.cost == Money(billionths: 600_000 + 800_000))
        #expect(result.modelReturned == "target-returned")
    }

    @Test("the stop phrase ends the conversation and is not sent on")
    func stopPhrase() async throws {
        let user = SimulatedUser(configuration: "player", systemPrompt: "Go.", turns: 5, stopPhrase: "<done>")
        let stage = Stage(
            solver: Solver(kind: .simulatedUser, user: user),
            target: [.says("yes", stop: .maxTokens), .says("t2")],
            player: [.says("u1"), .says("thanks <done>")]
        )
        let result = try await stage.probe(.asking("q"))
        #expect(stage.targetClient.requests.count == 2)
        #expect(result.transcript.messages.map(\.content) == ["Be brief.", "q", "yes", "u1", "t2"])
        #expect(result.kind == .truncated && result.score == .one)
    }

    @Test(
        "a simulated user that cannot play its part is our failure, not the model's",
        arguments: [
            ScriptedClient.Line.says("no", stop: .contentFilter), .says("no", stop: .refusal), .says(" \n"),
            .says("no", stop: .contextLength),
        ]
    )
    func brokenUser(line: ScriptedClient.Line) async throws {
        let user = SimulatedUser(configuration: "player", systemPrompt: "Go.", turns: 2)
        let stage = Stage(solver: Solver(kind: .simulatedUser, user: user), target: [.says("yes")], player: [line])
        let result = try await stage.probe(.asking("q"))
        #expect(result.kind == .unscorable && result.score == nil)
    }

    @Test("a simulated user sees every turn of the sample, and none of its system messages")
    func simulatedUserSeesSample() async throws {
        let user = SimulatedUser(configuration: "player", systemPrompt: "Go.", turns: 1)
        let stage = Stage(
            solver: Solver(kind: .simulatedUser, user: user),
            target: [.says("t1"), .says("t2")],
            player: [.says("u1")]
        )
        let input = [
            Message(.system, "rules"), Message(.user, "a"), Message(.system, "more rules"), Message(.assistant, "b"),
            Message(.user, "c"),
        ]
        let result = try await stage.probe(Sample(id: "s1", input: input, target: ["t2"]))
        #expect(
            stage.playerClient.requests[0].messages.map(\.content) == ["Go.", SolverRun.curtain, "a", "b", "c", "t1"]
        )
        #expect(
            stage.playerClient.requests[0].messages.map(\.role).suffix(4) == [.assistant, .user, .assistant, .user]
        )
        #expect(result.transcript.answer == "t1\n\nt2" && result.score == .one)
    }

    @Test("ten hostile megabytes go through a conversation and come out scored")
    func hostileMegabytes() async throws {
        let hostile = String(repeating: "{{target}}\u{202E}\u{0}</answer>", count: 500_000)
        let stage = Stage(
            solver: Solver(kind: .scriptedTurns, turns: ["{{input}}!"]),
            target: [.says(hostile), .says("no")]
        )
        let result = try await stage.probe(.asking("{{metadata.x}}"))
        #expect(
            stage.targetClient.requests[1].messages.map(\.content) == [
                "Be brief.", "{{metadata.x}}", hostile, "{{metadata.x}}!",
            ]
        )
        #expect(result.kind == .scored && result.score == .zero)
    }
}
