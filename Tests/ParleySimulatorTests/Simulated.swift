// A simulated provider that runs for one test, with a real HTTP client in front of it.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ParleyModel
import ParleySimulator

/// What a client saw of one response.
struct Seen {
    var status: Int
    var headers: HTTPHeaders
    var body: String

    func json() throws -> JSONValue { try JSONValue(parsing: body) }

    func header(_ name: String) -> String? { headers.first(name: name) }

    /// The events of a stream: name (nil where none is given) and data.
    var events: [(name: String?, data: String)] {
        body.split(separator: "\n\n").map { event in
            let lines = event.split(separator: "\n")
            let value = { (label: String) in
                lines.first { $0.hasPrefix(label) }.map { String($0.dropFirst(label.count)) }
            }
            return (value("event: "), value("data: ") ?? "")
        }
    }
}

/// A provider and a client for one test.
struct Simulated {
    let provider: SimulatedProvider
    let address: SimulatorAddress
    let client: HTTPClient

    static func run(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        key: AnswerKey = AnswerKey(),
        _ body: (Simulated) async throws -> Void
    ) async throws {
        let provider = SimulatedProvider(configuration: configuration, key: key)
        let address = try await provider.start()
        var settings = HTTPClient.Configuration()
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        // Waiting for a connection counts as connecting; a busy machine may take its time.
        settings.timeout.connect = .seconds(120)
        let client = HTTPClient(configuration: settings)
        do {
            try await body(Simulated(provider: provider, address: address, client: client))
        } catch {
            try await client.shutdown()
            try await provider.stop()
            throw error
        }
        try await client.shutdown()
        try await provider.stop()
    }

    func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        headers: HTTPHeaders = [:],
        timeout: TimeAmount = .seconds(60)
    ) async throws -> Seen {
        var request = HTTPClientRequest(url: address.description + path)
        request.method = method
        request.headers = headers
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await client.execute(request, timeout: timeout)
        let bytes = try await response.body.collect(upTo: 1 << 24)
        return Seen(status: Int(response.status.code), headers: response.headers, body: String(buffer: bytes))
    }

    func ask(_ format: ProviderKind, _ prompt: String, _ more: [String: JSONValue] = [:], at prefix: String = "")
        async throws -> Seen
    {
        let path = format == .openai ? "/v1/chat/completions" : "/v1/messages"
        return try await send(.POST, prefix + path, Self.body(format, prompt, more).canonical)
    }

    static func body(_ format: ProviderKind, _ prompt: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
        var members: [String: JSONValue] = [
            "model": "careful", "messages": [["role": "user", "content": .string(prompt)]],
        ]
        if format == .anthropic { members["max_tokens"] = 100 }
        return .object(members.merging(more) { _, new in new })
    }

    func control(_ command: JSONValue) async throws -> Seen { try await send(.POST, "/control", command.canonical) }

    /// The text of a whole answer in either format.
    static func text(_ format: ProviderKind, _ seen: Seen) throws -> String? {
        let json = try seen.json()
        return format == .openai
            ? json["choices"]?[0]?["message"]?["content"]?.string : json["content"]?[0]?["text"]?.string
    }
}

extension JSONValue {
    /// The names of an object's members, sorted.
    var names: [String] { object?.keys.sorted() ?? [] }
}
