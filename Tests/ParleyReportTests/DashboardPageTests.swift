// The dashboard's pages: whatever others wrote is text, every page is well formed, and what keyboard and screen reader
// need is there.

import ParleyModel
import Testing

@testable import ParleyReport

@Suite("A page of the dashboard")
struct DashboardPageTests {
    static let hostile =
        "</pre></td><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u{202E}\u{1B}[2J javascript:"
    static let frame = DashboardFrame(viewer: hostile, canControl: true, formToken: hostile, notice: hostile)

    static var house: OperationsDocument {
        var round = TopTests.round("spring", pace: 60, left: 5)
        round.title = hostile
        round.currency = hostile
        round.dead = 2
        round.binding = .init(.paused, hostile, remedy: hostile, jobs: 3)
        var house = TopTests.house([round])
        house.workers[0].name = hostile
        house.workers[0].host = hostile
        house.workers[0].state = "silent"
        house.workers[1].vitals = TopTests.vitals
        house.accounts[0].account = hostile
        house.accounts[0].values = [.init(.pause, 1, setBy: hostile, binds: true)]
        return house
    }

    static var estimate: LiveEstimate { LiveEstimate(MadeUpRound.cells(missing: 0, text: hostile)[0]) }

    static var transcript: ReportTranscript {
        ReportTranscript(
            suite: "s",
            configuration: "c",
            job: 1,
            sampleID: hostile,
            epoch: 1,
            kind: .scored,
            score: .one,
            messages: [Message(.user, hostile), Message(.assistant, hostile, reasoning: hostile)],
            answer: hostile,
            explanation: hostile
        )
    }

    static func pages() throws -> [(name: String, source: String)] {
        var event = TailRecord(at: "t", what: .event)
        event.who = hostile
        event.action = hostile
        event.subject = hostile
        event.why = hostile
        let round = DashboardRound(
            round: house.rounds[0],
            reasons: [.init(.paused, hostile, remedy: hostile, jobs: 3)],
            estimates: [estimate],
            budgets: [
                .init(
                    scope: hostile,
                    tokens: 10,
                    money: nil,
                    usedTokens: 20,
                    usedMoney: .zero,
                    unknown: 1,
                    isExhausted: true
                )
            ],
            events: [event],
            pausedParts: 1
        )
        let why = WhyDocument(
            round: "spring",
            job: 1,
            suite: "s",
            configuration: "c",
            sample: 0,
            epoch: 1,
            reasons: [.init(.dead, hostile, remedy: hostile, jobs: 1)]
        )
        let looks = (0..<5).map { LimitCourse.Look(ago: Int64(90 - 10 * $0), inFlight: $0, allowed: 4) }
        return [
            ("overview", frame.overview(house)), ("round", frame.round(round)),
            ("workers", frame.workers(house.workers)),
            (
                "limits",
                frame.limits(
                    LimitsDocument(limits: house.accounts),
                    courses: [.init(account: hostile, model: house.accounts[0].model, step: 10, looks: looks)]
                )
            ),
            (
                "dead",
                frame.dead(
                    "spring",
                    [
                        .init(
                            failureClass: hostile,
                            unruled: 2,
                            ruled: 1,
                            examples: [(job: Int64(1), cell: hostile, message: hostile)]
                        )
                    ]
                )
            ),
            ("job", frame.job(.init(why: why, attempts: [hostile], transcript: transcript, withheld: nil))),
            (
                "cell",
                frame.cell(
                    .init(
                        round: "spring",
                        cell: Cell(suite: "s", configuration: "c"),
                        kind: .refused,
                        outcomes: [.init(job: 1, sample: 0, epoch: 1, kind: .refused, score: nil)],
                        hasMore: true
                    )
                )
            ),
            ("sealed", frame.job(.init(why: why, attempts: [], transcript: nil, withheld: hostile))),
            (
                "calendar",
                frame.calendar([
                    .init(
                        series: hostile,
                        kind: "run",
                        opensAt: "t",
                        closesAt: "t",
                        status: "open",
                        round: "spring",
                        overdue: hostile
                    )
                ])
            ), ("findings", frame.findings(try MadeUpRound.findings(title: hostile))),
            ("sign-in", DashboardFrame.signIn(problem: hostile)), ("problem", frame.problem(hostile, hostile)),
        ]
    }

    @Test("is well formed and holds nothing that runs, whatever others wrote")
    func inert() throws {
        for (name, source) in try Self.pages() {
            let page = WellFormed(source)
            #expect(page.failure == nil, "\(name)")
            #expect(page.all("script").allSatisfy { $0.attributes["src"] == "/dashboard/live.js" && $0.text.isEmpty })
            #expect(page.all("script").count <= 1 && page.all("style").isEmpty, "\(name)")
            #expect(page.all("img").isEmpty && page.all("iframe").isEmpty, "\(name)")
            for element in page.elements {
                let names = element.attributes.keys
                #expect(names.allSatisfy { !$0.hasPrefix("on") && $0 != "style" }, "\(name): \(element.name)")
                for key in ["href", "src", "action"] {
                    let address = element.attributes[key] ?? "#"
                    #expect(address.hasPrefix("/dashboard") || address.hasPrefix("#"), "\(name): \(address)")
                }
            }
            #expect(!source.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" }, "\(name)")
        }
    }

    @Test("has its landmarks, one main heading, captions and labels")
    func accessible() throws {
        for (name, source) in try Self.pages() where name != "sign-in" {
            let page = WellFormed(source)
            #expect(page.all("h1").count == 1 && page.all("main").count == 1, "\(name)")
            #expect(page.all("nav").first?.attributes["aria-label"] == "Pages")
            #expect(page.all("a").first?.attributes["href"] == "#content", "\(name): the way past the navigation")
            #expect(page.all("html").first?.attributes["lang"] == "en", "\(name)")
            #expect(page.all("table").count == page.all("caption").count, "\(name)")
            #expect(page.all("svg").allSatisfy { $0.attributes["role"] == "img" }, "\(name)")
            let ids = page.elements.compactMap { $0.attributes["id"] }
            #expect(Set(ids).count == ids.count, "\(name): no id is there twice")
            let labels = Set(page.all("label").compactMap { $0.attributes["for"] })
            for field in page.all("input") where field.attributes["type"] != "hidden" {
                #expect(field.attributes["id"].map(labels.contains) == true, "\(name)")
            }
        }
    }

    @Test("shows no form to who may only look, and asks for a reason of everybody else")
    func control() {
        var looker = Self.frame
        looker.canControl = false
        let dead = [DashboardDeadClass(failureClass: "timeout", unruled: 1, ruled: 0, examples: [])]
        #expect(!looker.dead("spring", dead).contains("name=\"ruling\""))
        let own = Self.frame.dead("spring", dead)
        #expect(own.contains("name=\"because\" required=\"required\"") && own.contains("value=\"exclude\""))
        #expect(own.contains("name=\"proof\"") && own.contains("action=\"/dashboard/rounds/spring/rule\""))
    }

    @Test("of the overview says pace, time left, queue, cost and what holds a round")
    func overview() {
        let text = Self.frame.overview(TopTests.house([TopTests.round("spring", pace: 1234, left: 50)]))
        for part in [
            "1,234 a minute", "1 h 2 min", "50 ready", "the oldest due for 5 s", "1.00 USD of 2.00 USD", "Held back",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("of workers tells a slow provider from a starved worker")
    func workers() {
        var house = TopTests.house([], workers: 2)
        house.workers = [TopTests.vitals, TopTests.starved].map {
            .init(worker: 7, name: "w", host: "h", version: "0", state: "active", inFlight: 4, vitals: $0)
        }
        let page = Self.frame.workers(house.workers)
        for part in [
            "waits for providers", "lacks processors", "0.25 of 2", "3 ms", "400 ms", "provider 93 %, queue 2 %",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }

    @Test("policy lets in no inline code and nothing from elsewhere")
    func policy() {
        let policy = DashboardFrame.contentSecurityPolicy
        #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"))
        #expect(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"))
    }
}
