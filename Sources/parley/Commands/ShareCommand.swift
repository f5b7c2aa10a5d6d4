// parley share: which part of the work goes first, and how limits are shared.

import ArgumentParser
import ParleyModel
import ParleyQueue

struct ShareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Set priority and weight of a round, or of a part of it.",
        discussion: """
            What has a higher priority goes first; 0 at the start. Where rounds and parties compete for one limit, they \
            get shares of it by weight; 1 at the start. Takes effect within a second.

            Examples:
              parley share spring --priority 1
              parley share spring --party lab-b --weight 3 --because "it began late"
            """
    )

    @OptionGroup var part: PartOptions
    @Option(help: "From -1000 to 1000.")
    var priority: Int?
    @Option(help: "From 1 to 1000.")
    var weight: Int?
    @Option(help: ArgumentHelp("Why; kept in the ledger.", valueName: "text"))
    var because = ""
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if priority == nil, weight == nil { throw ValidationError("give --priority, --weight or both") }
        if let priority, !(-1000...1000).contains(priority) {
            throw ValidationError("--priority takes -1000 to 1000")
        }
        if let weight, !(1...1000).contains(weight) { throw ValidationError("--weight takes 1 to 1000") }
    }

    func run() async throws {
        let changed = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(part.round)
            let authority = try await session.authority(in: record.id, because: because)
            var changed = 0
            if let priority {
                changed += try await session.queue.prioritise(record.id, part.part, priority, by: authority)
            }
            if let weight { changed += try await session.queue.weigh(record.id, part.part, weight, by: authority) }
            if changed == 0 {
                let streams = try await session.queue.status(round: record.id).streams
                let known = streams.contains { stream in
                    (part.part.party ?? stream.party) == stream.party
                        && (part.part.model ?? stream.model) == stream.model
                        && (part.part.suite ?? stream.suite) == stream.suite
                }
                if !known { throw await part.nothingFound(record, session) }
            }
            return changed
        }
        Console.print(changed > 0 ? "Set for \(part.text)." : "Nothing to do: it was so before.")
    }
}
