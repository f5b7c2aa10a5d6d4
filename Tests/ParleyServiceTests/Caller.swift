// A caller of the service over real HTTP, with a token of its own.

import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport

@testable import ParleyService

struct Answer {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let text: String

    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
    /// Whether it is a problem document of its own status.
    var isProblem: Bool {
        headers[.contentType] == "application/problem+json" && json["status"]?.integer == Int64(status.code)
            && json["detail"]?.string?.isEmpty == false && json["request"]?.string?.isEmpty == false
    }
    /// The path of the next page.
    var next: String? {
        headers[named: "Link"].flatMap { link in
            link.hasSuffix(">; rel=\"next\"") ? String(link.dropFirst().prefix { $0 != ">" }) : nil
        }
    }
}

struct Caller: Sendable {
    let client: any TestClientProtocol
    let token: String?

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, path, headers, body: nil)
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ headers: HTTPFields = [:],
        body: String?,
        type: String = "application/json"
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil { headers[.contentType] = type }
        let response = try await client.execute(
            uri: path,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        )
        return Answer(status: response.status, headers: response.headers, text: String(buffer: response.body))
    }

    func post(_ path: String, _ body: String, _ headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.post, path, headers, body: body)
    }

    func with(_ token: String?) -> Caller { Caller(client: client, token: token) }
}

extension House {
    static let operatorAuthority = CoordinatorQueue.Authority(actor: "test", reason: "a test")

    func token(_ name: String, _ scope: TokenScope = .read, login: String? = nil) async throws -> String {
        try await served.makeToken(
            name,
            scope: scope,
            login: login,
            lifetime: .seconds(3600),
            by: Self.operatorAuthority
        ).text
    }

    /// Serves on a port of its own and lets a caller without a token ask.
    func serve(
        perMinute: Int = 60_000,
        _ body: @escaping @Sendable (Caller) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let router = serviceRouter(perMinute: 60_000)
        let parties = PartyReaders(
            database: database.configuration(role: ServiceLogins.coordinator),
            logger: logger
        )
        ServiceAPI(queue: served, parties: parties, perMinute: perMinute).add(to: router)
        try await Application(router: router, logger: logger).test(.live) { client in
            try await body(Caller(client: client, token: nil))
        }
        await parties.close()
    }
}
