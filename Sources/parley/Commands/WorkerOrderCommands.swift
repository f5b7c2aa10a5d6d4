// parley worker set, pause, resume, retire: what is said to one worker while it runs. `parley drain` is the fifth.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct SetWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change how many jobs a worker has in flight.",
        discussion: """
            In effect within seconds; what is in flight above it finishes. Goes before what its pool was told.

            Example:
              parley worker set 12 --concurrency 200 --because "the provider has room"
            """
    )

    @Argument(help: "The worker's number.")
    var worker: Int64
    @OptionGroup var concurrency: ConcurrencyOption
    @OptionGroup var options: SteerOptions

    func run() async throws {
        try await options.steer(.worker(WorkerID(worker)), .set(concurrency: concurrency.count), concurrency.effect)
    }
}

struct PauseWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Give a worker nothing more until it is resumed.",
        discussion: """
            What is in flight finishes, or with --now goes back unspent.

            Example:
              parley worker pause 12 --because "its host is being looked at"
            """
    )

    @Argument(help: "The worker's number.")
    var worker: Int64
    @Flag(help: "Take back what is in flight.")
    var now = false
    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.worker(WorkerID(worker)), .pause(now: now), "is paused") }
}

struct ResumeWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a paused worker go on.",
        discussion: """
            Where its pool is paused, it waits for that as well.

            Example:
              parley worker resume 12
            """
    )

    @Argument(help: "The worker's number.")
    var worker: Int64
    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.worker(WorkerID(worker)), .resume, "goes on") }
}

struct RetireWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Let a worker end, and list it no longer.",
        discussion: """
            As `parley drain`; also for one whose host is lost, which shows no life any more.

            Example:
              parley worker retire 12 --now --because "the host is gone"
            """
    )

    @Argument(help: "The worker's number.")
    var worker: Int64
    @Flag(help: "Take back what is in flight.")
    var now = false
    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.worker(WorkerID(worker)), .retire(now: now), "is retired") }
}
