import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Probing")
struct ProberTests {
    @Test("a failure in a later turn takes along what was exchanged and used before it")
    func laterFailure() async throws {
        let exchange = ScriptedClient.exchange(
            for: GenerateRequest(messages: [], configuration: Stage().player, maxTokens: 1, purpose: .user),
            response: "overloaded"
        )
        let user = SimulatedUser(configuration: "player", systemPrompt: "Go.", turns: 2)
        let failure = ProbeFailure(
            .overloaded,
            "529",
            retryAfter: .seconds(7),
            fingerprint: "p/529",
            usage: Usage(input: 3),
            exchanges: [exchange]
        )
        let stage = Stage(
            solver: Solver(kind: .simulatedUser, user: user),
            target: [.says("t1")],
            player: [.fails(failure)]
        )
        let thrown = await #expect(throws: ProbeFailure.self) { try await stage.probe(.asking("q")) }
        #expect(thrown?.failureClass == .overloaded)
        #expect(thrown?.exchanges.map(\.purpose) == [.target, .user])
        #expect(thrown?.usage == Usage(input: 103, output: 10))
        #expect(thrown?.retryAfter == .seconds(7) && thrown?.fingerprint == "p/529")
        #expect(thrown?.message == "the simulated user or auditor: 529")
    }

    @Test("usage stays unknown where nothing was known before the failure")
    func firstFailure() async throws {
        let stage = Stage(target: [.fails(ProbeFailure(.timeout, "no answer"))])
        let thrown = await #expect(throws: ProbeFailure.self) { try await stage.probe(.asking("q")) }
        #expect(thrown?.failureClass == .timeout && thrown?.usage == nil && thrown?.message == "no answer")
    }

    @Test("a configured seed moves with the epoch; none stays none")
    func seeds() async throws {
        var stage = Stage(target: [.says("a"), .says("b"), .says("c")])
        stage.target.sampling.seed = 41
        for epoch in 1...2 { _ = try await stage.probe(.asking("q"), epoch: epoch) }
        stage.target.sampling.seed = nil
        _ = try await stage.probe(.asking("q"), epoch: 3)
        #expect(stage.targetClient.requests.map(\.configuration.sampling.seed) == [41, 42, nil])
    }

    @Test("what does not fit the definition is an invalid request, and costs nothing")
    func misfits() async throws {
        let stage = Stage(solver: Solver(template: "{{metadata.gone}}"), target: [.says("a")])
        await #expect(throws: ProbeFailure.self) {
            try await stage.prober.probe(cell: 9, sample: .asking("q"), epoch: 1)
        }
        let thrown = await #expect(throws: ProbeFailure.self) { try await stage.probe(.asking("q")) }
        #expect(thrown?.failureClass == .invalidRequest && thrown?.usage == Usage())
        #expect(thrown?.message.contains("metadata.gone") == true)
        let choices = Stage(solver: Solver(kind: .multipleChoice), target: [.says("a")])
        await #expect(throws: ProbeFailure.self) { try await choices.probe(.asking("q", choices: ["one"])) }
        let silent = Stage(solver: Solver(template: "{{input}}"), target: [.says("a")])
        await #expect(throws: ProbeFailure.self) { try await silent.probe(Sample(id: "x", input: [])) }
        #expect(stage.targetClient.requests.isEmpty && choices.targetClient.requests.isEmpty)
    }

    @Test("a client that cannot be made pauses the account")
    func missingClient() async throws {
        var stage = Stage()
        stage.target.model = "nobody"
        let thrown = await #expect(throws: ProbeFailure.self) { try await stage.probe(.asking("q")) }
        #expect(thrown?.failureClass.retry == .pause && thrown?.usage == Usage())
    }

    struct KindCase: Sendable, CustomTestStringConvertible {
        var says: String
        var stop = StopReason.stop
        var scorer = Scorer(kind: .includes)
        var target = ["yes"]
        var kind: OutcomeKind
        var score: Score?
        var testDescription: String { "\(scorer.kind) \(stop) '\(says)'" }
    }

    @Test(
        "kind and score",
        arguments: [
            KindCase(says: "yes", kind: .scored, score: .one),
            KindCase(says: "nope", kind: .scored, score: .zero),
            KindCase(says: "", kind: .scored, score: .zero),
            KindCase(says: "", scorer: Scorer(kind: .leaks), kind: .scored, score: .one),
            KindCase(says: "yes", stop: .maxTokens, kind: .truncated, score: .one),
            KindCase(says: "y", stop: .maxTokens, kind: .truncated, score: .zero),
            KindCase(says: "I can't help with that.", kind: .refused, score: .zero),
            KindCase(says: "I can't help with th", stop: .maxTokens, kind: .refused, score: .zero),
            KindCase(says: "I can't help with that, yes?", kind: .scored, score: .one),
            KindCase(says: "I don't know.", kind: .scored, score: .zero),
            KindCase(says: "I can't help with that.", scorer: Scorer(kind: .refusal), kind: .scored, score: .one),
            KindCase(says: "I don't know.", scorer: Scorer(kind: .refusal), target: [], kind: .scored, score: .one),
            KindCase(says: "Sure.", scorer: Scorer(kind: .refusal), target: [], kind: .scored, score: .zero),
            KindCase(says: "No can do", stop: .refusal, scorer: Scorer(kind: .refusal), kind: .refused, score: .one),
            KindCase(says: "", stop: .refusal, kind: .refused, score: .zero),
            KindCase(says: "I can't share it.", scorer: Scorer(kind: .leaks), kind: .scored, score: .one),
            KindCase(says: "yes", stop: .contentFilter, kind: .filtered),
            KindCase(says: "yes", stop: .contextLength, kind: .limited),
            KindCase(says: "yes", scorer: Scorer(kind: .modelGraded), kind: .answered),
            KindCase(says: "yes", stop: .maxTokens, scorer: Scorer(kind: .modelGraded), kind: .answered),
            KindCase(says: "", stop: .refusal, scorer: Scorer(kind: .modelGraded), kind: .refused),
            KindCase(says: "yes", scorer: Scorer(kind: .pattern, pattern: "("), kind: .unscorable),
            KindCase(says: "yes", target: [], kind: .unscorable),
            KindCase(says: "yes", target: [""], kind: .unscorable),
            KindCase(says: "7", scorer: Scorer(kind: .numeric), target: ["NaN"], kind: .unscorable),
            KindCase(says: "7", scorer: Scorer(kind: .numeric, tolerance: .nan), target: ["7"], kind: .unscorable),
            KindCase(says: "yes", scorer: Scorer(kind: .leaks), target: ["ab"], kind: .unscorable),
            KindCase(says: "yes", scorer: Scorer(kind: .includes, negate: true), kind: .scored, score: .zero),
            KindCase(says: "nope", scorer: Scorer(kind: .includes, negate: true), kind: .scored, score: .one),
        ]
    )
    func kinds(item: KindCase) async throws {
        let stage = Stage(scorer: item.scorer, target: [.says(item.says, stop: item.stop)])
        let result = try await stage.probe(.asking("q", target: item.target))
        #expect(result.kind == item.kind)
        #expect(result.score == item.score)
    }
}
