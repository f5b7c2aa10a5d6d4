// Documents of operations with every member that they can have, held against their schemas.

import ParleyCoordinator
import ParleyModel
import ParleyTestSupport
import Testing

extension SchemaTests {
    private static let reason = WhyDocument.Reason(.limit, "says", remedy: "remedy", jobs: 3)

    private static let entry = LimitsDocument.Entry(
        account: "a",
        model: "m",
        inFlight: 1,
        workers: 2,
        ended: 3,
        failed: 4,
        turnedAway: 5,
        tokens: 6,
        values: LimitsDocument.Kind.allCases.map { .init($0, 7, setBy: "x", binds: $0 == .wait) }
    )

    @Test("of what holds jobs back follows why.schema.json")
    func why() throws {
        let document = WhyDocument(
            round: "r",
            job: 1,
            suite: "s",
            configuration: "c",
            sample: 0,
            epoch: 1,
            reasons: WhyDocument.Kind.allCases.map { .init($0, "says", jobs: 0) } + [Self.reason]
        )
        #expect(try SchemaCheck("why").problems(JSONValue(encoding: document)) == [])
        let short = try JSONValue(encoding: WhyDocument(round: "r", reasons: [Self.reason]))
        #expect(try SchemaCheck("why").problems(short) == [])
    }

    @Test("of limits follows limits.schema.json; no wait leaves no room, and what is not waited for does")
    func limits() throws {
        let document = LimitsDocument(limits: [Self.entry])
        #expect(try SchemaCheck("limits").problems(JSONValue(encoding: document)) == [])
        #expect(document.limits[0].allowed == 0 && document.limits[0].binding?.kind == .wait)
        var open = Self.entry
        open.values.removeAll { $0.kind == .wait }
        #expect(open.allowed == 7 && open.binding == nil)
    }

    @Test("of the house follows top.schema.json")
    func top() throws {
        let round = OperationsDocument.Round(
            round: "r",
            title: "R",
            state: "running",
            simulated: true,
            currency: "USD",
            planned: 10,
            done: 4,
            kinds: Dictionary(uniqueKeysWithValues: OutcomeKind.allCases.map { ($0, 1) }),
            graded: 1,
            ready: 2,
            waiting: 1,
            held: 3,
            dead: 1,
            oldestDueSeconds: 1.5,
            lastMinute: 60,
            etaSeconds: 6,
            cost: Money(billionths: 1),
            budget: Money(billionths: 2),
            budgetUsed: Money(billionths: 1),
            binding: Self.reason
        )
        let worker = OperationsDocument.Worker(
            worker: 1,
            name: "w",
            host: "h",
            version: "0",
            state: "paused",
            inFlight: 0,
            vitals: WorkerVitals(
                mostInFlight: 1,
                processors: 2,
                processorsUsed: 1.9,
                loopLagSeconds: 0.01,
                overSeconds: 60,
                providerSeconds: 3,
                queueSeconds: 2,
                backoffSeconds: 1,
                localSeconds: 0
            )
        )
        let document = OperationsDocument(
            at: "2030-01-01T00:00:00Z",
            rounds: [round],
            accounts: [Self.entry],
            workers: [worker]
        )
        #expect(try SchemaCheck("top").problems(JSONValue(encoding: document)) == [])
        #expect(try JSONValue(encoding: document).decode(OperationsDocument.self) == document)
    }

    @Test("of a tail's line follows tail.schema.json")
    func tailRecord() throws {
        for what in TailRecord.What.allCases {
            var line = TailRecord(at: "2030-01-01T00:00:00.000Z", what: what)
            #expect(try SchemaCheck("tail").problems(JSONValue(encoding: line)) == [])
            line.job = 1
            line.suite = "s"
            line.configuration = "c"
            line.sample = 0
            line.epoch = 1
            line.kind = .refused
            line.score = 0.5
            line.failureClass = "timeout"
            line.message = "m"
            line.disposition = "dead"
            line.worker = 1
            line.who = "olga"
            line.action = "pause"
            line.subject = "model m"
            line.why = "why"
            #expect(try SchemaCheck("tail").problems(JSONValue(encoding: line)) == [])
        }
    }

    @Test("of tokens follows tokens.schema.json, of an operator and of a party that was revoked")
    func tokens() throws {
        let time = "2026-11-27T01:02:03.000004Z"
        let plain = #"{"name": "a", "scopes": ["read", "control"], "created_at": "\#(time)", "created_by": "x", "#
        let more = #""login": "l", "last_used_at": "\#(time)", "revoked_at": "\#(time)", "revoked_by": "y", "#
        for text in ["", more].map({ plain + $0 + #""expires_at": "\#(time)"}"# }) {
            let row = try JSONValue(parsing: text).decode(TokenRow.self)
            #expect(try SchemaCheck("tokens").problems(JSONValue(encoding: [row])) == [])
            #expect(try JSONValue(encoding: row) == JSONValue(parsing: text))
        }
    }
}
