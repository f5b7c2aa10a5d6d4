// What a worker's login may do: call the worker functions, for rounds to which it is admitted. Nothing else.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("Rights")
struct RightsTests {
    @Test("A worker's login can read, write and copy no table or view")
    func noTable() async throws {
        let fixture = try await QueueFixture()
        let connection = try await fixture.database.connect(role: QueueFixture.workerLogin)
        let tables = try await fixture.admin.query(
            """
            select c.relname::text as name, c.relkind = 'v' as is_view, min(a.attname)::text as column
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.attidentity = ''
            where c.relnamespace = 'parley'::regnamespace and c.relkind in ('r', 'v', 'p') group by c.oid
            """
        )
        #expect(tables.count > 12)
        for row in tables {
            let table = "parley." + (try row.text("name"))
            var statements = ["select count(*) from \(table)"]
            // The views cannot be written by anybody.
            if try !row.bool("is_view") {
                statements += [
                    "insert into \(table) default values", "delete from \(table)", "truncate \(table)",
                    "update \(table) set \(try row.text("column")) = null", "copy \(table) to stdout",
                    "copy \(table) from stdin",
                ]
            }
            for sql in statements {
                #expect(try await sqlState { try await connection.execute(script: sql) } == "42501", "\(sql)")
            }
        }
    }

    @Test(
        "A commit whose masks and jobs do not agree closes nothing",
        arguments: [
            // Masks, starts and offsets of jobs from the block of four that is held.
            ("{3}", "{1}", [0, 5]), ("{3}", "{1}", [0, 0]), ("{3}", "{1}", [1, 2]), ("{1}", "{1}", [64]),
            ("{1}", "{1}", [-1]), ("{3}", "{2}", [0, 1]), ("{0}", "{1}", [0]), ("{1,2}", "{1,1}", [0, 1]),
            ("{null}", "{1}", [0]),
        ]
    )
    func masks(_ masks: String, _ starts: String, _ offsets: [Int64]) async throws {
        let fixture = try await QueueFixture()
        try await fixture.submit(testRound(samples: 4))
        let worker = try await fixture.worker()
        let jobs = try await worker.claim(limit: 4)
        let first = try #require(jobs.first?.key.block?.rawValue)
        let connection = try await fixture.database.connect(role: QueueFixture.workerLogin)
        let zeros = PostgresValue.int64Array(offsets.map { _ in 0 })
        let blocks = masks.split(separator: ",").map { _ in Optional(first) }
        let state = try await sqlState {
            _ = try await connection.query(
                """
                select job_id from parley.commit(
                    $1, $2, '\(masks)', '\(starts)', $3, $4, $5, $6, $6, $6, null, null, null, $6, $6, $7, '{}', null)
                """,
                [
                    .int64(worker.worker.rawValue), .int64Array(blocks),
                    .int64Array(offsets.map { first + $0 }), .int64Array(offsets.map { _ in 1 }),
                    .int16Array(offsets.map { _ in 0 }), zeros, .int16Array(offsets.map { _ in 0 }),
                ]
            )
        }
        #expect(state == "22023")
        #expect(try await fixture.count("select open from parley.blocks") == 15)
        #expect(try await worker.commitScored(jobs).allSatisfy { $0 == .committed })
    }

    @Test("A worker's login may execute the worker functions and no other, a stranger none")
    func functions() async throws {
        let fixture = try await QueueFixture()
        let allowed = try await fixture.admin.query(
            """
            select distinct proname::text as name from pg_proc
            where pronamespace = 'parley'::regnamespace and has_function_privilege($1, oid, 'execute') order by 1
            """,
            [.text(QueueFixture.workerLogin)]
        ).map { try $0.text("name") }
        #expect(
            allowed == [
                "allot", "claim", "commit", "fail", "heartbeat", "load_checkpoint", "offer_suites", "register_worker",
                "release", "retire_worker", "save_checkpoint", "worker_gradings", "worker_keys",
                "worker_orders", "worker_probe_transcript", "worker_round", "worker_samples",
            ]
        )
        let connection = try await fixture.database.connect(role: QueueFixture.strangerLogin)
        let state = try await sqlState { _ = try await connection.query("select parley.rescue(1)") }
        #expect(state == "42501")
    }

    @Test("Functions that run as the owner fix their search path; the owner cannot log in and is no superuser")
    func definers() async throws {
        let fixture = try await QueueFixture()
        let loose =
            "select count(*) from pg_proc where pronamespace::regnamespace::text in ('parley', 'parley_party') and prosecdef"
            + " and not coalesce(array_to_string(proconfig, ' ') like '%search_path=pg_catalog, parley, pg_temp%', false)"
        #expect(try await fixture.count(loose) == 0)
        let owned =
            "select count(*) from pg_class where relnamespace = 'parley'::regnamespace"
            + " and relowner <> 'parley_owner'::regrole"
        #expect(try await fixture.count(owned) == 0)
        let powers = "select count(*) from pg_roles where rolname like 'parley\\_%' and rolsuper"
        #expect(try await fixture.count(powers) == 0)
    }

    @Test("The coordinator's login cannot change what was recorded")
    func coordinatorRecords() async throws {
        let fixture = try await QueueFixture()
        let connection = try await fixture.database.connect(role: QueueFixture.coordinatorLogin)
        for sql in [
            "update parley.outcomes set score = 0", "delete from parley.outcomes", "delete from parley.attempts",
            "update parley.rounds set definition = ''", "delete from parley.jobs",
            "update parley.samples set content = ''",
        ] {
            #expect(try await sqlState { try await connection.execute(script: sql) } == "42501", "\(sql)")
        }
    }

    @Test("A worker that is not admitted to a round gets no job, definition or sample of it")
    func admission() async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(), admitting: ["somebody_else"]).round
        let worker = try await fixture.worker()
        #expect(try await worker.claim(limit: 10) == [])
        #expect(try await sqlState { _ = try await worker.round(round) } == "42501")
        #expect(try await sqlState { _ = try await worker.samples(round: round, suite: 0, [0]) } == "42501")
    }

    @Test("A session cannot speak for a worker that another login registered")
    func otherWorker() async throws {
        let fixture = try await QueueFixture()
        let worker = try await fixture.worker()
        try await fixture.admin.execute(
            script: "update parley.workers set role_name = 'other' where id = \(worker.worker)"
        )
        #expect(try await sqlState { _ = try await worker.claim(limit: 1) } == "42501")
        #expect(try await sqlState { _ = try await worker.heartbeat([]) } == "42501")
    }

    @Test("An admitted worker reads the definition as submitted, and samples by their index")
    func reads() async throws {
        let fixture = try await QueueFixture()
        let definition = testRound()
        let round = try await fixture.submit(definition).round
        let worker = try await fixture.worker()
        let read = try await worker.round(round)
        #expect(try JSONValue(parsing: read.json).decode(RoundDefinition.self) == definition)
        #expect(read.hash == ContentHash(of: try definition.json()))
        let samples = try await worker.samples(round: round, suite: 0, [2, 0, 99])
        #expect(samples == [0: QueueFixture.sample(0, 0), 2: QueueFixture.sample(0, 2)])
        #expect(try await fixture.coordinator.definition(of: round) == definition)
    }
}
