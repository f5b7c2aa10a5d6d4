// What the API changes: never without a reason, under the token's name, once for a key, and not over somebody's head.

import Hummingbird
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyTestSupport
import Testing

@testable import ParleyService

@Suite("Changes by the API")
struct ChangeTests {
    private let house: House
    private let token: String

    init() async throws {
        house = try await House()
        token = try await house.token("olga", .control)
    }

    private func paused() async throws -> Bool {
        try await house.queue.status(round: house.round).streams.allSatisfy { $0.pauseReason != nil }
    }

    @Test("A part is paused and resumed; the ledger names the token and the reason")
    func control() async throws {
        let (house, token) = (house, token)
        try await house.serve { caller in
            let own = caller.with(token)
            let path = "/v1/rounds/round/control"
            let pause = try await own.post(path, #"{"action": "pause", "model": "m", "because": "wrong key"}"#)
            #expect(pause.json == ["changed": true, "streams": 1, "jobs": 0, "waits": 0])
            let again = try await own.post(path, #"{"action": "pause", "because": "wrong key"}"#)
            #expect(again.json["changed"] == false)
            let none = try await own.post(path, #"{"action": "pause", "model": "n", "because": "wrong key"}"#)
            #expect(none.status == .notFound && none.isProblem)
            let entries = try await house.queue.ledgerEntries(of: house.round).filter { $0.what == "pause" }
            #expect(entries.map(\.who) == ["token olga"] && entries.map(\.why) == ["wrong key"])
            let asked = try await house.queue.events(round: house.round).filter { $0.what == "asked" }
            #expect(asked.count == 3 && asked.allSatisfy { $0.who == "token olga" && $0.why == "wrong key" })
        }
        #expect(try await paused())
    }

    @Test("Without a reason, or with a body that says something else, nothing is done")
    func refused() async throws {
        let (house, token) = (house, token)
        try await house.serve { caller in
            let own = caller.with(token)
            let path = "/v1/rounds/round/control"
            for (body, status) in [
                (#"{"action": "pause"}"#, 422), (#"{"action": "pause", "because": " \t"}"#, 422),
                (#"{"action": "pause", "because": 1}"#, 422), (#"{"action": "stop", "because": "x"}"#, 422),
                (#"{"action": "pause", "because": "x", "modle": "m"}"#, 422),
                (#"{"action": "pause", "because": "x", "model": "M'; drop"}"#, 422),
                (#"{"action": "pause", "because": "x", "now": "yes"}"#, 422),
                (#"["pause"]"#, 422), ("{", 400), ("", 400),
                (#"{"because": ""# + String(repeating: "x", count: 70_000) + #""}"#, 413),
            ] {
                let answer = try await own.post(path, body)
                #expect(answer.status.code == status && answer.isProblem, "\(body.prefix(60)): \(answer.text)")
            }
            let form = try await own.send(.post, path, body: "action=pause", type: "application/x-www-form-urlencoded")
            #expect(form.status == .unsupportedMediaType && form.isProblem)
        }
        #expect(try await !paused())
        #expect(try await house.queue.ledgerEntries(of: house.round).allSatisfy { $0.what != "pause" })
    }

    @Test("A change that is sent twice with one key is done once and answered alike")
    func idempotent() async throws {
        let (house, token) = (house, token)
        let other = try await house.token("other", .control)
        try await house.serve { caller in
            let own = caller.with(token)
            let path = "/v1/rounds/round/share"
            var headers: HTTPFields = [:]
            var second: HTTPFields = [:]
            headers[named: "Idempotency-Key"] = "k-1"
            second[named: "Idempotency-Key"] = "k-2"
            let body = #"{"weight": 3, "because": "agreed"}"#
            let first = try await own.post(path, body, headers)
            #expect(first.json == ["changed": true, "streams": 1])
            let repeated = try await own.post(path, body, headers)
            #expect(repeated.text == first.text && repeated.headers[named: "Idempotency-Replayed"] == "true")
            let differs = try await own.post(path, #"{"weight": 4, "because": "agreed"}"#, headers)
            #expect(differs.status == .conflict && differs.isProblem)
            // Keys are each caller's own.
            #expect(try await caller.with(other).post(path, body, headers).json["changed"] == false)
            let refused = try await own.post(path, #"{"because": "x"}"#, second)
            let again = try await own.post(path, #"{"because": "x"}"#, second)
            #expect(refused.status == .unprocessableContent && again.status == .unprocessableContent)
            #expect(again.text == refused.text)
        }
        let weighed = try await house.queue.ledgerEntries(of: house.round).filter { $0.what == "weigh" }
        #expect(weighed.map(\.why) == ["3: agreed"])
    }

    @Test("Caps are set by who has seen them, and not by who has not")
    func caps() async throws {
        let (house, token) = (house, token)
        try await house.serve { caller in
            let own = caller.with(token)
            let path = "/v1/rounds/round/budgets/1/caps"
            let seen = try await own.get(path)
            #expect(seen.json == ["budget": 1, "tokens": 1_000_000])
            let tag = try #require(seen.headers[.eTag])
            let body = #"{"tokens": 2000000, "because": "more models"}"#
            let blind = try await own.send(.patch, path, body: body)
            #expect(blind.status.code == 428 && blind.isProblem)
            let set = try await own.send(.patch, path, [.ifMatch: tag], body: body)
            #expect(set.json == ["budget": 1, "tokens": 2_000_000])
            let late = try await own.send(.patch, path, [.ifMatch: tag], body: #"{"tokens": 5, "because": "fewer"}"#)
            #expect(late.status == .preconditionFailed && late.isProblem)
            #expect(try await own.get(path).json["tokens"] == 2_000_000)
            #expect(try await own.get("/v1/rounds/round/budgets/2/caps").status == .notFound)
            // The database itself compares, for two who passed the look at once.
            let raced = try await house.served.replaceCaps(
                house.round,
                number: 1,
                seen: (1_000_000, nil),
                tokens: 5,
                money: nil,
                by: House.operatorAuthority
            )
            #expect(raced == nil)
        }
    }

    @Test("Dead jobs are ruled by class, and the ledger says why")
    func rule() async throws {
        try await house.killOne()
        let (house, token) = (house, token)
        try await house.serve { caller in
            let own = caller.with(token)
            let path = "/v1/rounds/round/rulings"
            let other = #"{"ruling": "exclude", "class": "timeout", "because": "x"}"#
            #expect(try await own.post(path, other).json == ["changed": false, "jobs": 0])
            let both = #"{"ruling": "exclude", "class": "timeout", "jobs": [1], "because": "x"}"#
            #expect(try await own.post(path, both).status == .unprocessableContent)
            let all = #"{"ruling": "exclude", "because": "poison"}"#
            #expect(try await own.post(path, all).json == ["changed": true, "jobs": 1])
            let entries = try await house.queue.ledgerEntries(of: house.round)
            #expect(entries.contains { $0.what == "rule" && $0.why == "poison" && $0.who == "token olga" })
        }
    }

    @Test("Workers and pools are told what the command line tells them, with who and why")
    func orders() async throws {
        let (house, token) = (house, token)
        try await house.serve { caller in
            let own = caller.with(token)
            let worker = try #require(try await house.queue.workers().first)
            let tell = { (target: String, order: String) in
                try await own.post("/v1/\(target)/orders", "{\(order), \"because\": \"kernel\"}")
            }
            for (target, order, status) in [
                ("pools/default", #""action": "set""#, 422),
                ("pools/default", #""action": "pause", "concurrency": 3"#, 422),
                ("pools/default", #""action": "resume", "now": true"#, 422), ("pools/none", #""action": "pause""#, 404),
                ("pools/%20", #""action": "set", "concurrency": 3"#, 404), ("workers/999", #""action": "pause""#, 404),
            ] {
                let answer = try await tell(target, order)
                #expect(answer.status.code == status && answer.isProblem, "\(target) \(order): \(answer.text)")
            }
            #expect(
                try await tell("pools/default", #""action": "set", "concurrency": 3"#).json == [
                    "jobs": 0, "workers": 1,
                ]
            )
            let pools = try await own.get("/v1/pools")
            let expected = PoolsDocument(try await house.queue.pools(), try await house.queue.workers())
            #expect(pools.text == (try JSONValue(encoding: expected).canonical))
            #expect(pools.json["pools"]?[0]?["concurrency"] == 3)
            #expect(try await tell("pools/default", #""action": "set", "concurrency": 0"#).status == .ok)
            #expect(try await house.queue.pools().first?.concurrency == nil)
            #expect(try await tell("pools/default", #""action": "pause""#).status == .ok)
            #expect(try await house.queue.workers().first?.state == "paused")
            #expect(try await tell("pools/default", #""action": "resume""#).status == .ok)
            _ = try await house.worker.claim(limit: 1)
            let drained = try await tell("workers/\(worker.id)", #""action": "drain", "now": true"#)
            #expect(drained.json == ["jobs": 1, "workers": 1])
            #expect(try await house.queue.workers().first?.state == "draining")
            let events = try await house.queue.events().filter {
                $0.why.hasSuffix("kernel") && !$0.what.hasPrefix("asked")
            }
            #expect(events.map(\.what) == ["drain", "resume", "pause", "set", "set"])
            #expect(events.allSatisfy { $0.who == "token olga" })
        }
    }
}
