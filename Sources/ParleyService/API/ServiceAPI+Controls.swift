// What operators change: parts of rounds, shares, budgets, dead jobs. Each is the call of the queue that the
// command line makes, under the token's name.

import Hummingbird
import ParleyCoordinator
import ParleyModel
import ParleyQueue

/// What a change came to.
struct EffectDocument: Encodable {
    /// Streams that changed.
    var streams: Int?
    /// Jobs that were taken back or ruled on.
    var jobs: Int?
    /// Accounts and models whose wait ended.
    var waits: Int?
    /// Whether anything changed.
    let changed: Bool
}

/// The caps of a budget: what `If-Match` is about.
struct CapsDocument: Encodable {
    let budget: Int
    let tokens: Int64?
    let money: Money?

    init(_ budget: BudgetStatus) {
        self.budget = budget.number
        tokens = budget.tokens
        money = budget.money
    }
}

extension ServiceAPI {
    func addControls(to routes: inout ServiceRoutes) {
        routes.add(.post, "/v1/rounds/:round/control", for: .operators(.control)) { request, context in
            let record = try await record(context)
            return try await change(request, context, ["action", "party", "model", "suite", "now"], of: record) {
                let action = try $0.word("action", CoordinatorQueue.Action.self)
                let (part, now) = (try Self.part($0), try $0.flag("now"))
                let effect = try await queue.control(action, record.id, part, now: now, by: $1)
                return EffectDocument(
                    streams: effect.streams,
                    jobs: effect.jobs,
                    waits: effect.waits,
                    changed: effect.isChange
                )
            }
        }
        routes.add(.post, "/v1/rounds/:round/share", for: .operators(.control)) { request, context in
            let record = try await record(context)
            return try await change(request, context, ["party", "model", "suite", "priority", "weight"], of: record) {
                let part = try Self.part($0)
                let (priority, weight) = (
                    try $0.integer("priority", in: -1000...1000), try $0.integer("weight", in: 1...1000)
                )
                if priority == nil, weight == nil {
                    throw Problem(.unprocessableContent, "Give 'priority', 'weight' or both.")
                }
                try await has(record, part)
                var streams = 0
                if let priority {
                    streams += try await queue.prioritise(record.id, part, Int(priority), by: $1)
                }
                if let weight { streams += try await queue.weigh(record.id, part, Int(weight), by: $1) }
                return EffectDocument(streams: streams, changed: streams > 0)
            }
        }
        routes.add(.post, "/v1/rounds/:round/rulings", for: .operators(.control)) { request, context in
            let record = try await record(context)
            return try await change(request, context, ["ruling", "class", "jobs"], of: record) {
                let ruling = try $0.word("ruling", Ruling.self)
                let jobs = try await named($0, of: record)
                let count = try await queue.rule(ruling, on: jobs, round: record.id, by: $1)
                return EffectDocument(jobs: count, changed: count > 0)
            }
        }
        addCaps(to: &routes)
    }

    private func addCaps(to routes: inout ServiceRoutes) {
        routes.add(.get, "/v1/rounds/:round/budgets/:budget/caps", for: .operators(.read)) { request, context in
            _ = try PageQuery(request)
            return try answer(CapsDocument(await budget(context, of: record(context))), request)
        }
        routes.add(.patch, "/v1/rounds/:round/budgets/:budget/caps", for: .operators(.control)) { request, context in
            let record = try await record(context)
            let seen = try await budget(context, of: record)
            return try await change(request, context, ["tokens", "money"], of: record) {
                let (tokens, money) = (try $0.integer("tokens", in: 0 ... .max), try $0.amount("money"))
                if tokens == nil, money == nil {
                    throw Problem(.unprocessableContent, "Give 'tokens', 'money' or both.")
                }
                try Self.mustMatch(request, CapsDocument(seen))
                let changed = try await queue.replaceCaps(
                    record.id,
                    number: seen.number,
                    seen: (seen.tokens, seen.money),
                    tokens: tokens,
                    money: money,
                    by: $1
                )
                guard changed != nil else { throw Self.changedMeanwhile }
                return try await CapsDocument(budget(context, of: record))
            }
        }
    }

    private static let changedMeanwhile = Problem(
        .preconditionFailed,
        "The caps are not those that If-Match names: somebody changed them.",
        remedy: "Get them again, and decide anew."
    )

    /// What would overwrite asks for the tag of what was seen.
    private static func mustMatch(_ request: Request, _ document: some Encodable) throws {
        guard let seen = request.headers[.ifMatch] else {
            throw Problem(
                HTTPResponse.Status(code: 428, reasonPhrase: "Precondition Required"),
                "If-Match is needed, so that nobody's change is overwritten unseen.",
                remedy: "Get the caps, and send their ETag as If-Match."
            )
        }
        guard names(seen, tag(try JSONValue(encoding: document).canonical)) else { throw changedMeanwhile }
    }

    private func budget(_ context: ServiceRequestContext, of record: RoundRecord) async throws -> BudgetStatus {
        let number = context.parameters.get("budget").flatMap { Int($0) }
        guard let budget = try await queue.budgets(round: record.id).first(where: { $0.number == number }) else {
            throw Problem(.notFound, "The round has no budget of this number.")
        }
        return budget
    }

    private static func part(_ body: ChangeBody) throws -> RoundPart {
        RoundPart(party: try body.name("party"), model: try body.name("model"), suite: try body.name("suite"))
    }

    private func has(_ record: RoundRecord, _ part: RoundPart) async throws {
        let isThere = try await queue.streams(round: record.id).contains {
            (part.party ?? $0.party) == $0.party && (part.model ?? $0.model) == $0.model
                && (part.suite ?? $0.suite) == $0.suite
        }
        if !isThere { throw Problem(.notFound, "The round has no such part.") }
    }

    /// The dead jobs that a body names: by number, by class, or all.
    private func named(_ body: ChangeBody, of record: RoundRecord) async throws -> [JobID] {
        if let jobs = try body.integers("jobs", most: 1000) {
            if body.has("class") { throw Problem(.unprocessableContent, "Give 'jobs' or 'class', not both.") }
            return jobs.map { JobID($0) }
        }
        let failureClass = try body.text("class")
        return try await queue.deadJobs(round: record.id, failureClass: failureClass, limit: .max).map(\.job)
    }
}
