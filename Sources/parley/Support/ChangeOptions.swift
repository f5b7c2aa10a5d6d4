// What the commands share that change a round as a whole: why, whether in earnest, how to say it, and where.

import ArgumentParser
import ParleyQueue

struct ChangeOptions: ParsableArguments {
    @Option(help: "Why; it stands in the ledger.")
    var because = ""
    @Flag(help: "Only say what would happen.")
    var dryRun = false
    @Flag(help: "Print as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    var authority: CoordinatorQueue.Authority { .init(actor: Session.person, reason: because) }
}
