// parley rehearse: the whole round on simulated providers, before real money is spent.

import ArgumentParser
import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyReport
import ParleyRounds

struct RehearseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Run the whole round on simulated providers that fail; predict time and cost, prove recovery.",
        discussion: """
            The simulated providers answer late, ask to wait (429), break off in the middle of a stream, refuse and \
            truncate. A third of the way a worker is killed, and another one takes over: nothing may be lost, and \
            nothing paid again that no cut-off attempt explains. Nobody signs a rehearsal. The database is a private one that is removed \
            afterwards. Programs and agents' tools run as in the round.

            With --frozen the file must be the round of that name in the database, as it was frozen.

            Exit code 3 where recovery was not shown.

            Examples:
              parley rehearse examples/demo.yaml
              parley rehearse round.yaml --frozen spring --database postgresql://host/parley --json
            """
    )

    @Argument(help: "The round file.")
    var file: String
    @Option(help: ArgumentHelp("A round in the database that the file must be.", valueName: "round"))
    var frozen: String?
    @Flag(help: "Print as JSON (schemas/json/rehearsal.schema.json).")
    var json = false
    @OptionGroup var settings: RehearsalSettings
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var external: ExternalOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let real = try external.plan(file, isSimulated: false)
        if let frozen { try await compare(real, with: frozen) }
        let plan = try external.plan(file, isSimulated: true, isRehearsal: true)
        let document = try await Rehearsal(
            plan: plan,
            real: real,
            settings: settings,
            logger: log.logger("parley.rehearsal")
        ).run()
        if json { try Console.json(document) } else { show(document, currency: plan.definition.currency) }
        guard document.recovery.proved else {
            throw ParleyFailure(
                .incomplete,
                document.recovery.killedAtDone == nil
                    ? "The round was over before a worker could be killed: recovery was not shown."
                    : "Recovery was not shown: \(document.recovery.lost) jobs lost, "
                        + "\(document.recovery.answersRepeated) answers asked for again.",
                remedy: document.recovery.killedAtDone == nil ? "Rehearse with a higher --latency-ms." : nil
            )
        }
    }

    /// Refuses a file that is not what was frozen.
    private func compare(_ plan: Plan, with name: String) async throws {
        let record = try await database.open(logger: log.logger("parley")).use { try await $0.round(name) }
        guard record.definitionHash == plan.definitionHash else {
            throw ParleyFailure(
                .invalidInput,
                "\(file) is not round '\(name)' as it was frozen (\(record.definitionHash), the file \(plan.definitionHash)).",
                remedy: "Restore the file that was frozen."
            )
        }
    }

    private func show(_ document: RehearsalDocument, currency: String) {
        let seconds = { (value: Double) in NumberText.fixed(value, decimals: 1) }
        let recovery = document.recovery
        let prediction = document.prediction
        let faults = document.provider.faults.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        Console.print(
            """
            SIMULATED MODELS: a rehearsal of '\(document.round)', \(document.definitionHash)
            \(document.jobs) probe jobs, \(document.gradeJobs) grade jobs at most, in \(seconds(document.seconds)) s
            providers: \(document.provider.requests) requests, \(document.provider.answers) answers, \
            \(document.provider.refusals) refusals, \(document.provider.truncated) truncated; faults: \
            \(faults.isEmpty ? "none" : faults.joined(separator: ", "))
            recovery: worker killed at \(recovery.killedAtDone.map { "\($0)" } ?? "-") done with \(recovery.held) jobs in \
            hand; \(recovery.rescued) rescued, \(recovery.lost) lost, \(document.dead) dead; answers \
            \(recovery.answersKept) kept, \(recovery.answersRepeated) asked for again (at most \
            \(recovery.answersRepeatedAtMost) explained): \(recovery.proved ? "PROVED" : "NOT SHOWN")
            predicted: about \(NumberText.fixed(prediction.seconds / 60, decimals: 1)) minutes at \
            \(NumberText.fixed(prediction.attemptsPerJob, decimals: 2)) attempts a job; at most \
            \(NumberText.grouped(prediction.tokensAtMost)) tokens and \
            \(prediction.moneyAtMost.map { NumberText.money($0, currency: currency) } ?? "no price") \
            (rehearsed: \(NumberText.grouped(prediction.tokensRehearsed)) tokens, \
            \(NumberText.money(prediction.moneyRehearsed, currency: currency)))
            """
        )
    }
}
