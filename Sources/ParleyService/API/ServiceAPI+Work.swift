// Jobs and workers: finished jobs in pages, one job with what holds it or what it came to, dead jobs, who works.

import Hummingbird
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

/// A page of finished jobs.
struct OutcomesDocument: Encodable {
    struct Outcome: Encodable {
        let job: Int64
        let suite: SuiteName
        let configuration: ConfigurationName
        let stage: String
        let sample: Int
        let epoch: Int
        let kind: OutcomeKind
        let score: Double?
        let cost: Money
        let latencySeconds: Double
        let attempt: Int
        let worker: Int64
        let completedAt: String

        init(_ outcome: StoredOutcome, _ cell: Cell) {
            job = outcome.job.rawValue
            suite = cell.suite
            configuration = cell.configuration
            stage = outcome.stage == .probe ? "probe" : "grade"
            sample = outcome.sample
            epoch = outcome.epoch
            kind = outcome.kind
            score = outcome.score?.value
            cost = outcome.cost
            latencySeconds = Double(outcome.latencyMicros) / 1e6
            attempt = outcome.attempt
            worker = outcome.worker.rawValue
            completedAt = LedgerEntry.time(micros: outcome.completedAtMicros)
        }
    }

    let jobs: [Outcome]
}

struct DeadJobsDocument: Encodable {
    let dead: [DeadJobRow]
}

struct WorkersDocument: Encodable {
    let workers: [OperationsDocument.Worker]
}

extension ServiceAPI {
    func addWork(to routes: inout ServiceRoutes) {
        routes.add(.get, "/v1/rounds/:round/jobs", for: .operators(.read)) { request, context in
            let query = try PageQuery(request, ["kind", "suite", "configuration"], isPage: true)
            let kinds = Dictionary(uniqueKeysWithValues: OutcomeKind.allCases.map { ($0.name, $0) })
            let (kind, after, limit) = (try query.word("kind", kinds), try query.after(), try query.limit())
            let record = try await record(context)
            let cells = try await queue.definition(of: record.id).cells
            let outcomes = try await queue.outcomes(
                round: record.id,
                after: JobID(after),
                cells: try matching(query, cells),
                kind: kind,
                limit: limit
            )
            let isFull = outcomes.count == limit
            return try answer(
                OutcomesDocument(jobs: outcomes.map { OutcomesDocument.Outcome($0, cells[$0.cell]) }),
                request,
                next: isFull ? outcomes.last.map { query.next(after: $0.job.rawValue) } : nil
            )
        }
        routes.add(.get, "/v1/jobs/:job", for: .operators(.read)) { request, context in
            _ = try PageQuery(request)
            guard let number = context.parameters.get("job").flatMap({ Int64($0) }), number >= 0,
                let why = try await queue.why(job: JobID(number))
            else { throw Problem(.notFound, "No round has a job of this number.") }
            return try answer(why, request)
        }
        routes.add(.get, "/v1/rounds/:round/dead", for: .operators(.read)) { request, context in
            let query = try PageQuery(request, ["class"], isPage: true)
            let (after, limit) = (try query.after(), try query.limit())
            let record = try await record(context)
            let cells = try await queue.definition(of: record.id).cells
            let jobs = try await queue.deadJobs(
                round: record.id,
                after: JobID(after),
                failureClass: query.text("class"),
                limit: limit
            )
            return try answer(
                DeadJobsDocument(dead: jobs.map { DeadJobRow($0, cells[$0.cell]) }),
                request,
                next: jobs.count == limit ? jobs.last.map { query.next(after: $0.job.rawValue) } : nil
            )
        }
        routes.add(.get, "/v1/workers", for: .operators(.read)) { request, _ in
            let query = try PageQuery(request, isPage: true)
            let (after, limit) = (try query.after(), try query.limit())
            let all = try await queue.workers().filter { $0.id.rawValue > after }
            let page = Array(all.prefix(limit))
            return try answer(
                WorkersDocument(workers: page.map(OperationsDocument.Worker.init)),
                request,
                next: all.count > limit ? page.last.map { query.next(after: $0.id.rawValue) } : nil
            )
        }
    }

    /// The cells that a query names, by their index; nil where it names none.
    func matching(_ query: PageQuery, _ cells: [Cell]) throws -> [Int]? {
        let suite: SuiteName? = try query.name("suite")
        let configuration: ConfigurationName? = try query.name("configuration")
        if suite == nil, configuration == nil { return nil }
        return cells.indices.filter {
            (suite ?? cells[$0].suite) == cells[$0].suite
                && (configuration ?? cells[$0].configuration) == cells[$0].configuration
        }
    }
}
