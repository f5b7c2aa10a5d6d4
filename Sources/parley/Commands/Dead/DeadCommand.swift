// parley dead: jobs whose retries are spent, and ruling on them.

import ArgumentParser

struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "List jobs whose retries are spent, or rule on them.",
        subcommands: [ListDeadCommand.self, RuleDeadCommand.self],
        defaultSubcommand: ListDeadCommand.self
    )
}
