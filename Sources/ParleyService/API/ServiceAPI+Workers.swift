// What operators tell workers and pools while they run, and the pools there are.

import Hummingbird
import ParleyCoordinator
import ParleyModel
import ParleyQueue

/// What an order came to.
struct OrderDocument: Encodable {
    /// Workers that it was for.
    let workers: Int
    /// Jobs that were taken back.
    let jobs: Int
}

extension ServiceAPI {
    /// The words for orders.
    private enum OrderWord: String, CaseIterable { case set, pause, resume, drain, retire }

    func addWorkers(to routes: inout ServiceRoutes) {
        routes.add(.get, "/v1/pools", for: .operators(.read)) { request, _ in
            _ = try PageQuery(request)
            return try answer(PoolsDocument(await queue.pools(), await queue.workers()), request)
        }
        routes.add(.post, "/v1/pools/:pool/orders", for: .operators(.control)) { request, context in
            let name = context.parameters.get("pool") ?? ""
            return try await steer(
                Name<PoolStatus>.isValid(name) ? .pool(name) : nil,
                request,
                context,
                missing: "There is no pool of this name.",
                remedy: "/v1/pools lists them; 'set' makes one, of a valid name."
            )
        }
        routes.add(.post, "/v1/workers/:worker/orders", for: .operators(.control)) { request, context in
            try await steer(
                context.parameters.get("worker").flatMap { Int64($0) }.map { .worker(WorkerID($0)) },
                request,
                context,
                missing: "There is no worker of this number, or it has ended.",
                remedy: "/v1/workers lists those that work."
            )
        }
    }

    private func steer(
        _ target: WorkerTarget?,
        _ request: Request,
        _ context: ServiceRequestContext,
        missing: String,
        remedy: String
    ) async throws -> Response {
        try await change(request, context, ["action", "concurrency", "now"]) {
            let order = try Self.order($0)
            guard let target, let effect = try await queue.steer(target, order, by: $1) else {
                throw Problem(.notFound, missing, remedy: remedy)
            }
            return OrderDocument(workers: effect.workers, jobs: effect.jobs)
        }
    }

    private static func order(_ body: ChangeBody) throws -> WorkerOrder {
        let word = try body.word("action", OrderWord.self)
        let concurrency = try body.integer("concurrency", in: 0...100_000)
        if body.has("concurrency") != (word == .set) || body.has("now") && (word == .set || word == .resume) {
            throw Problem(
                .unprocessableContent,
                "'set' takes 'concurrency', and no other action does; 'now' is for pause, drain and retire."
            )
        }
        let isNow = try body.flag("now")
        return switch word {
        // 0 for what the command line calls `own`.
        case .set: .set(concurrency: concurrency == 0 ? nil : concurrency.map(Int.init))
        case .pause: .pause(now: isNow)
        case .resume: .resume
        case .drain: .drain(now: isNow)
        case .retire: .retire(now: isNow)
        }
    }
}
