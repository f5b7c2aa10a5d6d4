// The command line. One file a subcommand; what they share is in Support.

import ArgumentParser
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
        subcommands: [
            PlanCommand.self, RunCommand.self, SubmitCommand.self, CoordinatorCommand.self, WorkerCommand.self,
            StatusCommand.self, TopCommand.self, DashboardCommand.self, WhyCommand.self, ExplainCommand.self,
            TailCommand.self,
            FindingsCommand.self, ShowCommand.self, ReportCommand.self, SimulateCommand.self,
            CompareCommand.self, PowerCommand.self, ReduceCommand.self, PauseCommand.self, ResumeCommand.self,
            CancelCommand.self, DrainCommand.self, GradeCommand.self, AuditCommand.self,
            CalendarCommand.self, RehearseCommand.self, OrderCommand.self,
            ShareCommand.self, BudgetCommand.self, DeadCommand.self, EventsCommand.self, WorkersCommand.self,
            PartyCommand.self, TokenCommand.self, PackCommand.self, ExposureCommand.self, ViewCommand.self,
            KeyCommand.self, SignCommand.self, EvidenceCommand.self, VerifyCommand.self, WitnessCommand.self,
            RoundCommand.self, LedgerCommand.self,
            AttestCommand.self, AskCommand.self, QuestionsCommand.self,
            ExportCommand.self, ImportCommand.self, MigrateCommand.self, DoctorCommand.self,
        ]
    )

    /// Runs the command and turns what it throws into one clear message and one documented exit code.
    static func main() async {
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
