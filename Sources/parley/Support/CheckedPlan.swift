// A plan whose suites were checked by those who will run them, too: all mistakes together.

import ParleyModel
import ParleyProbe
import ParleyRounds

enum CheckedPlan {
    /// Reads and plans a round file; prints warnings.
    static func make(file: String, isSimulated: Bool) throws -> Plan {
        let plan = try Plan.make(file: file, options: PlanOptions(isSimulated: isSimulated))
        let mistakes = plan.definition.suites.flatMap { suite in
            SuiteCheck.problems(of: suite).map { problem in
                Diagnostic(file: file, "suite '\(suite.name)', \(problem.place): \(problem.message)", remedy: problem.remedy)
            }
        }
        guard mistakes.isEmpty else { throw InvalidInput(mistakes) }
        for warning in plan.warnings { Console.error("\(warning)") }
        return plan
    }
}
