// Each fault as a client meets it, in both formats.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import ParleyModel
import ParleySimulator
import Testing

@Suite("Faults")
struct FaultTests {
    struct Expected: Sendable {
        var fault: FaultKind
        var openAI: (status: Int, type: String, code: String?)
        var anthropic: (status: Int, type: String)
    }

    static let errors = [
        Expected(
            fault: .rateLimit,
            openAI: (429, "requests", "rate_limit_exceeded"),
            anthropic: (429, "rate_limit_error")
        ),
        Expected(
            fault: .quotaFinished,
            openAI: (429, "insufficient_quota", "credit_balance_exhausted"),
            anthropic: (429, "rate_limit_error")
        ),
        Expected(
            fault: .overloaded,
            openAI: (503, "server_error", "overloaded"),
            anthropic: (529, "overloaded_error")
        ),
        Expected(fault: .serverError, openAI: (500, "server_error", nil), anthropic: (500, "api_error")),
    ]

    @Test("an error has the status and body of its provider", arguments: errors)
    func errorReplies(expected: Expected) async throws {
        try await Simulated.run { simulated in
            simulated.provider.setFaults(FaultRates([expected.fault: 1]))
            let openAI = try await simulated.ask(.openai, "x")
            let error = try openAI.json()["error"]
            #expect(openAI.status == expected.openAI.status)
            #expect(error?["type"] == .string(expected.openAI.type))
            #expect(error?["code"]?.string == expected.openAI.code)
            let anthropic = try await simulated.ask(.anthropic, "x")
            #expect(anthropic.status == expected.anthropic.status)
            #expect(try anthropic.json()["error"]?["type"] == .string(expected.anthropic.type))
            #expect(anthropic.body.contains("enforced_spend_limit_reached") == (expected.fault == .quotaFinished))
            #expect(simulated.provider.statistics.faults == [expected.fault: 2])
            #expect(simulated.provider.statistics.total.answers == 0)
        }
    }

    @Test("a rate limit says when to come back, in the form that is set")
    func retryAdvice() async throws {
        try await Simulated.run { simulated in
            let header = { (form: RetryAdvice.Form, format: ProviderKind, name: String) in
                let advice = RetryAdvice(form: form, milliseconds: 89_000)
                let behaviour = ModelBehaviour(faults: [.rateLimit: 1], retryAdvice: advice)
                simulated.provider.setBehaviour(behaviour)
                return try await simulated.ask(format, "x").header(name)
            }
            let seconds = try await header(.seconds, .openai, "retry-after")
            #expect(seconds == "89")
            let milliseconds = try await header(.milliseconds, .anthropic, "retry-after-ms")
            #expect(milliseconds == "89000")
            let isDate = try await header(.date, .openai, "retry-after")?.hasSuffix(" GMT")
            #expect(isDate == true)
            let span = try await header(.resetHeader, .openai, "x-ratelimit-reset-requests")
            #expect(span == "1m29s")
            let reset = try await header(.resetHeader, .anthropic, "anthropic-ratelimit-requests-reset")
            #expect(reset?.hasSuffix("Z") == true)
            let none = try await header(.none, .openai, "retry-after")
            #expect(none == nil)
            let besideReset = try await header(.resetHeader, .openai, "retry-after")
            #expect(besideReset == nil)
        }
    }

    @Test("a bad gateway answers with a page")
    func badGateway() async throws {
        try await Simulated.run { simulated in
            simulated.provider.setFaults([.badGateway: 1])
            let seen = try await simulated.ask(.openai, "x")
            #expect(seen.status == 502)
            #expect(seen.header("content-type") == "text/html")
        }
    }

    @Test(
        "a cut connection is an error for the client",
        arguments: [FaultKind.disconnect, .disconnectMidBody],
        [[:], ["stream": true]] as [[String: JSONValue]]
    )
    func disconnects(fault: FaultKind, more: [String: JSONValue]) async throws {
        try await Simulated.run { simulated in
            simulated.provider.setFaults(FaultRates([fault: 1]))
            for format in ProviderKind.allCases {
                await #expect(throws: (any Error).self) { try await simulated.ask(format, "Say something.", more) }
            }
            #expect(simulated.provider.statistics.faults == [fault: 2])
            simulated.provider.setFaults([:])
            let status = try await simulated.ask(.openai, "Say something.", more).status
            #expect(status == 200)
        }
    }

    @Test("malformed JSON comes with 200 and a body that does not parse", arguments: ProviderKind.allCases)
    func malformed(format: ProviderKind) async throws {
        try await Simulated.run { simulated in
            simulated.provider.setFaults([.malformedJSON: 1])
            let seen = try await simulated.ask(format, "x")
            #expect(seen.status == 200)
            #expect(seen.body.hasPrefix("{"))
            #expect(throws: JSONError.self) { try seen.json() }
        }
    }

    @Test("a hanging call is in flight until the client leaves")
    func hang() async throws {
        try await Simulated.run { simulated in
            simulated.provider.setFaults([.hang: 1])
            await #expect(throws: (any Error).self) {
                try await simulated.send(
                    .POST,
                    "/v1/messages",
                    Simulated.body(.anthropic, "x").canonical,
                    timeout: .milliseconds(200)
                )
            }
            while simulated.provider.statistics.inFlight > 0 { await Task.yield() }
            #expect(simulated.provider.statistics.faults == [.hang: 1])
        }
    }

    @Test("a slow body arrives whole")
    func slowBody() async throws {
        let configuration = SimulatorConfiguration(
            standard: ModelBehaviour(accuracy: 1, faults: [.slowBody: 1]),
            slowBodyPauseMilliseconds: 5
        )
        try await Simulated.run(configuration) { simulated in
            for format in ProviderKind.allCases {
                let text = try Simulated.text(format, await simulated.ask(format, "What is 1 + 1?"))
                #expect(text == "2")
            }
            let stream = try await simulated.ask(.openai, "What is 1 + 1?", ["stream": true])
            #expect(stream.events.last?.data == "[DONE]")
        }
    }

    @Test("a retried prompt gets its answer in the end, the same that it would have had")
    func retries() async throws {
        let prompts = (0..<100).map { "What is \($0) + \($0 * 7)?" }
        let clean = SimulatorConfiguration(seed: 5, standard: ModelBehaviour(accuracy: 0.5))
        var faulty = clean
        faulty.standard.errorRate = 0.5
        var expected: [String] = []
        try await Simulated.run(clean) { simulated in
            for prompt in prompts {
                expected.append(try Simulated.text(.openai, await simulated.ask(.openai, prompt)) ?? "")
            }
        }
        try await Simulated.run(faulty) { simulated in
            var answers: [String] = []
            var attempts = 0
            for prompt in prompts {
                var answer: String?
                while answer == nil {
                    attempts += 1
                    let seen = try? await simulated.ask(.openai, prompt)
                    answer = try? seen.flatMap { try Simulated.text(.openai, $0) }
                }
                answers.append(answer ?? "")
            }
            #expect(answers == expected)
            // Half of the attempts fail, so about 200 are needed: 4 standard errors (√200 each) around it.
            #expect((143...257).contains(attempts), "\(attempts) attempts, seed 5")
            #expect(simulated.provider.statistics.total.requests == attempts)
            #expect(simulated.provider.statistics.distinctPrompts == 100)
        }
    }
}
