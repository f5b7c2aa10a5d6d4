// The graders of a round, the frozen ones first, as a document: what `parley grade --json` prints
// (schemas/json/graders.schema.json).

public import ParleyModel
public import ParleyQueue

/// The graders of a round.
public struct GradersDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.graders/1"

    /// One version of one suite's grader.
    public struct Row: Hashable, Sendable, Codable {
        public var suite: SuiteName
        public var version: String
        public var identity: ContentHash
        public var frozen: Bool
        public var judges: [ConfigurationName]
        /// Grades that there are, and grade jobs that are not finished; nil for the frozen grader, whose progress
        /// `parley status` tells.
        public var done: Int?
        public var left: Int?
        public var askedBy: String?
        public var reason: String?
    }

    public var format: String
    public var round: RoundName
    public var graders: [Row]

    public init(
        _ round: RoundName,
        _ definition: RoundDefinition,
        _ gradings: [Grading],
        suites: Set<SuiteName>
    ) throws {
        format = Self.currentFormat
        self.round = round
        graders = []
        for (number, suite) in definition.suites.enumerated() where suites.contains(suite.name) {
            guard let frozen = suite.scorer.grader else { continue }
            graders.append(
                Row(
                    suite: suite.name,
                    version: frozen.version,
                    identity: try definition.identity(of: frozen),
                    frozen: true,
                    judges: frozen.judges
                )
            )
            graders += gradings.filter { $0.suite == number }.map { grading in
                Row(
                    suite: suite.name,
                    version: grading.grader.version,
                    identity: grading.identity,
                    frozen: false,
                    judges: grading.grader.judges,
                    done: grading.done,
                    left: grading.left,
                    askedBy: grading.askedBy,
                    reason: grading.reason
                )
            }
        }
    }
}
