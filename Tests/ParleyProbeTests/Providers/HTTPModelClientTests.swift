// The client against a real HTTP server: what it sends and keeps, and how calls end that have no answer.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("The HTTP client")
struct HTTPModelClientTests {
    @Test("An OpenAI call sends the key as a bearer and keeps what went over the wire")
    func openAI() async throws {
        let headers = ["x-request-id": "r-1", "set-cookie": "c", "x-ratelimit-remaining-requests": "5"]
        try await ScriptedServer.run([.respond(status: 200, headers: headers, body: Wire.answer)]) { server in
            let reply = try await Wire.call(Wire.model(at: server.url)).get()
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.uri == "/v1/chat/completions")
            #expect(request.headers["authorization"] == "Bearer \(Wire.key)")
            #expect(request.headers["content-type"] == "application/json")
            #expect(try JSONValue(parsing: request.body) == reply.exchange.request)
            #expect(reply.text == "4")
            #expect(reply.usage == Usage(input: 9, output: 1))
            #expect(reply.usageIsKnown)
            #expect(reply.modelReturned == "m-1")
            #expect(reply.exchange.url == server.url + "/v1/chat/completions")
            #expect(reply.exchange.status == 200)
            #expect(reply.exchange.response == Wire.answer)
            #expect(reply.exchange.responseHeaders == ["x-request-id": "r-1", "x-ratelimit-remaining-requests": "5"])
            #expect(reply.exchange.durationMicros > 0)
            #expect(!"\(reply)".contains(Wire.key))
        }
    }

    @Test("An Anthropic call sends its key and version headers")
    func anthropic() async throws {
        try await ScriptedServer.run([.respond(status: 200, body: Wire.message)]) { server in
            let reply = try await Wire.call(Wire.model(.anthropic, at: server.url)).get()
            let request = try #require(server.requests.first)
            #expect(request.uri == "/v1/messages")
            #expect(request.headers["x-api-key"] == Wire.key)
            #expect(request.headers["anthropic-version"] == "2023-06-01")
            #expect(request.headers["authorization"] == nil)
            #expect(reply.text == "4")
        }
    }

    @Test("Absent usage is zero and marked unknown")
    func unknownUsage() async throws {
        let body = #"{"choices":[{"finish_reason":"stop","message":{"content":"4"}}]}"#
        try await ScriptedServer.run([.respond(status: 200, body: body)]) { server in
            let reply = try await Wire.call(Wire.model(at: server.url)).get()
            #expect(!reply.usageIsKnown)
            #expect(reply.usage == Usage())
        }
    }

    @Test("A failure carries its exchange, its wait and its fingerprint")
    func rateLimited() async throws {
        let answer = ScriptedAnswer.respond(status: 429, headers: ["retry-after": "3"], body: #"{"error":"slower"}"#)
        try await ScriptedServer.run([answer]) { server in
            let failure = try #require(try await Wire.call(Wire.model(at: server.url)).failure)
            #expect(failure.failureClass == .rateLimited)
            #expect(failure.retryAfter == .seconds(3))
            #expect(failure.fingerprint == "openai 429")
            #expect(failure.exchanges.map(\.status) == [429])
            #expect(failure.exchanges.first?.response == #"{"error":"slower"}"#)
        }
    }

    @Test("A server that never answers is a timeout after the model's time limit")
    func timeout() async throws {
        try await ScriptedServer.run([.hang]) { server in
            let model = Wire.model(at: server.url, timeoutMilliseconds: 200)
            let failure = try #require(try await Wire.call(model).failure)
            #expect(failure.failureClass == .timeout)
            #expect(failure.usage == nil)
            #expect(failure.exchanges.count == 1)
            #expect(failure.exchanges.first?.status == nil)
        }
    }

    @Test("A body that comes no further is a timeout after the model's time limit; what came is kept")
    func stall() async throws {
        try await ScriptedServer.run([.stall(body: #"{"choices":["#)]) { server in
            let model = Wire.model(at: server.url, timeoutMilliseconds: 500)
            let failure = try #require(try await Wire.call(model).failure)
            #expect(failure.failureClass == .timeout)
            #expect(failure.usage == nil)
            #expect(failure.exchanges.map(\.status) == [200])
            #expect(failure.exchanges.first?.response == #"{"choices":["#)
            await server.nextClose()
        }
    }

    @Test("A connection cut inside the body is a broken connection; what came is kept")
    func cut() async throws {
        try await ScriptedServer.run([.cut(body: #"{"choices":["#)]) { server in
            let failure = try #require(try await Wire.call(Wire.model(at: server.url)).failure)
            #expect(failure.failureClass == .connection)
            #expect(failure.usage == nil)
            #expect(failure.exchanges.first?.response == #"{"choices":["#)
        }
    }

    @Test("A stream that ends before the connection breaks is an answer; one with an error event is that error")
    func cutStreams() async throws {
        let sse = ["content-type": "text/event-stream"]
        let done =
            "data: {\"choices\":[{\"delta\":{\"content\":\"4\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
        let overload = "data: {\"error\":{\"message\":\"overloaded\"}}\n\n"
        let answers: [ScriptedAnswer] = [.cut(headers: sse, body: done), .cut(headers: sse, body: overload)]
        try await ScriptedServer.run(answers) { server in
            let whole = try await Wire.call(Wire.model(at: server.url)).get()
            #expect(whole.text == "4")
            let overloaded = try await Wire.call(Wire.model(at: server.url)).failure
            #expect(overloaded?.failureClass == .overloaded)
        }
    }

    @Test("No listener is a failed connection of which nothing was sent")
    func refused() async throws {
        let url = try await ScriptedServer.run([.hang]) { $0.url }
        let failure = try #require(try await Wire.call(Wire.model(at: url)).failure)
        #expect(failure.failureClass == .connection)
        #expect(failure.fingerprint == "openai - unreachable")
        #expect(failure.usage == Usage())
    }

    @Test("A response beyond the limit is malformed and not read on")
    func tooLarge() async throws {
        let body = String(repeating: "x", count: 10_000)
        try await ScriptedServer.run([.respond(status: 200, body: body)]) { server in
            let failure = try #require(try await Wire.call(Wire.model(at: server.url), bodyLimit: 1000).failure)
            #expect(failure.failureClass == .malformedResponse)
            #expect(failure.fingerprint == "openai 200 response_too_large")
        }
    }

    @Test("A body that is not UTF-8 is kept whole, in base64")
    func binary() async throws {
        try await ScriptedServer.run([.respondBytes([0xFF, 0xFE, 0x00])]) { server in
            let failure = try #require(try await Wire.call(Wire.model(at: server.url)).failure)
            #expect(failure.failureClass == .malformedResponse)
            #expect(failure.exchanges.first?.response == "base64://4A")
        }
    }

    @Test("Redirects are not followed")
    func redirect() async throws {
        let answer = ScriptedAnswer.respond(status: 307, headers: ["location": "/elsewhere"], body: "")
        try await ScriptedServer.run([answer]) { server in
            let failure = try #require(try await Wire.call(Wire.model(at: server.url)).failure)
            #expect(failure.failureClass == .invalidRequest)
            #expect(server.requests.count == 1)
        }
    }

    @Test("Cancelling the task closes the connection")
    func cancellation() async throws {
        try await ScriptedServer.run([.hang]) { server in
            let model = Wire.model(at: server.url, timeoutMilliseconds: 600_000)
            let call = Task { try await Wire.call(model) }
            await server.nextArrival()
            call.cancel()
            await server.nextClose()
            let failure = try await call.value.failure
            #expect(failure?.fingerprint == "openai - cancelled")
        }
    }

    @Test("A paused turn is continued with its own content, and its texts and tokens are added up")
    func pauseTurn() async throws {
        let paused = Wire.message.replacing("end_turn", with: "pause_turn")
        let answers: [ScriptedAnswer] = [
            .respond(status: 200, body: paused), .respond(status: 200, body: Wire.message),
        ]
        try await ScriptedServer.run(answers) { server in
            let reply = try await Wire.call(Wire.model(.anthropic, at: server.url)).get()
            #expect(reply.text == "44")
            #expect(reply.usage == Usage(input: 18, output: 2))
            #expect(reply.exchange.response == paused + "\n" + Wire.message)
            let second = try JSONValue(parsing: try #require(server.requests.last).body)
            let last: JSONValue = ["role": "assistant", "content": [["type": "text", "text": "4"]]]
            #expect(second["messages"]?.array?.last == last)
        }
    }

    @Test("A turn that pauses for ever ends as a malformed response with all its tokens")
    func pauseForEver() async throws {
        let paused = Wire.message.replacing("end_turn", with: "pause_turn")
        try await ScriptedServer.run([.respond(status: 200, body: paused)]) { server in
            let failure = try #require(try await Wire.call(Wire.model(.anthropic, at: server.url)).failure)
            #expect(failure.failureClass == .malformedResponse)
            #expect(failure.exchanges.count == HTTPModelClient.pauseLimit + 1)
            #expect(failure.usage == Usage(input: 81, output: 9))
        }
    }
}
