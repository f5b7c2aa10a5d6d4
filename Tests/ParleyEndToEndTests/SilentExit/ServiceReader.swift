// All that a coordinator's HTTP service answers to an operator: every path of its description that can be read, page by
// page, and every page of the dashboard that one comes to by links.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ParleyModel
import Testing

/// Reads a service as whoever holds a token that may read everything.
struct ServiceReader {
    typealias Answer = (name: String, content: Data)

    private let base: String
    private let token: String

    init(_ daemon: ParleyProcess, token: String) throws {
        var address: String?
        while daemon.isRunning, address == nil {
            let lines = daemon.errorsSoFar.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
            address = lines.compactMap { $0["message"]?.string }.first { $0.hasPrefix("Listening on ") }
        }
        base = String(try #require(address).dropFirst("Listening on ".count))
        self.token = token
    }

    /// What one path answers.
    func answer(to path: String) async throws -> Answer { (path, try await get(path).content) }

    /// What is answered to all paths, and all pages.
    /// - Parameter jobs: of all jobs these are asked for
    func all(_ jobs: [Int64]) async throws -> [Answer] { try await api(jobs) + dashboard(jobs) }

    /// What the API answers, by path.
    private func api(_ jobs: [Int64]) async throws -> [Answer] {
        let (description, _) = try await get("/v1/openapi.json")
        let paths = try #require(JSONValue(parsing: Array(description))["paths"]?.object)
        var answers: [Answer] = []
        for (path, methods) in paths.sorted(by: { $0.key < $1.key }) where methods["get"] != nil {
            let named = path.replacing("{round}", with: "autumn").replacing("{budget}", with: "1")
            let all = path.contains("{job}") ? jobs.map { named.replacing("{job}", with: "\($0)") } : [named]
            for path in all where !path.contains("{") {
                var next: String? = path.hasSuffix("/jobs") ? path + "?limit=1000" : path
                while let page = next {
                    let (content, link) = try await get(page)
                    answers.append((page, content))
                    next = link
                }
            }
        }
        return answers
    }

    /// The pages of the dashboard, by path. Of the jobs that a page links to the first ones are looked at.
    private func dashboard(_ jobs: [Int64]) async throws -> [Answer] {
        var answers: [Answer] = []
        var (known, left): (Set<String>, [String]) = (
            ["/dashboard"], ["/dashboard"] + jobs.map { "/dashboard/jobs/\($0)" }
        )
        while let path = left.popLast() {
            let (content, _) = try await get(path)
            answers.append((path, content))
            let links = String(decoding: content, as: UTF8.self).matches(of: /href="(\/dashboard\/[^"#]*)"/).map {
                String($0.1).replacing("&amp;", with: "&")
            }
            let pages = links.filter { !$0.contains("/jobs/") } + links.filter { $0.contains("/jobs/") }.prefix(2)
            left += pages.filter { !$0.contains("sign-") && known.insert($0).inserted }
        }
        return answers
    }

    /// A page, and the path of the one after it.
    private func get(_ path: String) async throws -> (content: Data, next: String?) {
        var request = HTTPClientRequest(url: base + path)
        request.headers = ["authorization": "Bearer \(token)", "cookie": "parley=\(token)"]
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let content = Data(Array(buffer: try await response.body.collect(upTo: 64 << 20)))
        let link = response.headers.first(name: "link").flatMap { $0.firstMatch(of: /<([^>]*)>; *rel="?next/) }
        return (content, link.map { String($0.1) })
    }
}
