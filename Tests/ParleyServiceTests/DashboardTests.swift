// The dashboard over HTTP: nobody looks without a token, nothing is changed without the form's own proof and a reason,
// and what is changed stands in the ledger.

import Hummingbird
import HummingbirdTesting
import Logging
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@testable import ParleyService

@Suite("The dashboard")
struct DashboardTests {
    private static let token = "a-token"
    private let house: House
    private var queue: CoordinatorQueue { house.queue }
    private var round: RoundID { house.round }

    init() async throws { house = try await House() }

    private func browse(
        control: Bool = true,
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let access = OneToken(Self.token, owner: DashboardViewer(name: "olga", canControl: control))
        let dashboard = Dashboard(
            source: DashboardSource(queue: queue),
            access: access,
            isSecure: true,
            logger: Logger(label: "test")
        )
        let router = serviceRouter()
        dashboard.add(to: router)
        try await Application(router: router).test(.router, body)
    }

    private static let own: HTTPFields = [.cookie: "parley=\(token)"]
    private static let formType: HTTPFields = [
        .cookie: "parley=\(token)", .contentType: "application/x-www-form-urlencoded",
    ]
    private static let proof = Dashboard.formToken(token).replacing(":", with: "%3A")

    @Test("Without a token every page leads to the one that asks for it; files are there for all")
    func signIn() async throws {
        try await browse { client in
            for path in ["", "/workers", "/limits", "/calendar", "/rounds/round", "/rounds/round/dead", "/jobs/1"] {
                for headers: HTTPFields in [[:], [.cookie: "parley=wrong"], [.cookie: "parley="]] {
                    let response = try await client.execute(uri: "/dashboard\(path)", method: .get, headers: headers)
                    #expect(response.status == .seeOther && response.headers[.location] == "/dashboard/sign-in")
                    #expect(!String(buffer: response.body).contains("round"))
                }
            }
            #expect(try await client.execute(uri: "/dashboard/live", method: .get).status == .unauthorized)
            let style = try await client.execute(uri: "/dashboard/style.css", method: .get)
            #expect(style.headers[.contentType] == "text/css; charset=utf-8")
            let ask = try await client.execute(uri: "/dashboard/sign-in", method: .get)
            #expect(ask.status == .ok && ask.headers[values: .setCookie].isEmpty)
        }
    }

    @Test("A token signs in by a cookie that no script and no other site can use; wrong ones are refused, then all")
    func cookie() async throws {
        try await browse { client in
            let type: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            @Sendable func tryOne(_ token: String, _ headers: HTTPFields = type) async throws -> TestResponse {
                try await client.execute(
                    uri: "/dashboard/sign-in",
                    method: .post,
                    headers: headers,
                    body: ByteBuffer(string: "token=\(token)")
                )
            }
            let right = try await tryOne(Self.token)
            #expect(right.status == .seeOther && right.headers[.location] == "/dashboard")
            let cookie = try #require(right.headers[.setCookie])
            for part in ["parley=a-token", "HttpOnly", "SameSite=Strict", "Secure", "Path=/dashboard"] {
                #expect(cookie.contains(part), "\(cookie)")
            }
            var foreign = type
            foreign[try #require(HTTPFields.Element.Name("sec-fetch-site"))] = "cross-site"
            #expect(try await tryOne(Self.token, foreign).status == .forbidden)
            for _ in 0..<Doors.mostWrongInAMinute {
                let wrong = try await tryOne("x%0d%0aset-cookie:%20y=1")
                #expect(wrong.status == .unauthorized && wrong.headers[.setCookie] == nil)
            }
            #expect(try await tryOne(Self.token).status == .tooManyRequests)
            let left = try await client.execute(uri: "/dashboard/leave", method: .post, headers: Self.own)
            #expect(left.headers[.setCookie]?.contains("Max-Age=0") == true)
        }
    }

    @Test("Every page is there, under the policy, and is never kept by a cache")
    func pages() async throws {
        let job = round.rawValue << 36
        try await house.commitOne()
        try await browse { client in
            let pages = [
                ("", "Round"), ("/workers", "w1"), ("/limits", "round file of round"), ("/calendar", "No series"),
                ("/rounds/round", "Suites and configurations"), ("/rounds/round/dead", "No job of this round is dead"),
                ("/rounds/round/findings", "Findings of round"), ("/jobs/\(job)", "its outcome is"),
                ("/rounds/round/cells/suite/m", "/dashboard/jobs/\(job)"),
                ("/rounds/round/cells/suite/m?kind=refused", "There is none"),
            ]
            for (path, text) in pages {
                let response = try await client.execute(uri: "/dashboard\(path)", method: .get, headers: Self.own)
                #expect(response.status == .ok, "\(path): \(response.status)")
                #expect(String(buffer: response.body).contains(text), "\(path)")
                #expect(response.headers[.cacheControl] == "no-store")
                let policy = try #require(HTTPFields.Element.Name("content-security-policy"))
                #expect(response.headers[policy]?.contains("default-src 'none'") == true)
            }
            for path in ["/rounds/other", "/rounds/round/cells/suite/x", "/rounds/%3Cscript%3E", "/jobs/7", "/jobs/x"] {
                let response = try await client.execute(uri: "/dashboard\(path)", method: .get, headers: Self.own)
                #expect(response.status == .notFound, "\(path)")
                #expect(!String(buffer: response.body).contains("<script>"))
            }
        }
    }

    @Test("A round is paused with a reason by who may, and not otherwise")
    func pause() async throws {
        @Sendable func send(_ client: any TestClientProtocol, _ body: String) async throws -> TestResponse {
            try await client.execute(
                uri: "/dashboard/rounds/round/control",
                method: .post,
                headers: Self.formType,
                body: ByteBuffer(string: body)
            )
        }
        try await browse(control: false) { client in
            let status = try await send(client, "proof=\(Self.proof)&because=x&action=pause").status
            #expect(status == .forbidden)
        }
        let paused = { try await queue.streams(round: round).allSatisfy { $0.pauseReason != nil } }
        try await browse { client in
            for body in ["because=x&action=pause", "proof=wrong&because=x&action=pause"] {
                let status = try await send(client, body).status
                #expect(status == .forbidden, "\(body)")
            }
            for body in ["because=%20&action=pause", "because=x&action=explode"] {
                let status = try await send(client, "proof=\(Self.proof)&\(body)").status
                #expect(status == .badRequest, "\(body)")
            }
            let status = try await send(client, "proof=\(Self.proof)&because=x").status
            #expect(status == .forbidden, "no action")
        }
        let isUntouched = try await !paused()
        #expect(isUntouched)
        try await browse { client in
            let done = try await send(client, "proof=\(Self.proof)&because=wrong+key&action=pause")
            #expect(done.status == .seeOther && done.headers[.location] == "/dashboard/rounds/round?done=paused")
            let page = try await client.execute(
                uri: "/dashboard/rounds/round?done=paused",
                method: .get,
                headers: Self.own
            )
            let text = String(buffer: page.body)
            #expect(text.contains("nothing more is claimed.</p>") && text.contains("paused by olga"), "\(text)")
        }
        let isPaused = try await paused()
        #expect(isPaused)
        let event = try #require(try await queue.events(round: round).first { $0.what == "pause" })
        #expect(event.who == "olga" && event.why == "wrong key")
    }

    @Test("A class of dead jobs is ruled on, and the reason is kept beside the ruling")
    func rule() async throws {
        try await house.killOne()
        try await browse { client in
            let page = try await client.execute(uri: "/dashboard/rounds/round/dead", method: .get, headers: Self.own)
            let text = String(buffer: page.body)
            #expect(text.contains("&lt;script&gt;") && !text.contains("<script>"), "\(text)")
            let done = try await client.execute(
                uri: "/dashboard/rounds/round/rule",
                method: .post,
                headers: Self.formType,
                body: ByteBuffer(string: "proof=\(Self.proof)&because=bad+item&ruling=exclude&class=invalid_request")
            )
            #expect(done.headers[.location] == "/dashboard/rounds/round/dead?done=ruled")
        }
        #expect(try await queue.deadJobs(round: round).map(\.ruling) == [.exclude])
        let events = try await queue.events(round: round)
        #expect(events.contains { $0.what == "rule" && $0.why == "bad item" && $0.who == "olga" })
    }
}
