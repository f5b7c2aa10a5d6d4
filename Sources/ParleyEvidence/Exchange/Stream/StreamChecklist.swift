// The STREAM checklist of a round: each criterion for each suite, filled from the round's definition, its findings or
// the words of its parties, or missing. Nothing is filled by a guess.

import Foundation
public import ParleyModel

/// A round held against STREAM's criteria.
public struct StreamChecklist: Hashable, Sendable, Codable {
    /// One criterion for one suite.
    public struct Entry: Hashable, Sendable, Codable {
        public enum Source: String, Hashable, Sendable, Codable {
            case definition, findings
            case parties
            /// The question does not arise: for instance of graders where none graded.
            case notApplicable = "not_applicable"
            case missing
        }

        public var criterion: StreamCriterion
        public var group: StreamCriterion.Group
        public var question: String
        public var source: Source
        /// What fills the criterion; nil where it is missing.
        public var text: String?
    }

    /// The criteria of one suite.
    public struct SuiteEntries: Hashable, Sendable, Codable {
        public var suite: SuiteName
        public var entries: [Entry]

        /// Criteria that are filled or do not arise.
        public var filled: Int { entries.count { $0.source != .missing } }
    }

    public static let currentFormat = "parley.stream/1"

    public var format = Self.currentFormat
    public var round: RoundName
    public var simulated: Bool
    public var suites: [SuiteEntries]

    public init(_ definition: RoundDefinition, findings: FindingsDocument) {
        round = definition.name
        simulated = definition.isSimulated
        suites = definition.suites.map { suite in
            let answers = StreamAnswers(definition: definition, suite: suite, findings: findings)
            return SuiteEntries(
                suite: suite.name,
                entries: StreamCriterion.allCases.map { criterion in
                    let (source, text) = answers.answer(criterion)
                    return Entry(
                        criterion: criterion,
                        group: criterion.group,
                        question: criterion.question,
                        source: source,
                        text: text
                    )
                }
            )
        }
    }

    /// What is missing, as `suite/criterion`.
    public var missing: [String] {
        suites.flatMap { suite in
            suite.entries.filter { $0.source == .missing }.map { "\(suite.suite)/\($0.criterion.rawValue)" }
        }
    }

    /// The checklist as Markdown. Texts of the parties stand there as text: no markup of theirs is kept.
    public var markdown: String {
        var lines = ["# STREAM checklist of the round \(round)", ""]
        if simulated { lines += ["**SIMULATED MODELS: these results say nothing about any real model.**", ""] }
        lines.append("Criteria after T. McCaslin and others, STREAM (arXiv 2508.09853), in Parley's words.")
        lines.append("That a criterion is filled does not say whether its answer is the standard's minimum, or full.")
        for suite in suites {
            lines += ["", "## \(suite.suite): \(suite.filled) of \(suite.entries.count)"]
            for group in StreamCriterion.Group.allCases {
                lines += ["", "### \(group.rawValue)", "", "| criterion | from | answer |", "|---|---|---|"]
                for entry in suite.entries where entry.group == group {
                    let answer = entry.text.map(Self.cell) ?? "**missing**"
                    lines.append("| \(entry.question) | \(entry.source.rawValue) | \(answer) |")
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func cell(_ text: String) -> String {
        var cell = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t": cell += " "
            case "|", "\\", "`", "*", "_", "[", "]", "<", ">", "#", "!", "&": cell += "\\" + String(scalar)
            case _ where scalar.properties.generalCategory == .control: break
            default: cell.unicodeScalars.append(scalar)
            }
        }
        return cell
    }

    /// Writes `ROUND.stream.json` and `ROUND.stream.md`; gives their paths.
    public func write(to folder: String, round: RoundName) throws -> [String] {
        let json = try JSONValue(encoding: self).pretty + "\n"
        return try [("json", json), ("md", markdown)].map { ending, text in
            let file = try AtomicFile(path: "\(folder)/\(round).stream.\(ending)")
            try file.write(Array(text.utf8))
            try file.commit()
            return file.path
        }
    }
}
