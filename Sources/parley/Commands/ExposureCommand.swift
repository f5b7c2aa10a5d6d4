// parley exposure: which providers have seen held-out samples.

import ArgumentParser
import Foundation
import ParleyModel
import ParleyQueue
import ParleyReport

struct ExposureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exposure",
        abstract: "Show which models, and whose, held-out samples were sent to.",
        discussion: """
            A sample that was sent to somebody's provider is known to it. What is shown is an upper bound: what a worker \
            claimed may have been sent, and a judge is taken to have seen all that was probed. With --json also the \
            commitments by which the samples are named.

            Examples:
              parley exposure spring
              parley exposure probes --json     # a suite, in all rounds
            """
    )

    @Argument(help: "A round, or a held-out suite.")
    var name: String
    @Flag(help: "Print as JSON, with the samples' commitments.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    private struct Document: Encodable {
        let format = "parley.exposures/1"
        let exposures: [Row]
    }

    private struct Row: Encodable {
        let round: RoundName
        let suite: SuiteName
        let model: ModelName
        let purpose: Exposure.Purpose
        let party: PartyName
        let provider: String
        let term: String
        let samples: Int
        let firstAt: String?
        let latestAt: String?
        let commitments: [ContentHash]
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let rows = try await session.queue.exposures(of: name).map { exposure in
                Row(
                    round: exposure.round,
                    suite: exposure.suite,
                    model: exposure.model,
                    purpose: exposure.purpose,
                    party: exposure.party,
                    provider: exposure.provider,
                    term: exposure.term,
                    samples: exposure.samples,
                    firstAt: exposure.firstAtMicros.map(Self.time),
                    latestAt: exposure.latestAtMicros.map(Self.time),
                    commitments: exposure.commitments
                )
            }
            if json { return try Console.json(Document(exposures: rows)) }
            for row in rows { Console.print(Self.line(row)) }
            if rows.isEmpty { Console.print("Nothing held out goes out in '\(name)'.") }
        }
    }

    private static func line(_ row: Row) -> String {
        let term = row.term.isEmpty ? "" : "; \(Escape.terminal(row.term))"
        let since = row.firstAt.map { " since \($0)" } ?? ""
        return "\(row.round)  \(row.suite)  \(row.model) of \(row.party) (\(row.purpose.rawValue), "
            + "\(Escape.terminal(row.provider))\(term)): \(row.samples) samples\(since)"
    }

    private static func time(_ micros: Int64) -> String {
        Date(timeIntervalSince1970: Double(micros) / 1e6).formatted(.iso8601)
    }
}
