// Who may call: what a token lets its holder do, what one that is over does not, and what a party's token sees.

import Hummingbird
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@testable import ParleyService

@Suite("Tokens of the service")
struct TokenTests {
    private let house: House

    init() async throws { house = try await House() }

    @Test("No token, a wrong, an expired and a revoked one are refused alike; the database keeps a hash")
    func refused() async throws {
        let house = house
        let expired = try await house.token("expired")
        let revoked = try await house.token("revoked")
        let good = try await house.token("good")
        try await house.execute(
            "update parley.tokens set created_at = created_at - interval '2 hours', "
                + "expires_at = expires_at - interval '2 hours' where name = 'expired'"
        )
        #expect(try await house.served.revokeToken("revoked", by: House.operatorAuthority))
        #expect(try await !house.served.revokeToken("revoked", by: House.operatorAuthority))
        try await house.serve { caller in
            for token in [nil, "", "parley_0", expired, revoked] {
                let answer = try await caller.with(token).get("/v1/rounds")
                #expect(answer.status == .unauthorized && answer.isProblem)
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
            #expect(try await caller.with(good).get("/v1/rounds").status == .ok)
            let me = try await caller.with(good).get("/v1/token")
            #expect(me.json["name"] == "good" && me.json["scopes"] == ["read"] && me.json["login"] == nil)
        }
        let connection = try await house.database.connect()
        let rows = try await connection.query("select name, row_to_json(t)::text as all from parley.tokens t")
        for row in rows {
            let all = try row.text("all")
            for secret in [expired, revoked, good] { #expect(!all.contains(secret.dropFirst(7))) }
            #expect(try row.text("name") != "good" || !all.contains("\"last_used_at\":null"))
        }
        await connection.close()
        #expect(try await house.queue.events().contains { $0.what == "token revoked" && $0.why == "a test" })
    }

    @Test("A scope allows what it says and no more; a name is not used twice")
    func scopes() async throws {
        let house = house
        let read = try await house.token("reader")
        let control = try await house.token("controller", .control)
        let admin = try await house.token("administrator", .admin)
        await #expect(throws: ParleyFailure.self) { try await house.token("reader") }
        try await house.serve { caller in
            let drain = #"{"because": "a test"}"#
            let order = #"{"action": "drain", "because": "a test"}"#
            let expected: [(String, Int, Int, Int)] = [
                (read, 200, 403, 403), (control, 200, 404, 403), (admin, 200, 404, 200),
            ]
            for (token, look, change, tokens) in expected {
                let own = caller.with(token)
                #expect(try await own.get("/v1/workers").status.code == look)
                #expect(try await own.post("/v1/workers/999/orders", order).status.code == change)
                let list = try await own.get("/v1/tokens")
                #expect(list.status.code == tokens)
                #expect(list.isProblem == (tokens != 200))
            }
            let gone = try await caller.with(admin).post("/v1/tokens/reader/revoke", #"{"because": "left"}"#)
            #expect(gone.json["changed"] == true)
            #expect(try await caller.with(read).get("/v1/workers").status == .unauthorized)
            #expect(try await caller.with(admin).post("/v1/tokens/none/revoke", drain).status == .notFound)
        }
    }

    @Test("A party's token reads its own view, as its own login, and nothing of the operators")
    func party() async throws {
        let house = house
        // A login that has further rights, or that is none, is no party's.
        for login in [ServiceLogins.coordinator, "nobody"] {
            await #expect(throws: ParleyFailure.self) { try await house.token("no-\(login)", login: login) }
        }
        let token = try await house.token("north", login: ServiceLogins.party)
        let control = try await house.token("controller", .control)
        try await house.serve { caller in
            let party = caller.with(token)
            #expect(try await party.get("/v1/view").json["rounds"] == [], "nothing is granted yet")
            #expect(try await party.get("/v1/view/round").status == .notFound)
            try await house.served.grant(round: house.round, party: "lab", login: ServiceLogins.party, by: "test")
            let view = try await party.get("/v1/view/round")
            #expect(view.json["format"] == "parley.view/1" && view.json["round"]?["party"] == "lab")
            #expect(try await party.get("/v1/view").json["rounds"]?[0]?["round"] == "round")
            for path in ["/v1/rounds", "/v1/rounds/round/findings", "/v1/events", "/v1/tokens", "/v1/jobs/1"] {
                #expect(try await party.get(path).status == .forbidden)
            }
            let change = try await party.post("/v1/rounds/round/control", #"{"action": "pause", "because": "x"}"#)
            #expect(change.status == .forbidden)
            #expect(try await caller.with(control).get("/v1/view").status == .forbidden)
        }
    }
}
