// Grades one by one, as the statistics about judges read them; observations hold them combined.

public import ParleyModel
import ParleyPostgres

/// What one judge said of one answer.
public struct JudgeGrade: Hashable, Sendable {
    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    /// Index in the judges of the suite's grader.
    public let judge: Int
    /// Index in the frozen order of the suite's samples.
    public let sample: Int
    /// From 1.
    public let epoch: Int
    /// `scored`, or why there is no score.
    public let kind: OutcomeKind
    /// nil where the judge gave no verdict.
    public let score: Score?
}

extension CoordinatorQueue {
    /// Hands the grades of a round to `body`, by cell and judge, page by page, as far as they are. Each page is read in
    /// a short transaction of its own. A grade whose retries are spent is none.
    /// - Parameters:
    ///   - gradings: of their suites these grades, of all other suites those of the frozen judges
    ///   - pageSize: the most grades of a page
    public nonisolated(nonsending) func grades(
        round: RoundID,
        by gradings: [Grading] = [],
        pageSize: Int = 1 << 16,
        _ body: nonisolated(nonsending) ([JudgeGrade]) async throws -> Void
    ) async throws {
        precondition(pageSize > 0, "grades: the page size must be positive, is \(pageSize)")
        let rows = try await query(
            .gradeRanges,
            [
                .int64(round.rawValue), .int32Array(gradings.map { Int32(clamping: $0.suite) }),
                .int16Array(gradings.map { Int16(clamping: $0.number) }),
            ]
        )
        var firstJudges: [Int: Int] = [:]
        for row in rows { firstJudges[Int(try row.int32("cell_no"))] = Int(try row.int16("first_judge")) }
        let ranges = try rows.map { row in try row.int64("low")..<row.int64("high") }
        let pages = ranges.flatMap { $0.pages(without: [], size: Int64(pageSize)) }
        let first = firstJudges
        try await read(
            pages,
            { try await grades(round: round, jobs: $0).map { $0.counted(from: first[$0.cell] ?? 0) } },
            body
        )
    }

    /// The grades of a range of grade jobs, in no order.
    public func grades(round: RoundID, jobs: Range<Int64>) async throws -> [JudgeGrade] {
        let outcomes = try located("parley.outcomes")
        return try await readOnly { connection in
            // The plan stays on the primary key whatever the statistics say.
            try await connection.execute(script: "set local enable_seqscan = off; set local enable_bitmapscan = off")
            var page: [JudgeGrade] = []
            var reader = BinaryCopyReader()
            try await connection.copyOut(
                """
                copy (
                    select cell_no, grader, sample_no, epoch, kind, score
                    from \(outcomes)
                    where round_id = \(round.rawValue) and job_id >= \(jobs.lowerBound) and job_id < \(jobs.upperBound)
                        and stage = 1
                ) to stdout (format binary)
                """
            ) { chunk in
                try reader.forEachRow(chunk) { row in page.append(try JudgeGrade(row: &row)) }
            }
            return page
        }
    }
}

extension JudgeGrade {
    private init(_ grade: JudgeGrade, judge: Int) {
        cell = grade.cell
        self.judge = judge
        sample = grade.sample
        epoch = grade.epoch
        kind = grade.kind
        score = grade.score
    }

    /// The same with its judge counted within its grading.
    fileprivate func counted(from first: Int) -> JudgeGrade { JudgeGrade(self, judge: judge - first) }

    /// A row of the query, by position.
    fileprivate init(row: inout BinaryCopyRow) throws {
        cell = Int(try row.int32())
        judge = Int(try row.int16())
        sample = Int(try row.int32())
        epoch = Int(try row.int32())
        kind = try OutcomeKind(stored: row.int16())
        score = try row.int64OrNil().map(Score.init(billionths:))
    }
}
