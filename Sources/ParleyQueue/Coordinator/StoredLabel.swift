// People's labels in the database: added, never changed. A later label of an author on an answer supersedes the one
// before it, which stays to be read.

public import ParleyModel
import ParleyPostgres

/// What a person says of an answer.
public enum LabelVerdict: Hashable, Sendable {
    /// A grade of the suite's scale and its score. No grade where only a score was given.
    case labelled(grade: String?, Score)
    /// The person could not tell.
    case undecidable
    /// Takes an earlier label back.
    case withdrawn

    init(stored word: String, grade: String?, score: Score?) {
        if let score {
            self = .labelled(grade: grade, score)
        } else {
            self = word == "undecidable" ? .undecidable : .withdrawn
        }
    }

    var word: String {
        switch self {
        case .labelled: "labelled"
        case .undecidable: "undecidable"
        case .withdrawn: "withdrawn"
        }
    }
    public var grade: String? { if case .labelled(let grade, _) = self { grade } else { nil } }
    public var score: Score? { if case .labelled(_, let score) = self { score } else { nil } }
}

/// A label to be added.
public struct NewLabel: Hashable, Sendable {
    /// The probe whose answer was read.
    public var job: JobID
    public var verdict: LabelVerdict
    public var note: String

    public init(job: JobID, verdict: LabelVerdict, note: String = "") {
        self.job = job
        self.verdict = verdict
        self.note = note
    }
}

/// A label as it is kept.
public struct StoredLabel: Hashable, Sendable {
    public let id: Int64
    public let job: JobID
    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    public let sample: Int
    /// From 1.
    public let epoch: Int
    public let author: String
    /// By the database's clock, in microseconds since the Unix epoch.
    public let atMicros: Int64
    public let verdict: LabelVerdict
    public let note: String
    /// The label that it stands in for.
    public let supersedes: Int64?
}

/// An answer that judges grade.
public struct AnsweredProbe: Hashable, Sendable {
    public let job: JobID
    public let cell: Int
    public let sample: Int
    /// From 1.
    public let epoch: Int

    public init(job: JobID, cell: Int, sample: Int, epoch: Int) {
        self.job = job
        self.cell = cell
        self.sample = sample
        self.epoch = epoch
    }
}

extension CoordinatorQueue {
    /// Adds labels of one author. One that says what the author's last one said is not added again.
    /// - Returns: how many were added
    @discardableResult
    public func addLabels(_ labels: [NewLabel], round: RoundID, author: String) async throws -> Int {
        Int(
            try await query(
                .addLabels,
                [
                    .int64(round.rawValue), .int64Array(labels.map(\.job.rawValue)),
                    .textArray(labels.map(\.verdict.word)), .textArray(labels.map(\.verdict.grade)),
                    .int64Array(labels.map { $0.verdict.score?.billionths }), .textArray(labels.map(\.note)),
                    .text(author),
                ]
            ).only().int64(0)
        )
    }

    /// All labels of a round, the superseded ones included, in the order in which they were added.
    public func labels(round: RoundID) async throws -> [StoredLabel] {
        try await query(.labels, [.int64(round.rawValue)]).map { row in
            return StoredLabel(
                id: try row.int64("id"),
                job: JobID(try row.int64("job_id")),
                cell: Int(try row.int32("cell_no")),
                sample: Int(try row.int32("sample_no")),
                epoch: Int(try row.int32("epoch")),
                author: try row.text("author"),
                atMicros: try row.timestamptz("at"),
                verdict: LabelVerdict(
                    stored: try row.text("verdict"),
                    grade: try row.textOrNil("grade"),
                    score: try row.int64OrNil("score").map(Score.init(billionths:))
                ),
                note: try row.text("note"),
                supersedes: try row.int64OrNil("supersedes")
            )
        }
    }

    /// Opens the seed of the audit, for all who may read the round.
    /// - Parameter seed: in base64
    /// - Throws: SQLSTATE 22023 where it is another one, 55000 where probes are missing
    public func openAuditSeed(_ seed: String, round: RoundID, by actor: String) async throws {
        _ = try await query(.openAuditSeed, [.int64(round.rawValue), .text(seed), .text(actor)])
    }

    /// The seed of the audit in base64; nil where it is sealed.
    public func openedAuditSeed(round: RoundID) async throws -> String? {
        try await query(.auditSeed, [.int64(round.rawValue)]).first?.text(0)
    }

    /// The answers of a cell that judges grade, by job.
    public func answered(round: RoundID, cell: Int) async throws -> [AnsweredProbe] {
        let streams = try await exportStreams(round: round)
        guard let probes = streams.first(where: { $0.cell == cell && $0.judge == nil }) else { return [] }
        return try await answered(round: round, jobs: probes.jobs)
    }

    /// The answers among probe jobs that judges grade, by job.
    public func answered(round: RoundID, jobs: Range<Int64>) async throws -> [AnsweredProbe] {
        try await query(
            .answered,
            [.int64(round.rawValue), .int64(jobs.lowerBound), .int64(jobs.upperBound)]
        ).map { row in
            AnsweredProbe(
                job: JobID(try row.int64(0)),
                cell: Int(try row.int32(1)),
                sample: Int(try row.int32(2)),
                epoch: Int(try row.int32(3))
            )
        }
    }
}
