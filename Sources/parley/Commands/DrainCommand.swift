// parley drain, parley worker drain: a worker ends.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Let a worker end: it claims no more and finishes what it has.",
        discussion: """
            With --now its jobs are taken back at once. Its number stands in `parley workers`; `parley pool drain` does \
            the same for a pool.

            Examples:
              parley drain 12
              parley drain 12 --now --because "its host goes down"
            """
    )

    @Argument(help: "The worker's number.")
    var worker: Int64
    @Flag(help: "Take its jobs back at once.")
    var now = false
    @OptionGroup var options: SteerOptions

    func run() async throws { try await options.steer(.worker(WorkerID(worker)), .drain(now: now), "drains") }
}
