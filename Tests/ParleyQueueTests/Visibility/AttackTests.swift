// What a party might try by SQL to see more than it may, each attempt through a real login. South, a tested lab, attacks
// while the round runs: it may see no transcript, no score and no held-out prompt. The list, with what each attempt would
// have won, is in ParleyQueue's record on visibility.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import Testing

@Suite("Attacks by SQL")
struct AttackTests {
    /// Statements that must be refused for want of a right.
    static let refused = [
        // The tables and views themselves, by reading, copying, planning, locking, describing.
        "select * from parley.outcomes", "select count(*) from parley.transcripts", "table parley.samples",
        "copy parley.outcomes to stdout", "copy (select * from parley.observations) to stdout",
        "copy parley.samples from stdin", "explain select * from parley.outcomes",
        "explain analyze select * from parley.samples",
        "do $$ begin lock table parley.outcomes in access share mode; end $$",
        "select * from parley.rounds where false", "select 1 from parley.my_streams()",
        "select parley.sees('score', false, 'owner', 'draft')", "select * from parley.data_keys",
        "select * from parley.party_logins", "select * from parley.sight",
        // Writing: to the rules, the bindings, the state, the ledger.
        "insert into parley.party_logins values (1, 'x', 'north', now(), '')",
        "update parley.sight set since = 'draft'", "delete from parley.sight",
        "update parley.rounds set state = 'published'", "select parley.move_round(1, 'published', '', '')",
        "select parley.grant_party(1, 'north', 'parley_south', '')",
        "select parley.append_ledger(1, '', 'x', '', '')", "truncate parley.ledger",
        // Becoming somebody else.
        "set role parley_owner", "set role parley_viewer", "set role parley_coordinator", "set role parley_worker",
        "set role parley_north", "set session authorization parley_north", "set local role parley_owner",
        "grant parley_viewer to parley_south", "alter role parley_south bypassrls", "create role parley_x superuser",
        // Taking the rules away, or planting something that runs with other rights.
        "alter table parley.outcomes disable row level security", "drop policy party on parley.outcomes",
        "create policy mine on parley.outcomes using (true)", "alter table parley.outcomes owner to parley_south",
        "create function parley_party.mine() returns int language sql as 'select 1'",
        "create or replace function parley.sees(text, boolean, text, text) returns boolean language sql as 'select true'",
        "create view parley_party.mine as select 1", "create table parley.mine (x int)", "create schema mine",
        "create trigger t before insert on parley.rounds for each row execute function parley.refuse_change()",
        "alter function parley_party.rounds() security invoker",
        "alter function parley_party.rounds() set search_path = pg_temp",
        "create event trigger t on ddl_command_start execute function parley.refuse_change()",
        "alter database postgres set search_path = pg_temp", "alter system set row_security = off",
        // Reaching around the tables.
        "select pg_read_file('/etc/passwd')", "copy (select 1) to program 'true'", "copy (select 1) to '/tmp/x'",
        "select lo_import('/etc/passwd')", "select * from pg_authid", "select * from pg_statistic",
        "select nextval('parley.rounds_id_seq')", "select last_value from parley.rounds_id_seq",
        "select parley.worker_samples(1, 1, 1, array[0])", "select parley.worker_keys(1, '')",
        "select * from pg_create_logical_replication_slot('x', 'pgoutput')",
        "create publication p for table parley.outcomes",
        "set session_replication_role = replica",
    ]

    @Test("Statements that a party has no right to are refused")
    func refused() async throws {
        let fixture = try await Self.running()
        let south = try fixture.connection(.south)
        for sql in Self.refused {
            let state = try await sqlState { try await south.execute(script: sql) }
            #expect(state == "42501", "\(sql): \(state ?? "it was done")")
        }
    }

    @Test("Nothing in the catalogue says more about a table than that it is there")
    func statistics() async throws {
        let fixture = try await Self.running()
        try await fixture.queue.admin.execute(script: "analyze")
        let south = try fixture.connection(.south)
        for sql in [
            "select count(*) as n from pg_stats where schemaname like 'parley%'",
            "select count(*) as n from pg_stats_ext where schemaname like 'parley%'",
            "select count(last_value) as n from pg_sequences where schemaname like 'parley%'",
            // Others' statements, and the values in them.
            "select count(*) as n from pg_stat_activity where usename <> 'parley_south' and query not like '<%'",
            "select count(*) as n from pg_largeobject_metadata",
            "select count(*) as n from information_schema.columns where table_schema = 'parley'",
            "select count(*) as n from information_schema.tables where table_schema = 'parley'",
        ] {
            #expect(try await south.query(sql).only().int64("n") == 0, "\(sql)")
        }
    }

    @Test("A function in the condition, of no cost and planted in the session, meets only what may be seen")
    func leakyCondition() async throws {
        let fixture = try await Self.running()
        try await fixture.set(.exchange)
        let south = try fixture.connection(.south)
        try await south.execute(
            script: """
                create temp table caught (what text);
                create function pg_temp.leak(p text) returns boolean language plpgsql cost 0.0000001
                    as $$ begin insert into pg_temp.caught values (p); return true; end $$;
                select * from parley_party.observations('round') where pg_temp.leak(job_id::text);
                select * from parley_party.transcripts('round') where pg_temp.leak('t' || job_id::text);
                select * from parley_party.samples('round', 'held-out') where pg_temp.leak('p' || sample_id);
                select * from parley_party.suites('round') where pg_temp.leak(rubric) and suite = 'own';
                """
        )
        let caught = try await south.query("select what from caught where what is not null")
            .map { try $0.text("what") }
        // Observations of both suites; no transcript but those of the open one.
        let streams = try await fixture.queue.admin.query(
            "select base from parley.streams where round_id = \(fixture.round) and stage = 0 and cell_no < 2 order by base"
        ).map { try $0.int64("base") }
        let observations = streams.flatMap { ["\($0)", "\($0 + 1)"] }
        let transcripts = [Int64(0), 1].map { "t\(streams[0] + $0)" }
        let rubrics = caught.filter { $0.hasPrefix("{") }
        #expect(Set(caught).subtracting(rubrics) == Set(observations + transcripts))
    }

    @Test("A plan counts no row that is withheld")
    func plans() async throws {
        let fixture = try await Self.running()
        let south = try fixture.connection(.south)
        for function in ["observations('round')", "transcripts('round')", "samples('round', 'held-out')"] {
            let lines = try await south.query(
                "explain (analyze, verbose, buffers false, timing off) select * from parley_party.\(function)"
            )
            .map { try $0.text(0) }
            let plan = lines.joined(separator: "\n")
            #expect(plan.contains("Function Scan") && plan.contains("rows=0 "), "\(plan)")
            #expect(!plan.contains("Removed") && !plan.contains("parley.outcomes"), "\(plan)")
        }
    }

    @Test("What is withheld is not read, so that no time tells how much of it there is")
    func work() async throws {
        let fixture = try await Self.running()
        let admin = fixture.queue.admin
        func reads() async throws -> Int {
            try await admin.execute(script: "select pg_stat_force_next_flush()")
            return try await fixture.queue.count(
                """
                select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables
                where schemaname = 'parley' and relname in ('outcomes', 'transcripts', 'samples', 'dead_jobs')
                """
            )
        }
        let south = try fixture.connection(.south)
        _ = try await south.query("select pg_stat_force_next_flush()")
        let before = try await reads()
        func readAll() async throws {
            for function in [
                "observations('round')", "grades('round')", "transcripts('round')", "samples('round', 'held-out')",
            ] {
                _ = try await south.query("select count(*) from parley_party.\(function)")
            }
            _ = try await south.query("select pg_stat_force_next_flush()")
        }
        try await readAll()
        #expect(try await reads() == before)
        try await fixture.set(.published)
        try await readAll()
        #expect(try await reads() > before)
    }

    @Test("A search path, a cast or an operator of one's own changes nothing in the readers' functions")
    func shadowing() async throws {
        let fixture = try await Self.running()
        let south = try fixture.connection(.south)
        try await south.execute(
            script: """
                create temp table party_logins (round_id bigint, role_name text, party text);
                insert into party_logins values (\(fixture.round), 'parley_south', 'north');
                create function pg_temp.sees(text, boolean, text, text) returns boolean language sql as 'select true';
                create temp table sight as select 'score' as object, false as held_out, 'other' as reader, 'draft' as since;
                set search_path = pg_temp, parley_party, pg_catalog;
                """
        )
        let seen = try await south.query("select count(*) as n from parley_party.observations('round')")
        #expect(try seen.only().int64("n") == 0)
        // Asking for rows without the rules is an error, never rows.
        try await south.execute(script: "set row_security = off")
        let state = try await sqlState { _ = try await south.query("select * from parley_party.suites('round')") }
        #expect(state == "42501")
    }

    @Test("An error says nothing about what is withheld, nor whether there is such a round")
    func errors() async throws {
        let fixture = try await Self.running()
        let south = try fixture.connection(.south)
        for name in ["round", "no such round", "'; drop table x; --"] {
            let rows = try await south.query("select * from parley_party.observations($1)", [.text(name)])
            #expect(rows.isEmpty)
        }
        // A cast that fails on the first row that it meets meets none.
        let failing = "select 1 / (score - score) from parley_party.observations('round')"
        #expect(try await south.query(failing).isEmpty)
    }

    private static func running() async throws -> VisibilityFixture {
        let fixture = try await VisibilityFixture()
        try await fixture.set(.running)
        return fixture
    }
}
