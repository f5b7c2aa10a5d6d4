// What looks into a round's tables opens no other round's, however many there are: each statement in a transaction of
// its own, and the tables that it has locked.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Tables of one round")
struct PartitionTests {
    /// A statement with `:worker`, `:round`, `:job` (that is committed) and `:grade` (that is not) in place of numbers.
    struct Look: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let role: String
        let sql: String
        /// Planned for each call, so that it may be repeated: a statement that is not is planned for any round now and
        /// then, to see what that would cost.
        var isRepeated = true

        static func function(_ name: String, _ role: String, _ sql: String, isRepeated: Bool = true) -> Self {
            Self(testDescription: name, role: role, sql: sql, isRepeated: isRepeated)
        }

        static func statement(_ statement: CoordinatorStatement, _ parameter: String) -> Self {
            Self(
                testDescription: "\(statement)",
                role: QueueFixture.coordinatorLogin,
                sql: statement.rawValue.replacing("$1", with: parameter)
            )
        }

        static let all: [Self] = [
            .function(
                "commit of lost jobs",
                QueueFixture.workerLogin,
                """
                select * from parley.commit(:worker, '{}', '{}', '{}', '{:job,:grade}', '{1,7}', '{0,0}', '{1,1}',
                    '{1,1}', '{1,1}', null, null, null, '{1,1}', '{1,1}', '{0,0}', '{}', null)
                """
            ),
            .function(
                "fail of a lost job",
                QueueFixture.workerLogin,
                """
                select * from parley.fail(:worker, '{:job}', '{1}', null, '{timeout}', '{m}', '{f}', '{0}', '{1}',
                    '{1}', '{1}', '{1}', '{1}', '{1}')
                """,
                isRepeated: false
            ),
            .function(
                "transcript of a probe",
                QueueFixture.workerLogin,
                "select * from parley.worker_probe_transcript(:worker, :grade, 1)"
            ),
            .function(
                "settling of checkpoints",
                QueueFixture.coordinatorLogin,
                "select parley.settle_checkpoints()"
            ),
            .function("exposures", QueueFixture.coordinatorLogin, "select parley.record_exposures()"),
            .statement(.limitFacts, ":round"), .statement(.gradings, ":round"), .statement(.jobPlace, ":job"),
            .statement(.outcome, ":job::bigint"), .statement(.doneByKind, ":round"),
        ]
    }

    @Test("are all that a look at it opens", arguments: Look.all)
    func opened(_ look: Look) async throws {
        let fixture = try await QueueFixture()
        let round = try await fixture.submit(testRound(samples: 4, judges: ["j", "k"])).round
        let worker = try await fixture.worker()
        let answers = try await worker.claim(limit: 2)
        _ = try await worker.commit(answers.map { Commit(key: $0.key, kind: .answered, transcript: [7]) })
        let grade = try #require(try await worker.claim(limit: 1).first)
        #expect(grade.stage == .grade)
        // A checkpoint of a finished job; and of two judges of a held-out suite one was asked nothing yet.
        try await fixture.admin.execute(
            script: """
                insert into parley.checkpoints values (\(round), \(answers[0].id), 1, parley.now(), 1, 1, 'x');
                update parley.suites set held_out = true;
                insert into parley.exposures (round_id, suite_no, model, purpose, party, provider, term)
                select \(round), 0, j, 'judge', 'lab', 'p', 't' from unnest('{j,k}'::text[]) j;
                """
        )
        // The others are there, and over.
        for name in ["past", "long-past"] {
            let other = try await fixture.submit(testRound(name: RoundName(name))).round
            try await fixture.coordinator.control(.cancel, other, by: .init(actor: "olga"))
            #expect(try await fixture.coordinator.finishIfDone(other) == .finished(unruled: 0))
        }

        let connection = try await fixture.database.connect(role: look.role)
        let sql = [
            (":worker", "\(worker.worker)"), (":round", "\(round)"), (":job", "\(answers[0].id)"),
            (":grade", "\(grade.id)"),
        ].reduce(look.sql) { $0.replacing($1.0, with: $1.1) }
        try await connection.execute(script: "begin")
        for _ in 0..<(look.isRepeated ? 8 : 1) { _ = try await connection.query(sql) }
        let opened = try await connection.query(
            """
            select distinct c.relname from pg_locks l join pg_class c on c.oid = l.relation
                join pg_namespace n on n.oid = c.relnamespace
            where l.pid = pg_backend_pid() and n.nspname = 'parley_rounds' and c.relkind = 'r'
            """
        ).map { try $0.text(0) }
        #expect(!opened.isEmpty, "it looks into no round at all")
        #expect(opened.filter { !$0.hasSuffix("_\(round)") } == [])
        try await connection.execute(script: "rollback")
        await connection.close()
    }
}
