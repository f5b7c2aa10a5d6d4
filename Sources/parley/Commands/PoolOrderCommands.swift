// parley pool set, pause, resume, drain, retire.

import ArgumentParser
import ParleyQueue

struct SetPoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change how many jobs each worker of a pool has in flight.",
        discussion: """
            In effect within seconds; what is in flight above it finishes. A pool that does not exist yet is made.

            Example:
              parley pool set north-net --concurrency 200 --because "the provider has room"
            """
    )

    @Argument(help: "The pool.")
    var pool: String
    @OptionGroup var concurrency: ConcurrencyOption
    @OptionGroup var options: SteerOptions

    func run() async throws {
        try await options.steer(.pool(pool), .set(concurrency: concurrency.count), concurrency.effect)
    }
}

struct PausePoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Give the workers of a pool nothing more until it is resumed.",
        discussion: """
            What is in flight finishes, or with --now goes back unspent.

            Example:
              parley pool pause north-net --because "the proxy is down"
            """
    )

    @Argument(help: "The pool.")
    var pool: String
    @Flag(help: "Take back what is in flight.")
    var now = false
    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.pool(pool), .pause(now: now), "is paused") }
}

struct ResumePoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a pool go on that was paused, drained or retired.",
        discussion: """
            Workers that were told to end stay so; new ones are taken again.

            Example:
              parley pool resume north-net
            """
    )

    @Argument(help: "The pool.")
    var pool: String
    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.pool(pool), .resume, "goes on") }
}

struct DrainPoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Let the workers of a pool finish what they have and end.",
        discussion: """
            Workers that join it end at once, until it is resumed. With --now what they have is taken back.

            Example:
              parley pool drain north-net --because "new kernel"
            """
    )

    @Argument(help: "The pool.")
    var pool: String
    @Flag(help: "Take back what is in flight.")
    var now = false
    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.pool(pool), .drain(now: now), "drains") }
}

struct RetirePoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Drain a pool for good.",
        discussion: """
            Workers that would join it are refused, and it is listed no longer once it is empty.

            Example:
              parley pool retire north-net
            """
    )

    @Argument(help: "The pool.")
    var pool: String
    @Flag(help: "Take back what is in flight.")
    var now = false
    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.pool(pool), .retire(now: now), "is retired") }
}
