// parley report: the round as one HTML file.

import ArgumentParser
import Foundation
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyReport

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a round's findings as one self-contained HTML file.",
        discussion: """
            The file needs no network and holds no script. For each number it holds some of the transcripts behind it.

            Examples:
              parley report demo --output demo.html --transcripts 10
              parley report demo --labels audit.csv
              parley report demo --grader 2
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write. Default: ROUND.html.", valueName: "file"))
    var output: String?
    @Option(help: ArgumentHelp("Transcripts for each cell.", valueName: "count"))
    var transcripts: Int = 5
    @OptionGroup var labels: LabelsOption
    @OptionGroup var grader: GraderOption
    @Flag(help: "Print what was written as JSON.")
    var json = false
    @OptionGroup var seal: SealKeyOption
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        guard (0...10_000).contains(transcripts) else { throw ValidationError("--transcripts takes 0 to 10000") }
    }

    private struct Document: Encodable {
        let round: String
        let file: String
        let transcripts: Int
    }

    func run() async throws {
        try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let findings = try await session.queue.findings(
                round: record.id,
                labels: labels.file,
                grader: grader.version
            )
            let (excerpts, withheld) = try await excerpts(of: record, findings, session)
            let path = output ?? "\(record.name).html"
            do {
                try HTMLReport(findings: findings, transcripts: excerpts).render()
                    .write(toFile: path, atomically: true, encoding: .utf8)
            } catch {
                throw ParleyFailure(.failure, "The report cannot be written to \(path): \(error.localizedDescription)")
            }
            for suite in withheld.sorted() { Console.error("note: \(suite)") }
            if json {
                try Console.json(Document(round: round, file: path, transcripts: excerpts.count))
            } else {
                Console.print(path)
            }
        }
    }

    /// The first transcripts of each cell, in the frozen order of the samples.
    private func excerpts(
        of record: RoundRecord,
        _ findings: FindingsDocument,
        _ session: Session
    ) async throws -> (shown: [ReportTranscript], withheld: Set<String>) {
        var chosen: [Int: [Observation]] = [:]
        try await session.queue.observations(round: record.id) { page in
            for observation in page where chosen[observation.cell, default: []].count < transcripts {
                chosen[observation.cell, default: []].append(observation)
            }
        }
        let seals = try await session.queue.seals(of: record.id, with: seal.key)
        var excerpts: [ReportTranscript] = []
        var withheld: Set<String> = []
        for observation in chosen.sorted(by: { $0.key < $1.key }).flatMap(\.value) {
            guard let sealed = try await session.queue.transcript(job: observation.job) else { continue }
            let blobs: BlobStore
            do { blobs = try seals.transcripts(cell: observation.cell) } catch {
                withheld.insert("\(error.message) Its transcripts are left out.")
                continue
            }
            let transcript = try blobs.transcript(sealed, at: .transcript(observation.job))
            excerpts.append(
                ReportTranscript(
                    suite: transcript.suite,
                    configuration: transcript.configuration,
                    job: observation.job.rawValue,
                    sampleID: transcript.sampleID,
                    epoch: observation.epoch,
                    kind: observation.kind,
                    score: observation.score,
                    messages: transcript.messages,
                    answer: transcript.answer,
                    explanation: transcript.explanation
                )
            )
        }
        return (excerpts, withheld)
    }
}
