// A plan with the checks of its suites: placeholders and patterns are read by the same code that will run them.

import ParleyModel
import ParleyProbe
import ParleyRounds

extension Plan {
    /// Plans a round file and checks its solvers and scorers. Throws all mistakes as ``InvalidInput``. Code of tasks is
    /// run, to learn their samples, only where programs are allowed.
    static func checked(
        file: String,
        options: PlanOptions = PlanOptions(),
        allowsPrograms: Bool = false
    ) throws(InvalidInput) -> Plan {
        let plan = try make(file: file, options: options, capture: allowsPrograms ? .bridged : nil)
        let mistakes = plan.definition.suites.flatMap { suite in
            SuiteCheck.problems(of: suite).map { problem in
                Diagnostic(
                    file: file,
                    "suite '\(suite.name)', \(problem.place): \(problem.message)",
                    remedy: problem.remedy
                )
            }
        }
        guard mistakes.isEmpty else { throw InvalidInput(mistakes) }
        return plan
    }
}
