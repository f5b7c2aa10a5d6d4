// Grading a round again: further judges over the answers that are there. Nothing is probed, no grade is replaced; the
// frozen grader stays the one that the round names.

public import ParleyModel
import ParleyPostgres

/// A version of a suite's grader beside the one that was frozen.
public struct Grading: Hashable, Sendable {
    /// Index in `RoundDefinition.suites`.
    public let suite: Int
    /// From 1, within its suite.
    public let number: Int
    /// The number of its first judge, counted through all graders of the suite.
    public let firstJudge: Int
    public let grader: Grader
    /// The hash of all that its grades depend on.
    public let identity: ContentHash
    /// By the database's clock, in microseconds since the Unix epoch.
    public let askedAtMicros: Int64
    public let askedBy: String
    public let reason: String
    /// Grades that there are, and grade jobs that are not finished.
    public let done: Int
    public let left: Int

    public init(
        suite: Int,
        number: Int,
        firstJudge: Int,
        grader: Grader,
        identity: ContentHash,
        askedAtMicros: Int64,
        askedBy: String,
        reason: String,
        done: Int,
        left: Int
    ) {
        self.suite = suite
        self.number = number
        self.firstJudge = firstJudge
        self.grader = grader
        self.identity = identity
        self.askedAtMicros = askedAtMicros
        self.askedBy = askedBy
        self.reason = reason
        self.done = done
        self.left = left
    }

    public var judges: Range<Int> { firstJudge..<firstJudge + grader.judges.count }
}

extension CoordinatorQueue {
    /// What asking for a grading did.
    public struct GradingRequest: Hashable, Sendable {
        public let number: Int
        /// Grade jobs that were queued now.
        public let queued: Int
        /// Whether the suite had this grading before.
        public let existed: Bool

        public init(number: Int, queued: Int, existed: Bool) {
            self.number = number
            self.queued = queued
            self.existed = existed
        }
    }

    /// The gradings of a round beside the frozen ones, by suite and number.
    public func gradings(round: RoundID) async throws -> [Grading] {
        try await query(.gradings, [.int64(round.rawValue)]).map { row in
            Grading(
                suite: Int(try row.int32(0)),
                number: Int(try row.int16(1)),
                firstJudge: Int(try row.int16(3)),
                grader: try JSONValue(parsing: row.text(4)).decode(Grader.self),
                identity: try ContentHash(stored: row.bytea(5)),
                askedAtMicros: try row.timestamptz(6),
                askedBy: try row.text(7),
                reason: try row.text(8),
                done: Int(try row.int64(9)),
                left: Int(try row.int64(10))
            )
        }
    }

    /// Queues the judgements of all answers of a suite by another grader, whose judges the round defines. The same
    /// grader again queues what is missing.
    ///
    /// What one judgement may use is taken from the frozen judges: the most that one of them may.
    /// - Throws: `ParleyFailure` for a suite that is not graded by models or a judge that the round does not have;
    ///   SQLSTATE 23505 where the version names another grader, 55000 where the round's disclosure has begun
    public func gradeAgain(
        _ round: RoundID,
        suite name: SuiteName,
        by grader: Grader,
        _ authority: Authority
    ) async throws -> GradingRequest {
        let definition = try await definition(of: round)
        guard let number = definition.suites.firstIndex(where: { $0.name == name }) else {
            throw ParleyFailure(
                .invalidInput,
                "The round has no suite '\(name)'.",
                remedy: "There are: \(definition.suites.map(\.name.text).joined(separator: ", "))."
            )
        }
        let suite = definition.suites[number]
        guard suite.scorer.grader != nil else {
            throw ParleyFailure(
                .invalidInput,
                "Suite '\(name)' is scored by '\(suite.scorer.kind.rawValue)' and not by models.",
                remedy: "Only answers of model_graded suites are kept to be graded again."
            )
        }
        let identity = try definition.identity(of: grader)
        let models = try grader.judges.map { judge in
            guard let model = definition.configuration(judge).flatMap({ definition.model($0.model) }) else {
                throw ParleyFailure(
                    .invalidInput,
                    "The round has no configuration '\(judge)' that could judge.",
                    remedy: "There are: \(definition.configurations.map(\.name.text).joined(separator: ", "))."
                )
            }
            return model
        }
        let reserved = try await query(
            .gradeReservations,
            [.int64(round.rawValue), .int32(Int32(clamping: number))]
        ).map { Reservation(tokens: try $0.int64("tokens"), cost: Money(billionths: try $0.int64("cost"))) }
        let most = Reservation(
            tokens: reserved.map(\.tokens).max() ?? 0,
            cost: Money(billionths: reserved.map(\.cost.billionths).max() ?? 0)
        )
        let counted = models.enumerated().flatMap { judge, model in
            definition.budgets.indices.filter { definition.budgets[$0].covers(suite: suite, model: model.name) }
                .map { (judge: Int32(clamping: judge), budget: Int32(clamping: $0 + 1)) }
        }
        let row = try await queryByState(
            .gradeAgain,
            [
                .int64(round.rawValue), .int32(Int32(clamping: number)), .text(grader.version),
                .text(try JSONValue(encoding: grader).canonical), .bytea(identity.bytes),
                .text(grader.combination.rawValue), .textArray(models.map(\.account)),
                .textArray(models.map(\.name.text)), .textArray(models.map(\.party.text)),
                .int32Array(models.map { Int32(clamping: $0.concurrency) }),
                .int32Array(models.map { $0.requestsPerMinute.map { Int32(clamping: $0) } }),
                .int64Array(models.map(\.tokensPerMinute)),
                .int64Array(models.map { _ in most.tokens }), .int64Array(models.map { _ in most.cost.billionths }),
                .int32Array(counted.map(\.judge)), .int32Array(counted.map(\.budget)),
                .text(authority.actor), .text(authority.reason),
            ]
        ).only()
        try await announce(round)
        return GradingRequest(
            number: Int(try row.int16(0)),
            queued: Int(try row.int64(1)),
            existed: try row.bool(2)
        )
    }
}
