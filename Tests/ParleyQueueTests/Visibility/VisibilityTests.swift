// The table of who may see what, object by reader by state, against a real database with a real login for each party.
// The expected values are written here by hand, after the table that the parties agreed on, and not read from anywhere.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import Testing

@Suite("Visibility")
struct VisibilityTests {
    /// One object of the table: how it is asked for, and from which state on each party sees it.
    struct Row: Sendable, CustomStringConvertible {
        let object: String
        /// Gives a number of rows.
        let sql: String
        /// For north, south, west and the buyer: one of `always never frozen exchange published`.
        let since: [String]
        var description: String { object }
    }

    // north owns the suites `open` and `held-out` and south the model in them; west is another lab with a suite and a
    // model of its own, and its model judges `open`.
    static let table: [Row] = [
        Row("the round", "parley_party.rounds()", ["always", "always", "always", "published"]),
        Row("taking part: parties", "parley_party.parties('round')", ["always", "always", "always", "published"]),
        Row("taking part: cells", "parley_party.cells('round')", ["always", "always", "always", "published"]),
        Row("hash and count of a held-out suite", suite("held-out"), ["always", "always", "always", "published"]),
        Row("held-out prompts", samples("held-out"), ["always", "published", "published", "never"]),
        Row("open prompts", samples("open"), ["always", "frozen", "frozen", "never"]),
        Row(
            "rubric and judge prompt",
            suite("open", "rubric is not null"),
            ["always", "frozen", "published", "published"]
        ),
        Row(
            "rubric of a held-out suite",
            suite("held-out", "rubric is not null"),
            ["always", "frozen", "published", "published"]
        ),
        Row("transcripts, open", transcripts(0, -1), ["always", "exchange", "never", "never"]),
        Row("transcripts, held out", transcripts(1, -1), ["always", "published", "never", "never"]),
        // About south's model and west's: neither sees it for itself.
        Row("transcripts of the judge", transcripts(0, 0), ["always", "never", "never", "never"]),
        Row("scores, judged", observations(0), ["always", "exchange", "published", "published"]),
        Row("scores, held out", observations(1), ["always", "exchange", "published", "published"]),
        Row("single judgements", "parley_party.grades('round')", ["always", "published", "published", "published"]),
        Row("prompts of west's suite", samples("own"), ["frozen", "frozen", "always", "never"]),
        Row("scores of west's suite on its model", observations(2), ["published", "published", "always", "published"]),
        Row("transcripts of west's suite", transcripts(2, -1), ["never", "never", "always", "never"]),
    ]

    static func suite(_ name: String, _ also: String = "true") -> String {
        "parley_party.suites('round') where suite = '\(name)' and digest is not null and samples = 2 and \(also)"
    }
    static func samples(_ suite: String) -> String {
        "parley_party.samples('round', '\(suite)') where octet_length(content) > 0 and sample_id is not null"
    }
    static func transcripts(_ cell: Int, _ grader: Int) -> String {
        "parley_party.transcripts('round') where cell_no = \(cell) and grader = \(grader) and sealed is not null"
    }
    static func observations(_ cell: Int) -> String {
        "parley_party.observations('round') where cell_no = \(cell) and score = 1000000000"
    }

    static func isSeen(since: String, _ state: RoundState) -> Bool {
        let visible: [RoundState]
        switch since {
        case "always": visible = RoundState.allCases
        case "frozen":
            visible = [.frozen, .running, .grading, .exchange, .correction, .disclosure, .published, .corrected]
        case "exchange": visible = [.exchange, .correction, .disclosure, .published, .corrected]
        case "published": visible = [.published, .corrected]
        default: visible = []
        }
        return visible.contains(state)
    }

    @Test("Each object is seen by each party in exactly the states of the table")
    func matrix() async throws {
        let fixture = try await VisibilityFixture()
        var checked = 0
        for state in RoundState.allCases {
            try await fixture.set(state)
            for row in Self.table {
                for (reader, since) in zip(Reader.parties, row.since) {
                    let count = try await fixture.connection(reader).query(
                        "select count(*) as n from \(row.sql)"
                    ).only().int64("n")
                    let expected = Self.isSeen(since: since, state)
                    #expect((count > 0) == expected, "\(row.object), \(reader), \(state): \(count) rows")
                    checked += 1
                }
            }
        }
        #expect(checked == Self.table.count * 4 * 10)
    }

    @Test("What is seen is all of it, and nothing of another stream")
    func counts() async throws {
        let fixture = try await VisibilityFixture()
        try await fixture.set(.exchange)
        let south = try fixture.connection(.south)
        for (sql, expected) in [
            ("parley_party.observations('round')", 4), ("parley_party.transcripts('round')", 2),
            ("parley_party.samples('round', 'open')", 2), ("parley_party.samples('round', 'held-out')", 0),
            ("parley_party.cells('round') where scores = 'shown'", 2),
            ("parley_party.cells('round') where scores = 'withheld'", 1),
        ] {
            let count = try await south.query("select count(*) as n from \(sql)").only().int64("n")
            #expect(Int(count) == expected, "\(sql)")
        }
    }

    @Test("A worker and a coordinator are no party: neither calls a party's function")
    func services() async throws {
        let fixture = try await VisibilityFixture()
        for reader in [Reader.worker, .coordinator] {
            let connection = try fixture.connection(reader)
            for row in Self.table {
                let state = try await sqlState { _ = try await connection.query("select * from \(row.sql)") }
                #expect(state == "42501", "\(row.object), \(reader)")
            }
        }
        // The coordinator reads by its own role: rows of all suites, whose held-out contents are ciphertext.
        let count = try await fixture.connection(.coordinator).query("select count(*) as n from parley.samples")
        #expect(try count.only().int64("n") == 6)
    }

    @Test("A login reads no round but those that it was granted, and nothing after it was revoked")
    func grants() async throws {
        let fixture = try await VisibilityFixture()
        try await fixture.queue.submit(VisibilityFixture.definition(name: "second"))
        try await fixture.set(.published)
        let north = try fixture.connection(.north)
        func seen(_ sql: String) async throws -> Int64 {
            try await north.query("select count(*) as n from \(sql)").only().int64("n")
        }
        #expect(try await seen("parley_party.rounds()") == 1)
        for function in ["parties", "suites", "cells", "observations", "grades", "transcripts"] {
            #expect(try await seen("parley_party.\(function)('second')") == 0, "\(function)")
            #expect(try await seen("parley_party.\(function)('no such round')") == 0, "\(function)")
        }
        let queue = fixture.queue.coordinator
        #expect(try await queue.revoke(round: fixture.round, party: "north", login: Reader.north.login))
        #expect(try await !queue.revoke(round: fixture.round, party: "north", login: Reader.north.login))
        #expect(try await seen("parley_party.rounds()") == 0)
        #expect(try await seen("parley_party.samples('round', 'open')") == 0)
    }

    @Test("A login with further rights, or of another party, or that is nobody's, is not granted")
    func refusedGrants() async throws {
        let fixture = try await VisibilityFixture()
        for (party, login) in [
            ("north", Reader.south.login), ("north", QueueFixture.coordinatorLogin),
            ("north", QueueFixture.workerLogin), ("north", "nobody_at_all"), ("east", Reader.north.login),
            ("north", "parley_owner"), ("north", QueueFixture.strangerLogin),
        ] {
            await #expect(throws: ParleyFailure.self, "\(party) \(login)") {
                try await fixture.queue.coordinator.grant(
                    round: fixture.round,
                    party: PartyName(party),
                    login: login
                )
            }
        }
    }

    @Test("A login that was made two parties behind the back of the grant sees nothing")
    func twoParties() async throws {
        let fixture = try await VisibilityFixture()
        try await fixture.set(.published)
        try await fixture.queue.admin.execute(
            script: """
                insert into parley.party_logins (round_id, role_name, party, granted_by)
                values (\(fixture.round), 'parley_party', 'west', 'test')
                """
        )
        // Each party's login is a member of the group now named as west's.
        for (reader, expected) in [(Reader.north, Int64(0)), (.south, 0), (.west, 1)] {
            let rows = try await fixture.connection(reader).query("select count(*) as n from parley_party.rounds()")
            #expect(try rows.only().int64("n") == expected, "\(reader)")
        }
    }
}

extension VisibilityTests.Row {
    init(_ object: String, _ sql: String, _ since: [String]) {
        self.init(object: object, sql: sql, since: since)
    }
}
