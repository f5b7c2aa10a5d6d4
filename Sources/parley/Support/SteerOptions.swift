// What the commands share that tell workers something: why, and where.

import ArgumentParser
import ParleyModel
import ParleyQueue
import ParleyReport

struct SteerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why; kept with the event.", valueName: "text"))
    var because = ""
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    /// Tells workers something and says that it is so.
    /// - Parameter effect: what is so now, in words
    func steer(_ target: WorkerTarget, _ order: WorkerOrder, _ effect: String) async throws {
        let answer = try await database.open(logger: log.logger("parley")).use { session in
            try await session.queue.steer(target, order, by: .init(actor: Session.person, reason: because))
        }
        guard let answer else { throw Self.missing(target) }
        let taken = answer.jobs > 0 ? " \(answer.jobs) jobs in flight were taken back." : ""
        switch target {
        case .worker(let worker): Console.print("Worker \(worker) \(effect).\(taken)")
        case .pool(let pool):
            let workers = answer.workers == 1 ? "1 worker" : "\(answer.workers) workers"
            Console.print(Escape.terminal("Pool '\(pool)' (\(workers)) \(effect).\(taken)"))
        }
    }

    private static func missing(_ target: WorkerTarget) -> ParleyFailure {
        switch target {
        case .worker(let worker):
            ParleyFailure(
                .invalidInput,
                "There is no worker \(worker), or it has ended.",
                remedy: "`parley workers` lists those that work."
            )
        case .pool(let pool):
            ParleyFailure(
                .invalidInput,
                "There is no pool '\(pool)'.",
                remedy: "`parley pool list` lists them; `parley pool set` makes one."
            )
        }
    }
}

/// How many jobs in flight, or that it is left open.
struct ConcurrencyOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("The most jobs in flight of each worker; `own` leaves it to them.", valueName: "count")
    )
    var concurrency: String

    var count: Int? { Int(concurrency) }

    func validate() throws {
        if concurrency != "own", !(1...100_000).contains(count ?? 0) {
            throw ValidationError("--concurrency takes 1 to 100000, or own")
        }
    }

    /// The effect in words.
    var effect: String { count.map { "takes \($0) jobs at a time" } ?? "takes as many jobs as it was started with" }
}
