// A plan with the checks of its suites: placeholders, patterns and the samples of agents are read by the same code that
// will run them.

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
        var seen: Set<DatasetUse> = []
        var misfits: [Diagnostic] = []
        for suite in plan.definition.suites {
            // Suites that ask several measures of one dataset name each mistake once.
            guard let environment = suite.solver.agent?.environment, let dataset = plan.datasets[suite.name],
                seen.insert(DatasetUse(dataset: dataset.specification, environment: environment)).inserted
            else { continue }
            misfits += try Self.misfits(of: suite, dataset, environment)
        }
        guard misfits.isEmpty else { throw InvalidInput(misfits) }
        return plan
    }

    private struct DatasetUse: Hashable {
        var dataset: DatasetSpecification
        var environment: String
    }

    /// The most samples that are named; after so many the rest is not read.
    private static var mostMisfits: Int { 20 }

    /// The samples that do not fit what their suite's agents work in.
    private static func misfits(
        of suite: Suite,
        _ dataset: DatasetSource,
        _ environment: String
    ) throws(InvalidInput) -> [Diagnostic] {
        var reader = try dataset.makeReader()
        var misfits: [Diagnostic] = []
        while misfits.count < mostMisfits, let sample = try reader.next() {
            guard let problem = SuiteCheck.problem(with: sample, inEnvironment: environment) else { continue }
            misfits.append(
                Diagnostic(
                    file: dataset.specification.file,
                    line: reader.lineNumber,
                    "suite '\(suite.name)': \(problem.message)",
                    remedy: problem.remedy
                )
            )
        }
        return misfits
    }
}
