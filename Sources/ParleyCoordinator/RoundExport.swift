// From the database to records for an export: one cell after the other, page by page. At most one page of transcripts
// is held, whatever the size of the round.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// Jobs of a page.
    private static let exportPage: Int64 = 256

    /// The cells of a round as an export needs them.
    public func exchangeCells(of round: RoundRecord) async throws -> [ExchangeCell] {
        let definition = try await open(round.id).definition
        return try definition.cells.indices.map { number in
            try ExchangeCell(
                definition: definition,
                definitionHash: round.definitionHash,
                number: number,
                createdAtMicros: round.createdAtMicros
            )
        }
    }

    /// Hands the observations of a cell to `body`, in the order of their jobs, as far as the round is.
    public nonisolated(nonsending) func records(
        round: RoundID,
        cell: ExchangeCell,
        seals: RoundSeals,
        _ body: (ExchangeRecord) throws -> Void
    ) async throws {
        let streams = try await exportStreams(round: round).filter { $0.cell == cell.number }
        guard let probes = streams.first(where: { $0.judge == nil }) else { return }
        let open = try await open(round)
        let judges = streams.filter { $0.judge != nil }
        // A page does not go beyond an epoch: so its samples are one range.
        for epoch in 0..<probes.epochs {
            let start = probes.base + Int64(epoch) * Int64(probes.samples)
            let end = start + Int64(probes.samples)
            for first in stride(from: start, to: end, by: Int64.Stride(Self.exportPage)) {
                let page = try await ExportPage(
                    queue: self,
                    round: round,
                    open: open,
                    cell: cell,
                    seals: seals,
                    probes: probes,
                    judges: judges,
                    jobs: first..<min(first + Self.exportPage, end)
                )
                for record in try page.records() { try body(record) }
            }
        }
    }
}

/// A range of a cell's probe jobs with all that belongs to them.
private struct ExportPage {
    let open: OpenRound
    let cell: ExchangeCell
    let probes: ExportStream
    let observations: [Observation]
    let samples: [Int: SealedSample]
    let transcripts: [JobID: [UInt8]]
    let starts: [JobID: Int64]
    let deaths: [JobID: String]
    var grades: [(stream: ExportStream, grades: [JobID: StoredGrade], transcripts: [JobID: [UInt8]])] = []
    private let seals: RoundSeals

    init(
        queue: CoordinatorQueue,
        round: RoundID,
        open: OpenRound,
        cell: ExchangeCell,
        seals: RoundSeals,
        probes: ExportStream,
        judges: [ExportStream],
        jobs: Range<Int64>
    ) async throws {
        self.open = open
        self.cell = cell
        self.seals = seals
        self.probes = probes
        observations = try await queue.observations(round: round, jobs: jobs)
        let first = Int((jobs.lowerBound - probes.base) % Int64(probes.samples))
        samples = try await queue.samples(round: round, suite: probes.suite, numbers: first..<(first + jobs.count))
        transcripts = try await queue.transcripts(round: round, jobs: jobs)
        starts = try await queue.starts(round: round, jobs: jobs)
        let hasFailed = observations.contains { $0.kind == .failed }
        deaths = hasFailed ? try await queue.deathReasons(round: round, jobs: jobs) : [:]
        for judge in judges {
            let shift = judge.base - probes.base
            let range = (jobs.lowerBound + shift)..<(jobs.upperBound + shift)
            grades.append(
                (
                    judge, try await queue.storedGrades(round: round, jobs: range),
                    try await queue.transcripts(round: round, jobs: range)
                )
            )
        }
    }

    func records() throws -> [ExchangeRecord] { try observations.map(record) }

    private func record(_ observation: Observation) throws -> ExchangeRecord {
        guard let sealed = samples[observation.sample] else {
            throw ParleyFailure(.database, "Sample \(observation.sample) of suite '\(cell.suite.name)' is not stored.")
        }
        let blobs = try seals.transcripts(cell: cell.number)
        let pack = try seals.samples(suite: probes.suite)
        // What was refused, filtered or cut off went to no judge.
        let isGraded = observation.kind == .scored || observation.kind == .unscorable
        return ExchangeRecord(
            job: observation.job,
            sampleIndex: observation.sample,
            sample: try pack.sample(sealed.content, at: .sample(observation.sample)),
            epoch: observation.epoch,
            kind: observation.kind,
            score: observation.score,
            usage: observation.usage,
            cost: observation.cost,
            latencyMicros: observation.latencyMicros,
            modelReturned: open.text(observation.modelReturned),
            attempts: observation.attempts,
            startedAtMicros: starts[observation.job],
            completedAtMicros: observation.completedAtMicros,
            transcript: try transcripts[observation.job].map {
                try blobs.transcript($0, at: .transcript(observation.job))
            },
            failure: observation.kind == .failed ? deaths[observation.job] ?? "failed" : nil,
            grades: isGraded
                ? try grades.compactMap { try grade(of: observation.job, $0.stream, $0.grades, $0.transcripts) } : []
        )
    }

    /// The grade that a judge gave, if it did; one whose retries are spent is `failed`.
    private func grade(
        of job: JobID,
        _ stream: ExportStream,
        _ grades: [JobID: StoredGrade],
        _ transcripts: [JobID: [UInt8]]
    ) throws -> Grade? {
        let id = JobID(job.rawValue - probes.base + stream.base)
        guard let index = stream.judge else { return nil }
        guard let grade = grades[id] else { return Grade(judge: index, kind: .failed) }
        return Grade(
            judge: index,
            kind: grade.kind,
            score: grade.score,
            usage: grade.usage,
            cost: grade.cost,
            latencyMicros: grade.latencyMicros,
            modelReturned: grade.modelReturned,
            transcript: try transcripts[id].map {
                try seals.transcripts(cell: cell.number).transcript($0, at: .transcript(id))
            }
        )
    }
}
