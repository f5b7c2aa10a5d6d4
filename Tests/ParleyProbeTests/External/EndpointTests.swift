// The models as a program sees them: real programs, real HTTP on both sides.

import Foundation
import ParleyModel
import ParleySimulator
import Testing

@testable import ParleyProbe

@Suite(
    "The local endpoint",
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(if: ProgramStage.hasPython, "the programs of these tests need a python3 in PATH")
)
struct EndpointTests {
    private static let reply = ScriptedAnswer.respond(status: 200, body: Wire.answer)

    @Test("counts usage and cost of three calls, keeps three exchanges, and holds the key")
    func threeCalls() async throws {
        try await ScriptedServer.run([Self.reply]) { server in
            let body = "for n in range(3): ask(str(n))\nsay('answer', answer='42')"
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url)
            stage.target.systemPrompt = "Be brief."
            stage.target.sampling.temperature = 0
            let result = try await stage.probe()
            #expect(result.score == .one)
            #expect(result.usage == Usage(input: 27, output: 3))
            // 27 at 1 and 3 at 10 for a million.
            #expect(result.cost == Money(billionths: 57_000))
            #expect(result.modelReturned == "m-1")
            #expect(result.transcript.exchanges.count == 3)
            #expect(result.transcript.exchanges.allSatisfy { $0.purpose == .target && $0.configuration == "target" })
            #expect(!result.transcript.json.canonical.contains(ProgramStage.key))
            for request in server.requests {
                #expect(request.headers["authorization"] == "Bearer \(ProgramStage.key)")
                let sent = try JSONValue(parsing: request.body)
                #expect(sent["model"] == "target-id" && sent["max_tokens"] == 64 && sent["temperature"]?.double == 0)
                #expect(sent["messages"]?[0] == ["role": "system", "content": "Be brief."])
            }
            await stage.close()
        }
    }

    @Test("passes tools and calls of tools through unchanged, in both formats", arguments: ProviderKind.allCases)
    func tools(provider: ProviderKind) async throws {
        let isOpenAI = provider == .openai
        let answer =
            isOpenAI
            ? #"{"model":"m","choices":[{"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"#
                + #""tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"a\":1}"}}]}}],"#
                + #""usage":{"prompt_tokens":9,"completion_tokens":1}}"#
            : #"{"type":"message","model":"m","content":[{"type":"tool_use","id":"c1","name":"look","input":{"a":1}}],"#
                + #""stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":1}}"#
        try await ScriptedServer.run([.respond(status: 200, body: answer)]) { server in
            let path = isOpenAI ? "\"/chat/completions\"" : "\"/v1/messages\", endpoint[\"anthropic_base_url\"]"
            let body = """
                tools = [{"name": "look", "anything": [1, None]}]
                status, text = call({"model": endpoint["model"], "max_tokens": 9000, "tools": tools, "n": 4,
                                     "messages": [{"role": "user", "content": "?"}]}, \(path))
                say("answer", answer=text)
                """
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url, provider: provider)
            let result = try await stage.probe()
            #expect(try JSONValue(parsing: result.transcript.answer) == JSONValue(parsing: answer))
            let sent = try JSONValue(parsing: try #require(server.requests.first).body)
            #expect(sent["tools"] == [["name": "look", "anything": [1, nil]]])
            #expect(sent["max_tokens"] == 64 && sent["n"] == nil, "the limit is the configuration's")
            #expect(result.usage == Usage(input: 9, output: 1))
            await stage.close()
        }
    }

    @Test("refuses calls above the limit, other models and wrong tokens, in the provider's own form of error")
    func refusals() async throws {
        try await ScriptedServer.run([Self.reply]) { server in
            let body = """
                said = [call({"model": "other", "messages": []}), call({"model": endpoint["model"]}, token="x"),
                        call({"messages": []}), call([1]), ask("1"), ask("2"), ask("3"),
                        call({"model": endpoint["model"], "messages": []}, "/v1/messages", endpoint["anthropic_base_url"]),
                        call({}, "/embeddings")]
                say("answer", answer=json.dumps([[status, json.loads(text)] for status, text in said]))
                """
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url)
            stage.program.callLimit = 2
            let result = try await stage.probe()
            let said = try #require(try JSONValue(parsing: result.transcript.answer).array)
            #expect(said.map { $0[0]?.integer } == [404, 401, 400, 400, 200, 200, 403, 403, 404])
            #expect(said[0][1]?["error"]?["code"] == "model_not_found")
            #expect(said[6][1]?["error"]?["message"]?.string?.contains("2 model calls") == true)
            #expect(said[7][1]?["type"] == "error" && said[7][1]?["error"]?["type"] == "permission_error")
            #expect(server.requests.count == 2 && result.usage.total == 20)
            await stage.close()
        }
    }

    @Test("has a limit of tokens; a program that gives up over a limit is limited, not failed")
    func limited() async throws {
        try await ScriptedServer.run([Self.reply]) { server in
            let body = "while ask('more')[0] == 200: pass\nsys.exit(1)"
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url)
            stage.program.tokenLimit = 25
            let result = try await stage.probe()
            #expect(result.kind == .limited && result.usage.total == 30)
            #expect(result.transcript.explanation?.contains("25 tokens") == true)
            await stage.close()
        }
    }

    @Test("fails the attempt at once where the provider fails, with all that was used before")
    func providerFails() async throws {
        let limit = ScriptedAnswer.respond(
            status: 429,
            headers: ["retry-after": "7"],
            body: #"{"error":{"message":"slow","type":"rate_limit_error","code":"rate_limit_exceeded"}}"#
        )
        try await ScriptedServer.run([Self.reply, limit]) { server in
            let stage = try ProgramStage(ProgramStage.python("ask('1')\nask('2')\ntime.sleep(300)"), at: server.url)
            let started = ContinuousClock.now
            let failure = try #require(await stage.failure())
            #expect(started.duration(to: .now) < .seconds(30))
            #expect(failure.failureClass == .rateLimited && failure.retryAfter == .seconds(7))
            #expect(failure.usage == Usage(input: 9, output: 1) && failure.exchanges.count == 2)
            await stage.close()
        }
    }

    @Test("gives a body that the provider rejects back to the program, which may go on")
    func rejected() async throws {
        let error = #"{"error":{"message":"no such parameter","type":"invalid_request_error","code":"bad"}}"#
        try await ScriptedServer.run([.respond(status: 400, body: error), Self.reply]) { server in
            let body = "first = ask('1')\nask('2')\nsay('answer', answer=json.dumps(first))"
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url)
            let result = try await stage.probe()
            let said = try JSONValue(parsing: result.transcript.answer)
            #expect(said[0] == 400)
            #expect(try JSONValue(parsing: said[1]?.string ?? "") == JSONValue(parsing: error))
            #expect(result.transcript.exchanges.map(\.status) == [400, 200])
            await stage.close()
        }
    }

    @Test("ends with the attempt: a token is worth nothing after it, and calls under way are waited for")
    func afterEnd() async throws {
        try await ScriptedServer.run([Self.reply]) { server in
            let body = """
                import threading
                threading.Thread(target=ask, args=("late",), daemon=True).start()
                while True:
                    status, text = call({"model": "none"})
                    if status == 404: break
                say("answer", answer=json.dumps([endpoint["openai_base_url"], endpoint["token"]]))
                os._exit(0)
                """
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url)
            let result = try await stage.probe()
            #expect(result.transcript.exchanges.count == server.requests.count, "what was sent is counted")
            let said = try JSONValue(parsing: result.transcript.answer)
            let transport = try HTTPTransport(.init())
            let late = await transport.send(
                HTTPCall(
                    method: .post,
                    url: (said[0]?.string ?? "") + "/chat/completions",
                    headers: [("authorization", "Bearer " + (said[1]?.string ?? ""))],
                    body: Array(#"{"model":"target","messages":[]}"#.utf8),
                    timeout: .seconds(10)
                )
            )
            #expect(late.status == 401)
            #expect(String(decoding: late.body, as: UTF8.self).contains("authentication_error"))
            await transport.shutdown()
            await stage.close()
        }
    }

    @Test("carries text over to the other format, and refuses what it cannot carry over")
    func otherFormat() async throws {
        try await ScriptedServer.run([.respond(status: 200, body: Wire.message)]) { server in
            let body = """
                def status(**more):
                    return call({"model": endpoint["model"], "messages": [], **more})[0]

                refused = [status(tools=[{"name": "look"}]), status(stop="4"), status(logprobs=True)]
                plain = {"tools": [], "stop": None, "logprobs": False}
                good = call({"model": endpoint["model"], "messages": [{"role": "user", "content": "2 + 2?"}], **plain})
                say("answer", answer=json.dumps([refused, json.loads(good[1])]))
                """
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url, provider: .anthropic)
            let result = try await stage.probe()
            let said = try JSONValue(parsing: result.transcript.answer)
            #expect(said[0] == [400, 400, 400])
            #expect(said[1]?["choices"]?[0]?["message"]?["content"] == "4")
            #expect(said[1]?["usage"]?["prompt_tokens"] == 9)
            #expect(server.requests.map(\.uri) == ["/v1/messages"])
            #expect(result.usage == Usage(input: 9, output: 1))
            await stage.close()
        }
    }

    @Test("answers a client that asks for a stream in one event", arguments: ProviderKind.allCases)
    func streams(provider: ProviderKind) async throws {
        let answer = provider == .openai ? Wire.answer : Wire.message
        try await ScriptedServer.run([.respond(status: 200, body: answer)]) { server in
            let path =
                provider == .openai ? "\"/chat/completions\"" : "\"/v1/messages\", endpoint[\"anthropic_base_url\"]"
            let body = """
                say("answer", answer=call({"model": endpoint["model"], "stream": True, "messages": []}, \(path))[1])
                """
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url, provider: provider)
            let said = try await stage.probe().transcript.answer
            let reply = HTTPReply(status: 200, headers: ["content-type": "text/event-stream"], body: Array(said.utf8))
            let read = try provider == .openai ? OpenAIResponse.parse(reply) : AnthropicResponse.parse(reply)
            #expect(read.text == "4" && read.usage == Usage(input: 9, output: 1))
            #expect(try JSONValue(parsing: try #require(server.requests.first).body)["stream"] == nil)
            await stage.close()
        }
    }

    @Test("lets a program call the configurations of its roles")
    func roles() async throws {
        try await ScriptedServer.run([Self.reply]) { server in
            let body = """
                call({"model": endpoint["roles"]["judge"], "messages": [{"role": "user", "content": "?"}]})
                ask("1")
                say("answer", answer="42")
                """
            let stage = try ProgramStage(ProgramStage.python(body), at: server.url)
            stage.program.roles = ["judge": "grader"]
            let result = try await stage.probe()
            #expect(result.transcript.exchanges.map(\.purpose) == [.judge, .target])
            #expect(result.transcript.exchanges.map(\.configuration) == ["grader", "target"])
            #expect(result.transcript.exchanges.compactMap { $0.request["model"] } == ["grader-id", "target-id"])
            await stage.close()
        }
    }
}
