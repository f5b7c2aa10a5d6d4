// Observations: what the reduction reads. The view in the database combines judges; see its comment for the rules.

public import ParleyModel
import ParleyPostgres

/// One sample × epoch of a cell as it ended, with the judges' grades combined.
public struct Observation: Hashable, Sendable {
    /// The probe job.
    public let job: JobID
    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    /// Index in the frozen order of the suite's samples.
    public let sample: Int
    /// From 1.
    public let epoch: Int
    /// Never `answered`; `failed` where the probe's retries are spent.
    public let kind: OutcomeKind
    public let score: Score?
    /// What the probe used and cost; of a failed one nothing is counted here, its attempts say what is known.
    public let usage: Usage
    public let cost: Money
    public let latencyMicros: Int64
    /// Tokens and cost of all its judges.
    public let judgeTokens: Int64
    public let judgeCost: Money
    /// Attempts of the probe.
    public let attempts: Int
    /// By the database's clock, in microseconds since the Unix epoch.
    public let completedAtMicros: Int64
    /// The model id that the probe got back: what was really served.
    public let modelReturned: String?
}

extension CoordinatorQueue {
    /// Hands the observations of a round to `body`, in the order of their jobs, page by page. Each page is read in a
    /// short transaction of its own, so that no snapshot is held: of what is finished meanwhile, later pages see more.
    /// While one page is handed over, the next ones are read.
    /// - Parameters:
    ///   - sealed: ranges of jobs that are not read, ascending
    ///   - gradings: of their suites these grades, of all other suites those of the frozen judges
    ///   - pageSize: the most observations of a page; a few pages are held at once
    public nonisolated(nonsending) func observations(
        round: RoundID,
        without sealed: [Range<Int64>] = [],
        by gradings: [Grading] = [],
        pageSize: Int = 1 << 16,
        _ body: nonisolated(nonsending) ([Observation]) async throws -> Void
    ) async throws {
        precondition(pageSize > 0, "observations: the page size must be positive, is \(pageSize)")
        let range = try await query(.probeRange, [.int64(round.rawValue)]).only()
        guard let low = try range.int64OrNil("low"), let high = try range.int64OrNil("high") else { return }
        let pages = (low..<high).pages(without: sealed, size: Int64(pageSize))
        try await read(pages, { try await observations(round: round, jobs: [$0], by: gradings) }, body)
    }

    /// Reads pages, each of several ranges, some at a time, and hands over those that are not empty, in their order.
    nonisolated(nonsending) func observations(
        round: RoundID,
        pages: [[Range<Int64>]],
        _ body: nonisolated(nonsending) ([Observation]) async throws -> Void
    ) async throws {
        try await read(pages, { try await observations(round: round, jobs: $0) }, body)
    }

    /// The observations of a range of probe jobs, in the order of the jobs. The settings keep the plan on the primary
    /// keys whatever the statistics say, so that a page costs what is on it.
    public func observations(round: RoundID, jobs: Range<Int64>) async throws -> [Observation] {
        try await observations(round: round, jobs: [jobs])
    }

    /// The same of several ranges, ascending. Each is looked up on its own, in all parts of the view.
    func observations(
        round: RoundID,
        jobs: [Range<Int64>],
        by gradings: [Grading] = []
    ) async throws -> [Observation] {
        let firsts = jobs.map { "\($0.lowerBound)" }.joined(separator: ",")
        let stops = jobs.map { "\($0.upperBound)" }.joined(separator: ",")
        let rows = try located(Self.source(gradings, round, "v.job_id >= g.first and v.job_id < g.stop"))
        return try await readOnly { connection in
            try await connection.execute(
                script: """
                    set local jit = off;
                    set local enable_seqscan = off;
                    set local enable_bitmapscan = off;
                    set local enable_hashjoin = off;
                    set local enable_mergejoin = off
                    """
            )
            var page: [Observation] = []
            var reader = BinaryCopyReader()
            var names = Names()
            try await connection.copyOut(
                """
                copy (
                    select o.job_id, o.cell_no, o.sample_no, o.epoch, o.kind, o.score, o.input_tokens, o.output_tokens,
                        o.cache_read_tokens, o.cache_write_tokens, o.reasoning_tokens, o.cost, o.latency_micros,
                        o.judge_tokens, o.judge_cost, o.attempt, o.completed_at, o.model_returned
                    from unnest('{\(firsts)}'::bigint[], '{\(stops)}'::bigint[]) g (first, stop)
                        cross join lateral (
                            \(rows)
                            offset 0
                        ) o
                ) to stdout (format binary)
                """
            ) { chunk in
                try reader.forEachRow(chunk) { row in page.append(try Observation(row: &row, names: &names)) }
            }
            // The view's parts follow one another; mostly there is but one.
            for index in page.indices.dropFirst() where page[index].job < page[index - 1].job {
                page.sort { $0.job < $1.job }
                break
            }
            return page
        }
    }
}

extension CoordinatorQueue {
    private static let columns = """
        v.job_id, v.cell_no, v.sample_no, v.epoch, v.kind, v.score, v.input_tokens, v.output_tokens,
            v.cache_read_tokens, v.cache_write_tokens, v.reasoning_tokens, v.cost, v.latency_micros, v.judge_tokens,
            v.judge_cost, v.attempt, v.completed_at, v.model_returned
        """

    /// The observations that fulfil a condition. An answer of a suite that was graded again counts with the grades of
    /// its grading in place of the frozen judges' grades; what no judge graded stays as it is.
    /// The round stands there as a number, so that no other round's partition is looked at.
    private static func source(_ gradings: [Grading], _ round: RoundID, _ jobs: String) -> String {
        let condition = "v.round_id = \(round) and \(jobs)"
        let frozen = "select \(columns) from parley.observations v where \(condition)"
        if gradings.isEmpty { return frozen }
        let suites = gradings.map { "\($0.suite)" }.joined(separator: ",")
        let numbers = gradings.map { "\($0.number)" }.joined(separator: ",")
        return """
            \(frozen) and not (
                exists (
                    select from parley.cells c
                    where c.round_id = v.round_id and c.cell_no = v.cell_no
                        and c.suite_no = any ('{\(suites)}'::integer[]))
                and exists (
                    select from parley.outcomes a
                    where a.round_id = \(round) and a.job_id = v.job_id and a.kind = 1))
            union all
            select \(columns) from parley.regraded v
            where \(condition) and (v.suite_no, v.grading) in (
                select * from unnest('{\(suites)}'::integer[], '{\(numbers)}'::smallint[]))
            """
    }
}

extension Range<Int64> {
    /// The range without some ranges, which ascend, in pages of at most `size`.
    func pages(without left: [Self], size: Int64) -> [Self] {
        var pages: [Self] = []
        var start = lowerBound
        for gap in left + [upperBound..<upperBound] {
            let end = Swift.min(gap.lowerBound, upperBound)
            while start < end {
                pages.append(start..<Swift.min(end, start + size))
                start = pages[pages.count - 1].upperBound
            }
            start = Swift.max(start, gap.upperBound)
        }
        return pages
    }
}

/// The text of names that come again and again, made once.
private struct Names {
    private var last: (bytes: ArraySlice<UInt8>, name: String) = ([], "")

    mutating func name(_ bytes: ArraySlice<UInt8>) -> String {
        if last.bytes != bytes { last = (bytes, String(decoding: bytes, as: UTF8.self)) }
        return last.name
    }
}

extension Observation {
    /// A row of the view, by position.
    fileprivate init(row: inout BinaryCopyRow, names: inout Names) throws {
        job = JobID(try row.int64())
        cell = Int(try row.int32())
        sample = Int(try row.int32())
        epoch = Int(try row.int32())
        kind = try OutcomeKind(stored: row.int16())
        score = try row.int64OrNil().map(Score.init(billionths:))
        usage = Usage(
            input: try row.int64(),
            output: try row.int64(),
            cacheRead: try row.int64(),
            cacheWrite: try row.int64(),
            reasoning: try row.int64()
        )
        cost = Money(billionths: try row.int64())
        latencyMicros = try row.int64()
        judgeTokens = try row.int64()
        judgeCost = Money(billionths: try row.int64())
        attempts = Int(try row.int32())
        completedAtMicros = try row.timestamptz()
        modelReturned = try row.bytesOrNil().map { names.name($0) }
    }
}
