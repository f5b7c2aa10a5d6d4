// The command line. One file a subcommand; what they share is in Support.

import ArgumentParser
import ParleyDispatch
import ParleyModel

@main
struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "Runs evaluation rounds between parties that do not share a house.",
        discussion: """
            A round file names parties, models, suites and budgets. `parley plan` checks it, `parley run` runs it \
            with a private PostgreSQL, `parley findings` and `parley report` show what came out.

            Examples:
              parley plan examples/demo.yaml
              parley run examples/demo.yaml --simulated
              parley findings demo --json

            Exit codes: 0 done; 1 failure; 2 invalid input; 3 the round is incomplete or not signed; 4 database \
            unreachable or its schema too old or too new; 5 the state folder is in use; 6 interrupted, run again to \
            continue; 7 a check of a package failed; 8 a package that cannot be read; 9 and 10, of `parley ask`: not \
            shown, not evaluated; 64 wrong usage of the command line.
            """,
        version: ParleyVersion.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Running a round",
                subcommands: [
                    PlanCommand.self, RunCommand.self, SubmitCommand.self, RehearseCommand.self, PauseCommand.self,
                    ResumeCommand.self, CancelCommand.self, ShareCommand.self, BudgetCommand.self, DeadCommand.self,
                    GradeCommand.self,
                ]
            ),
            CommandGroup(
                name: "Looking at it",
                subcommands: [
                    StatusCommand.self, TopCommand.self, TailCommand.self, WhyCommand.self, ExplainCommand.self,
                    FindingsCommand.self, ShowCommand.self, ReportCommand.self, CompareCommand.self,
                    SeriesCommand.self, QuestionsCommand.self, OrderCommand.self, EventsCommand.self,
                ]
            ),
            CommandGroup(
                name: "Agreement and evidence",
                subcommands: [
                    RoundCommand.self, CalendarCommand.self, LedgerCommand.self, SignCommand.self, AuditCommand.self,
                    EvidenceCommand.self, VerifyCommand.self, WitnessCommand.self, AttestCommand.self,
                    AskCommand.self,
                ]
            ),
            CommandGroup(
                name: "Parties and keys",
                subcommands: [
                    KeyCommand.self, PartyCommand.self, TokenCommand.self, PackCommand.self, ViewCommand.self,
                    ExposureCommand.self,
                ]
            ),
            CommandGroup(
                name: "Exchange",
                subcommands: [
                    ExportCommand.self, ImportCommand.self, ReduceCommand.self, ArchiveCommand.self,
                    RestoreCommand.self, MoveCommand.self, DropCommand.self,
                ]
            ),
            CommandGroup(
                name: "Services",
                subcommands: [
                    CoordinatorCommand.self, DashboardCommand.self, WorkerCommand.self, WorkersCommand.self,
                    PoolCommand.self, DrainCommand.self, SimulateCommand.self,
                ]
            ),
            CommandGroup(
                name: "Tools",
                subcommands: [
                    PowerCommand.self, DoctorCommand.self, MigrateCommand.self, ServersCommand.self,
                ]
            ),
        ]
    )

    /// Runs the command and turns what it throws into one clear message and one documented exit code.
    static func main() async {
        // Before there are other threads, which would have heaps of their own already.
        shareHeaps()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error where ExitStatus.isOurs(error) {
            ExitStatus.end(with: error)
        } catch {
            exit(withError: error)
        }
    }
}

/// The version that `--version`, workers and findings state.
enum ParleyVersion {
    static let text = "0.1.0"
}
