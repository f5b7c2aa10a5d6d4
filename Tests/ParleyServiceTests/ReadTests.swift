// What the API answers to who looks: the documents of the command line, in pages and with tags, and a problem document
// for all that is none.

import Hummingbird
import Logging
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleySchemas
import ParleyTestSupport
import Testing

@testable import ParleyService

@Suite("Reading by the API")
struct ReadTests {
    private let house: House

    init() async throws { house = try await House() }

    @Test("Status and findings are the documents of the command line; a tag saves the second answer")
    func documents() async throws {
        let house = house
        try await house.commitOne()
        let token = try await house.token("reader")
        try await house.serve { caller in
            let own = caller.with(token)
            let record = try #require(try await house.queue.round(named: "round"))
            let status = try await own.get("/v1/rounds/round")
            let expected = StatusDocument(rounds: [try await house.queue.statusDocument(record)])
            #expect(status.text == (try JSONValue(encoding: expected).canonical))
            let findings = try await own.get("/v1/rounds/round/findings")
            let all = try JSONValue(encoding: await house.queue.findings(round: house.round)).canonical
            #expect(findings.text == all)
            let tag = try #require(findings.headers[.eTag])
            for known in [tag, "W/\(tag)", "\"other\", \(tag)"] {
                let again = try await own.get("/v1/rounds/round/findings", [.ifNoneMatch: known])
                #expect(again.status == .notModified && again.text.isEmpty && again.headers[.eTag] == tag)
            }
            #expect(try await own.get("/v1/rounds/round/findings", [.ifNoneMatch: "\"other\""]).status == .ok)
        }
    }

    @Test("Every list comes whole in pages of one, in its order")
    func pages() async throws {
        let house = house
        for _ in 0..<3 { try await house.commitOne() }
        let token = try await house.token("reader")
        try await house.serve { caller in
            let own = caller.with(token)
            for (path, member) in [
                ("/v1/rounds/round/jobs", "jobs"), ("/v1/rounds/round/ledger", "entries"), ("/v1/events", "events"),
                ("/v1/rounds", "rounds"), ("/v1/workers", "workers"), ("/v1/rounds/round/cells", "cells"),
            ] {
                let whole = try #require(try await own.get(path).json[member]?.array)
                #expect(!whole.isEmpty)
                var paged: [JSONValue] = []
                var next: String? = "\(path)?limit=1"
                while let page = next {
                    let answer = try await own.get(page)
                    paged += answer.json[member]?.array ?? []
                    next = paged.count > whole.count ? nil : answer.next
                }
                #expect(paged == whole, "\(path)")
            }
            let scored = try await own.get("/v1/rounds/round/jobs?kind=scored&suite=suite&configuration=m").json
            #expect(scored["jobs"]?.array?.count == 3)
            for none in ["kind=refused", "suite=suite&configuration=other", "suite=other"] {
                #expect(try await own.get("/v1/rounds/round/jobs?\(none)").json["jobs"] == [])
            }
        }
    }

    @Test("A dead job is listed with its class, and hostile text stays a string")
    func dead() async throws {
        try await house.killOne()
        let token = try await house.token("reader")
        try await house.serve { caller in
            let own = caller.with(token)
            let dead = try await own.get("/v1/rounds/round/dead?class=invalid_request")
            #expect(dead.json["dead"]?[0]?["message"] == "<script>alert(1)</script>")
            #expect(dead.headers[.contentType] == "application/json")
            let job = try #require(dead.json["dead"]?[0]?["job"]?.integer)
            #expect(try await own.get("/v1/rounds/round/dead?class=other").json["dead"] == [])
            #expect(try await own.get("/v1/jobs/\(job)").json["format"] == "parley.why/1")
        }
    }

    @Test("What cannot be answered is a problem document of its status, with its guards")
    func problems() async throws {
        let token = try await house.token("reader")
        try await house.serve { caller in
            let own = caller.with(token)
            for (path, status) in [
                ("/nowhere", 404), ("/v1/rounds/none", 404), ("/v1/jobs/x", 404),
                ("/v1/jobs/99999999999999999999", 404),
                ("/v1/rounds/%00", 404), ("/v1/rounds?limit=0", 400), ("/v1/rounds?limit=1001", 400),
                ("/v1/rounds?limit=1&limit=2", 400), ("/v1/rounds?stat=running", 400), ("/v1/rounds?state=gone", 400),
                ("/v1/rounds?state=%ff", 400), ("/v1/events?after=1", 400), ("/v1/events?after=1.9.x", 400),
                ("/v1/rounds/round/jobs?suite=%20", 400), ("/v1/json/none", 404),
            ] {
                let answer = try await own.get(path)
                #expect(answer.status.code == status && answer.isProblem, "\(path): \(answer.status) \(answer.text)")
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                #expect(answer.headers[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
                #expect(answer.headers[.cacheControl] == "no-store")
            }
            let wrong = try await own.send(.delete, "/v1/rounds", body: nil)
            #expect(wrong.status == .methodNotAllowed && wrong.isProblem && wrong.headers[.allow] == "GET, HEAD")
            #expect(try await own.send(.head, "/v1/rounds", body: nil).status == .ok)
        }
    }

    @Test("More than a minute's requests are refused, and told when to come again")
    func rate() async throws {
        let token = try await house.token("reader")
        let other = try await house.token("other")
        try await house.serve(perMinute: 6) { caller in
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await caller.with(token).get("/v1/token").status.code) }
            #expect(statuses == [200, 200, 429])
            let refused = try await caller.with(token).get("/v1/token")
            #expect(
                refused.isProblem && (refused.headers[.retryAfter].flatMap { Int($0) }).map { 1...11 ~= $0 } == true
            )
            #expect(try await caller.with(other).get("/v1/token").status == .ok)
            #expect(try await caller.get("/healthz").status == .ok)
        }
    }

    @Test("A bucket fills evenly up to its burst")
    func bucket() {
        let limiter = RateLimiter(perMinute: 60, burst: 2)
        let start = ContinuousClock.now
        #expect(limiter.take("a", at: start) == nil && limiter.take("a", at: start) == nil)
        #expect(limiter.take("a", at: start) == .seconds(1))
        #expect(limiter.take("b", at: start) == nil)
        #expect(limiter.take("a", at: start + .seconds(1)) == nil)
        #expect(limiter.take("a", at: start + .seconds(1)) != nil)
        let later = start + .seconds(3600)
        #expect(limiter.take("a", at: later) == nil && limiter.take("a", at: later) == nil)
        #expect(limiter.take("a", at: later) != nil)
    }

    @Test("The description names every route and no other, and all that it refers to is served")
    func description() async throws {
        let house = house
        let parties = PartyReaders(database: house.database.superuser, logger: .init(label: "test"))
        let routes = ServiceAPI(queue: house.queue, parties: parties, perMinute: 60).routes(on: serviceRouter())
        let description = try JSONValue(parsing: ServiceDescription.openAPI)
        let described = try #require(description["paths"]?.object).map { path, operations in
            let parts = path.split(separator: "/").map { $0.hasPrefix("{") ? ":\($0.dropFirst().dropLast())" : "\($0)" }
            return ("/" + parts.joined(separator: "/"), Set((operations.object ?? [:]).keys.map { $0.uppercased() }))
        }
        #expect(Dictionary(uniqueKeysWithValues: described) == routes.methods.mapValues { Set($0.map(\.rawValue)) })
        #expect(description["openapi"] == "3.1.0")
        try await house.serve { caller in
            let served = try await caller.get("/v1/openapi.json").json
            #expect(served == description)
            for (name, text) in ServiceDescription.schemas {
                #expect(ServiceDescription.openAPI.contains("json/\(name)"), "\(name) is referred to")
                let schema = try await caller.get("/v1/json/\(name)").text
                #expect(schema == text)
            }
            let ready = try await caller.get("/readyz").text
            #expect(ready == "ready\n")
        }
    }
}
