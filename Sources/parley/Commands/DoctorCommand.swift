// `parley doctor`: looks at everything a round depends on and says what to mend.

import ArgumentParser
import Logging
import ParleyModel

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what a round needs: machine, database, sandbox, models.",
        discussion: """
            Without a database URL it checks what the private PostgreSQL needs; with one, that database. It makes the \
            sandbox of agents' commands and tries it, and says by which means each limit holds. With a round \
            file it also checks the plan and asks every model's endpoint for its list of models, which costs nothing.
            Exits with 0 where no check failed, else with 1.

            Examples:
              parley doctor
              parley doctor examples/demo.yaml
              parley doctor round.yaml --database postgresql://worker@host/parley --json
            """
    )

    @Argument(help: ArgumentHelp("A round file whose plan and models are checked.", valueName: "file"))
    var file: String?

    @OptionGroup var options: DatabaseOptions
    @OptionGroup var external: ExternalOptions

    @Flag(help: "Print the checks as JSON: an array of name, state, message, remedy.")
    var json = false

    func run() async throws {
        let logger = Logger(label: "parley.doctor") { _ in SwiftLogNoOpLogHandler() }
        let database = try options.shared()
        var checks =
            if let database {
                await DatabaseChecks.all(database, logger: logger)
            } else {
                MachineChecks.all(folder: options.folder)
            }
        checks += await SandboxChecks.all()
        if let file { checks += await RoundChecks.all(file: file, external) }
        if json { try Console.json(checks) } else { checks.forEach { Console.print($0.text) } }
        guard checks.allSatisfy({ $0.state != .failed }) else { throw ExitCode(1) }
    }
}
