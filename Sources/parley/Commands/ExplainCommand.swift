// parley explain: which limits are in force, who set them, and which one binds.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain settings: the value in force, who set it, and whether it binds.",
        subcommands: [Limits.self]
    )

    struct Limits: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the limits of each account and model, who set them, and which one binds now.",
            discussion: """
                Limits are those of rounds that run. A rate binds where the last minute used nine tenths of it, a \
                concurrency where nine tenths of it are in flight. What workers and pools were told counts over all \
                accounts, and binds where it does for all workers that share the account. Where none binds, work or \
                workers are short.

                Examples:
                  parley explain limits
                  parley explain limits gpt-x --json
                """
        )

        @Argument(help: "Only of this model.")
        var model: String?
        @Flag(help: "Print as JSON (schemas/json/limits.schema.json).")
        var json = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var log: LogOptions

        func run() async throws {
            let document = try await database.open(logger: log.logger("parley")).use {
                try await $0.queue.limitsDocument(model: model.map { ModelName($0) })
            }
            if json { return try Console.json(document) }
            if document.limits.isEmpty {
                return Console.print(
                    "No running round uses \(model.map { "model '\(Escape.terminal($0))'" } ?? "an account")."
                )
            }
            for entry in document.limits { show(entry) }
        }

        private func show(_ entry: LimitsDocument.Entry) {
            Console.print(
                Escape.terminal(
                    "\(entry.account)/\(entry.model): \(entry.inFlight) in flight over \(entry.workers) workers; last minute "
                        + "\(entry.ended) ended, \(entry.failed) failed, \(entry.turnedAway) turned away (429), "
                        + "\(NumberText.grouped(entry.tokens)) tokens"
                )
            )
            for value in entry.values {
                let mark = value.binds ? "→" : " "
                Console.print(Escape.terminal("  \(mark) \(value.text): \(value.setBy)\(value.binds ? "  BINDS" : "")"))
            }
            if entry.binding == nil { Console.print("    none of these binds: work or workers are short") }
        }
    }
}
