// Rounds and what belongs to one: cells, budgets, limits, findings. What the command line prints with `--json` is the
// same document here.

import Hummingbird
import ParleyCoordinator
import ParleyModel
import ParleyQueue

/// The cells of a round, with the jobs of both stages.
struct CellsDocument: Encodable {
    struct Cell: Encodable {
        /// From 0, in the definition's order.
        let cell: Int
        let suite: SuiteName
        let configuration: ConfigurationName
        let model: ModelName
        /// Probe jobs.
        let planned: Int
        /// Unfinished jobs.
        let ready: Int
        let waiting: Int
        let held: Int
        let dead: Int
        let paused: Bool
        let cancelled: Bool
    }

    let cells: [Cell]
}

struct BudgetsDocument: Encodable {
    let budgets: [StatusDocument.Budget]
}

extension ServiceAPI {
    func addRounds(to routes: inout ServiceRoutes) {
        routes.add(.get, "/v1/rounds", for: .operators(.read)) { request, _ in
            let query = try PageQuery(request, ["state"], isPage: true)
            let states = Dictionary(uniqueKeysWithValues: RoundState.allCases.map { ($0.rawValue, $0) })
            let (state, after, limit) = (try query.word("state", states), try query.after(), try query.limit())
            let records = try await queue.rounds().filter {
                $0.id.rawValue > after && (state == nil || $0.state == state)
            }
            var document = StatusDocument(rounds: [])
            for record in records.prefix(limit) { document.rounds.append(try await status(record)) }
            let last = records.prefix(limit).last?.id.rawValue
            return try answer(
                document,
                request,
                next: records.count > limit ? last.map { query.next(after: $0) } : nil
            )
        }
        routes.add(.get, "/v1/rounds/:round", for: .operators(.read)) { request, context in
            _ = try PageQuery(request)
            return try answer(StatusDocument(rounds: [await status(record(context))]), request)
        }
        routes.add(.get, "/v1/rounds/:round/cells", for: .operators(.read)) { request, context in
            let query = try PageQuery(request, ["suite", "configuration"], isPage: true)
            let (after, limit) = (try query.after(), try query.limit())
            let record = try await record(context)
            let definition = try await queue.definition(of: record.id)
            let wanted = try matching(query, definition.cells) ?? Array(definition.cells.indices)
            let all = try await cells(record, definition, wanted.filter { $0 > after })
            let page = Array(all.prefix(limit))
            return try answer(
                CellsDocument(cells: page),
                request,
                next: all.count > limit ? page.last.map { query.next(after: $0.cell) } : nil
            )
        }
        routes.add(.get, "/v1/rounds/:round/budgets", for: .operators(.read)) { request, context in
            _ = try PageQuery(request)
            let budgets = try await queue.budgets(round: record(context).id)
            return try answer(BudgetsDocument(budgets: budgets.map(StatusDocument.Budget.init)), request)
        }
        routes.add(.get, "/v1/rounds/:round/limits", for: .operators(.read)) { request, context in
            _ = try PageQuery(request)
            return try answer(await queue.limitsDocument(round: record(context).id), request)
        }
        routes.add(.get, "/v1/limits", for: .operators(.read)) { request, _ in
            let query = try PageQuery(request, ["model"])
            return try answer(await queue.limitsDocument(model: query.name("model")), request)
        }
        routes.add(.get, "/v1/rounds/:round/findings", for: .operators(.read)) { request, context in
            let query = try PageQuery(request, ["grader"])
            let (record, grader, queue) = (try await record(context), query.text("grader"), queue)
            let document: FindingsDocument
            do {
                document = try await findings.value(FindingsKey(round: record, grader: grader)) {
                    try await queue.findings(round: record.id, grader: grader)
                }
            } catch let failure as ParleyFailure where grader != nil && failure.category == .invalidInput {
                throw Problem(.notFound, failure.message, remedy: failure.remedy)
            }
            return try answer(document, request)
        }
    }

    private func status(_ record: RoundRecord) async throws -> StatusDocument.Round {
        let queue = queue
        return try await statuses.value(record) { try await queue.statusDocument(record) }
    }

    private func cells(
        _ record: RoundRecord,
        _ definition: RoundDefinition,
        _ indices: [Int]
    ) async throws -> [CellsDocument.Cell] {
        let streams = Dictionary(grouping: try await queue.streams(round: record.id), by: \.cell)
        let models = Dictionary(
            definition.configurations.map { ($0.name, $0.model) },
            uniquingKeysWith: { first, _ in first }
        )
        return indices.map { index in
            let cell = definition.cells[index]
            let own = streams[index] ?? []
            return CellsDocument.Cell(
                cell: index,
                suite: cell.suite,
                configuration: cell.configuration,
                model: models[cell.configuration] ?? "",
                planned: own.reduce(0) { $0 + ($1.stage == .probe ? $1.planned : 0) },
                ready: own.reduce(0) { $0 + $1.ready },
                waiting: own.reduce(0) { $0 + $1.waiting },
                held: own.reduce(0) { $0 + $1.leased },
                dead: own.reduce(0) { $0 + $1.dead },
                paused: own.contains { $0.pauseReason != nil },
                cancelled: own.contains(where: \.isCancelled)
            )
        }
    }
}
