// A round whose outcomes are in the database already: what `scripts/bench reduce` reads and reduces cold. Only the
// filling is the bench's own; sealing and findings are what the coordinator and `parley findings` do.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyModel
import ParleyPostgres
import ParleyQueue

/// Submits a round and writes all its outcomes, interleaved by blocks as workers would.
struct Fill: AsyncParsableCommand {
    @Option(help: "The database, as its superuser.") var database: String
    @Option var name = "stored"
    @OptionGroup var shape: Shape

    func run() async throws {
        let pool = PostgresPool(try QueueBench.database(database, as: QueueBench.coordinatorLogin))
        let round = try await shape.submit(name, to: CoordinatorQueue(pool: pool))
        await pool.close()
        let owner = try await PostgresConnection.connect(PostgresConfiguration(database))
        try await owner.execute(
            script: """
                set enable_hashjoin = off; set enable_mergejoin = off; set synchronous_commit = off;
                insert into parley.outcomes (
                    round_id, job_id, cell_no, stage, sample_no, epoch, kind, score, input_tokens, output_tokens,
                    cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, latency_micros, model_returned,
                    attempt, fence, worker_id, first_claimed_at, completed_at)
                select j.round_id, j.job, j.cell_no, 0, (j.job - j.base) % j.samples, (j.job - j.base) / j.samples + 1,
                    case when h.r & 15 = 0 then 2 else 0 end,
                    case when h.r & 15 > 0 then (h.r >> 4 & 127 < 40 + j.cell_no % 60)::integer * 1000000000::bigint end,
                    600 + (h.r & 511), 64 + (h.r >> 9 & 255), h.r & 63, 0, h.r >> 3 & 127, 12000 + (h.r & 8191),
                    400000 + (h.r & 2097151), j.model || '-2026-11-01', 1, 1, 1, parley.now(), parley.now()
                from (
                    select s.*, s.base + b.n * 62 + k.n as job
                    from generate_series(
                            0, (select max(samples::bigint * epochs - 1) / 62 from parley.streams)) b (n)
                        cross join lateral (
                            select * from parley.streams t where t.round_id = \(round.rawValue) order by t.id offset 0
                        ) s
                        cross join generate_series(0, 61) k (n)
                    where b.n * 62 + k.n < s.samples::bigint * s.epochs
                ) j
                cross join lateral (select hashint8extended(j.job, 7) & 1073741823 as r offset 0) h;
                insert into parley.blocks (first, stream_id, count, worker_id, open, claimed_at)
                select s.base + s.samples::bigint * s.epochs - 1, s.id, 1, 1, 0, parley.now()
                from parley.streams s where s.round_id = \(round.rawValue)
                """
        )
        try await owner.execute(script: "vacuum (analyze) parley.outcomes")
        await owner.close()
    }
}

/// Seals a round as the coordinator does; prints the seconds and the bytes of its segments.
struct Seal: AsyncParsableCommand {
    @Option var database: String
    @Option var name = "stored"

    func run() async throws {
        let pool = PostgresPool(try QueueBench.database(database, as: QueueBench.coordinatorLogin))
        let queue = CoordinatorQueue(pool: pool)
        let round = try await queue.round(named: name)
        let start = ContinuousClock.now
        while try await queue.seal(round: round, limit: 64) ?? 0 > 0 {}
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let bytes = try await pool.query(
            "select coalesce(sum(length(content)), 0)::bigint as bytes from parley.segments where round_id = $1",
            [.int64(round.rawValue)]
        ).only().int64("bytes")
        print(seconds, bytes)
        await pool.close()
    }
}

/// Reads a round and reduces it; prints the seconds, and writes the findings where a file is named.
struct Findings: AsyncParsableCommand {
    @Option var database: String
    @Option var name = "stored"
    @Option(help: "Where to write the cells as CSV.") var cells: String?

    func run() async throws {
        let start = ContinuousClock.now
        let pool = PostgresPool(try QueueBench.database(database, as: QueueBench.coordinatorLogin))
        let queue = CoordinatorQueue(pool: pool)
        let document = try await queue.findings(round: queue.round(named: name))
        print((ContinuousClock.now - start) / .seconds(1))
        if let cells {
            let lines = document.cells.enumerated().map { number, cell in
                "\(number),\(cell.counted),\(cell.estimate ?? 0),\(cell.standardError ?? 0)\n"
            }
            try Data(("cell,n,mean,se\n" + lines.joined()).utf8).write(to: URL(filePath: cells))
        }
        await pool.close()
    }
}

extension CoordinatorQueue {
    fileprivate func round(named name: String) async throws -> RoundID {
        guard let round = try await rounds().first(where: { $0.name.text == name }) else {
            throw ValidationError("there is no round '\(name)'")
        }
        return round.id
    }
}

/// Follows a round while workers finish it: prints a line a look, with the outcomes taken in and the milliseconds that
/// reading and folding them took, then those of the findings of all cells.
struct Follow: AsyncParsableCommand {
    @Option var database: String
    @Option var name = "stored"
    @Option(help: "Milliseconds between two looks.") var pause = 500

    func run() async throws {
        let pool = PostgresPool(try QueueBench.database(database, as: QueueBench.coordinatorLogin))
        let queue = CoordinatorQueue(pool: pool)
        let round = try await queue.round(named: name)
        let live = try await LiveFindings.of(round, in: queue)
        var unfinished = true
        while unfinished {
            if case .finished = try await queue.finishIfDone(round) { unfinished = false }
            let start = ContinuousClock.now
            let changes = try await live.refresh()
            let folded = ContinuousClock.now
            _ = try await live.records()
            print(changes, (folded - start) / .milliseconds(1), (ContinuousClock.now - folded) / .milliseconds(1))
            fflush(nil)
            try await Task.sleep(for: .milliseconds(pause))
        }
        await pool.close()
    }
}
