// A hostile server that echoes the key in every place and form it can think of: nothing that is kept may hold it.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Keys stay inside")
struct KeyLeakTests {
    private static let key = "sk-hostile/key+0123456789"

    /// The key's own text as the server got it.
    private static func echo(_ form: @escaping @Sendable (String) -> ScriptedAnswer) -> ScriptedAnswer {
        .compute { request in
            let bearer = request.headers["authorization"]?.dropFirst("Bearer ".count)
            return form(bearer.map(String.init) ?? request.headers["x-api-key"] ?? "")
        }
    }

    private static func escaped(_ key: String) -> String {
        key.utf8.map { "\\u00" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func completion(_ content: String) -> String {
        #"{"model":"\#(content)","choices":[{"finish_reason":"stop","message":{"content":"\#(content)"}}]}"#
    }

    private static let answers: [ScriptedAnswer] = [
        echo { .respond(status: 200, headers: ["x-request-id": $0], body: completion($0)) },
        echo { .respond(status: 200, body: completion(escaped($0))) },
        echo { .respond(status: 200, body: #"{"debug":"\#(escaped($0))",\#(Wire.answer.dropFirst())"#) },
        echo { .respond(status: 200, body: completion(Data($0.utf8).base64EncodedString())) },
        echo {
            .respond(status: 401, body: #"{"error":{"message":"bad key \#($0)","type":"\#($0)","code":"\#($0)"}}"#)
        },
        echo { key in
            let key = escaped(key)
            let long = String(repeating: "x", count: 285) + key
            return .respond(status: 401, body: #"{"error":{"message":"\#(long)","type":"\#(key)","code":"\#(key)"}}"#)
        },
        echo { .respond(status: 500, body: "<html>\($0)</html>") },
        echo { .respond(status: 200, body: "not json \($0)") },
        echo { .cut(body: $0) },
        echo { .cut(body: "{\"debug\":\"" + escaped($0)) },
        echo { .respond(status: 500, body: "[\"" + $0.replacing("/", with: "\\/") + "\"") },
        echo { key in
            let pieces = [key.prefix(9), key.dropFirst(9)].map {
                "data: {\"choices\":[{\"delta\":{\"content\":\"\($0)\"}}]}\n\n"
            }
            return .respond(
                status: 200,
                headers: ["content-type": "text/event-stream"],
                body: pieces.joined() + "data: [DONE]\n\n"
            )
        },
    ]

    @Test("No reply, failure or exchange holds the key, however the server echoes it", arguments: answers.indices)
    func echoes(index: Int) async throws {
        try await ScriptedServer.run([Self.answers[index]]) { server in
            for provider in ProviderKind.allCases {
                let result = try await Wire.call(Wire.model(provider, at: server.url), key: Self.key)
                let kept = try keptText(result)
                for form in [
                    Self.key, Data(Self.key.utf8).base64EncodedString(), Self.escaped(Self.key), "0123456789",
                    "sk-hostile",
                ] {
                    #expect(!kept.contains(form), "\(provider) kept \(form)")
                }
            }
            #expect(server.requests.count == 2)
        }
    }

    /// Everything that a caller gets, as Swift prints it and as it is stored.
    private func keptText(_ result: Result<GenerateReply, ProbeFailure>) throws -> String {
        let exchanges: [Exchange]
        switch result {
        case .success(let reply): exchanges = [reply.exchange]
        case .failure(let failure): exchanges = failure.exchanges
        }
        let stored = try exchanges.map { try JSONValue(encoding: $0).canonical }
        var dumped = ""
        dump(result, to: &dumped)
        return ([String(reflecting: result), "\(result)", dumped, result.failure?.description ?? ""] + stored).joined()
    }

    @Test("A query's values are sent and not kept; credentials in an address are refused without showing them")
    func addresses() async throws {
        try await ScriptedServer.run([.respond(status: 200, body: Wire.answer)]) { server in
            var model = Wire.model(at: server.url)
            model.baseURL = server.url + "/v1?api-version=2026-01-01&code=hidden-0123456789"
            let reply = try await Wire.call(model).get()
            #expect(server.requests.first?.uri == "/v1/chat/completions?api-version=2026-01-01&code=hidden-0123456789")
            #expect(reply.exchange.url == server.url + "/v1/chat/completions?api-version=2026-01-01&code=removed")
            model.baseURL = "https://user:hidden-0123456789@api.example.com/v1"
            do {
                _ = try await Wire.call(model)
                Issue.record("credentials were accepted")
            } catch let failure as ParleyFailure {
                #expect(failure.message.contains("credentials"))
                #expect(!failure.description.contains("hidden"))
            }
        }
    }
}
