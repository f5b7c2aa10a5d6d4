// The round of the same labs without the one that left, in a database of its own: with what the others' models answered,
// what judges and people said of it, and what died.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

enum RoundWithout {
    /// Its findings.
    static func findings(_ round: SilentRound) async throws -> String {
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, _) = try await database.daemonLogins(owner)
        try round.done(["round", "freeze", round.without] + round.seals, SilentRound.others, at: coordinator)
        try round.done(
            ["round", "amend", "autumn", "--text", "one sample can be read in two ways", "--suite", "sums"],
            SilentRound.others,
            at: coordinator
        )
        for (table, more) in [
            ("outcomes", "'probe_job_id', case when t.stage = 1 then t.probe_base + p.n end"),
            ("dead_jobs", "'stream_id', t.id"), ("labels", "'supersedes', null"),
        ] {
            let rows = try await round.owner.query(
                """
                select coalesce(json_agg(x), '[]')::text from (
                    select x.*, c.suite_no, s.sample_id, f.stage as of_stage, f.grader as of_grader
                    from parley.\(table) x
                        join parley.cells c using (round_id, cell_no)
                        join parley.samples s using (round_id, suite_no, sample_no)
                        join parley.streams f on f.round_id = x.round_id and x.job_id >= f.base
                            and x.job_id < f.base + f.samples::bigint * f.epochs) x
                """
            ).only().text(0)
            // The same samples in other places: what is copied is named by the sample's place in its dataset.
            _ = try await owner.query(
                """
                insert into parley.\(table) overriding system value
                select (jsonb_populate_record(null::parley.\(table), x.o || jsonb_build_object(
                    'round_id', t.round_id, 'sample_no', s.sample_no, 'job_id', t.base + p.n, \(more)))).*
                from jsonb_array_elements($1::jsonb) x (o)
                    join parley.streams t on t.cell_no = (x.o ->> 'cell_no')::integer
                        and t.stage = (x.o ->> 'of_stage')::integer
                        and t.grader is not distinct from (x.o ->> 'of_grader')::smallint
                    join parley.samples s on s.suite_no = t.suite_no and s.sample_id = x.o ->> 'sample_id'
                    cross join lateral (
                        select ((x.o ->> 'epoch')::bigint - 1) * t.samples + s.sample_no as n) p
                """,
                [.text(rows)]
            )
        }
        return try round.done(["findings", "autumn", "--json"], SilentRound.others, at: coordinator)
    }

    /// Findings without what differs between any two rounds.
    static func comparable(_ findings: String) throws -> String {
        var json = try #require(try JSONValue(parsing: findings).object)
        #expect(json.removeValue(forKey: "definition_hash") != nil)
        // Copied by hand, the outcomes have no ciphertext that this round's secrets open.
        json["models"] = nil
        let amendments = json["amendments"]?.array ?? []
        #expect(amendments.count == 1)
        json["amendments"] = .array(amendments.compactMap { $0["text"] })
        return JSONValue.object(json).canonical
    }
}
