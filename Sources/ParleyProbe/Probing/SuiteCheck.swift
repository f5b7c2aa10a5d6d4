// What can be known to be wrong with a suite before it is run: placeholders that its templates do not have, patterns
// that do not compile, parts that are missing. Planning reports all of it at once.

public import ParleyModel

/// Checks suites before they run.
public enum SuiteCheck {
    /// A mistake in a suite.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// Where in the suite: `solver.template`, `solver.turns[1]`, `scorer.pattern`, …
        public let place: String
        /// What is wrong.
        public let message: String
        /// What to write instead.
        public let remedy: String

        /// `place: message; remedy`.
        public var description: String { "\(place): \(message); \(remedy)" }
    }

    /// The mistakes in a suite's solver and scorer; none where it can be run.
    public static func problems(of suite: Suite) -> [Problem] {
        solverProblems(suite) + agentProblems(suite) + scorerProblems(suite.scorer)
    }

    private static func agentProblems(_ suite: Suite) -> [Problem] {
        let scoresEnvironment = suite.scorer.kind == .environment
        if suite.solver.kind != .agent {
            guard scoresEnvironment else { return [] }
            let remedy = "give the suite a solver of kind agent, or another scorer"
            return [Problem(place: "scorer", message: "there is no environment that could score", remedy: remedy)]
        }
        var problems: [Problem] = []
        let known = Environments.names.joined(separator: ", ")
        if let agent = suite.solver.agent {
            if !Environments.names.contains(agent.environment) {
                let message = "there is no environment '\(agent.environment)'"
                problems.append(
                    Problem(place: "solver.environment", message: message, remedy: "use one of \(known)")
                )
            }
        } else {
            let message = "an agent needs an environment"
            problems.append(Problem(place: "solver.environment", message: message, remedy: "name one of \(known)"))
        }
        if scoresEnvironment, suite.scorer.measure == nil {
            let measures = EnvironmentMeasure.allCases.map(\.rawValue).joined(separator: ", ")
            let message = "nothing is measured"
            problems.append(Problem(place: "scorer.measure", message: message, remedy: "name one of \(measures)"))
        }
        return problems
    }

    /// What is wrong with a sample for an environment of agents; nil where nothing is. Planning asks it of every sample.
    public static func problem(with sample: Sample, inEnvironment name: String) -> ParleyFailure? {
        Environments.problem(with: sample, in: name)
    }

    private static func solverProblems(_ suite: Suite) -> [Problem] {
        let solver = suite.solver
        var problems = unknown(in: solver.template ?? "", for: .prompt, at: "solver.template")
        for (index, turn) in solver.turns.enumerated() {
            problems += unknown(in: turn, for: .prompt, at: "solver.turns[\(index)]")
        }
        if solver.kind == .scriptedTurns, solver.turns.isEmpty {
            problems.append(Problem(place: "solver.turns", message: "there are no turns", remedy: "name at least one"))
        }
        guard solver.kind == .simulatedUser else { return problems }
        guard let user = solver.user else {
            let remedy = "give its configuration, system_prompt and turns"
            return problems + [Problem(place: "solver.user", message: "there is no simulated user", remedy: remedy)]
        }
        if user.turns < 1 {
            let message = "a user of \(user.turns) turns says nothing"
            problems.append(Problem(place: "solver.user.turns", message: message, remedy: "give it 1 or more"))
        }
        return problems + unknown(in: user.systemPrompt, for: .simulatedUser, at: "solver.user.system_prompt")
    }

    private static func scorerProblems(_ scorer: Scorer) -> [Problem] {
        var problems: [Problem] = []
        if let pattern = scorer.pattern, let trouble = PatternScorer.problem(in: pattern) {
            problems.append(
                Problem(place: "scorer.pattern", message: trouble, remedy: "write a regular expression as ICU reads it")
            )
        }
        if !(scorer.tolerance >= 0 && scorer.tolerance.isFinite) {
            let message = "\(scorer.tolerance) is no tolerance"
            problems.append(Problem(place: "scorer.tolerance", message: message, remedy: "write 0 or more"))
        }
        guard scorer.kind == .modelGraded else { return problems }
        guard let grader = scorer.grader, !grader.judges.isEmpty, !grader.scale.isEmpty else {
            let remedy = "give a grader with judges, rubric and scale"
            return problems + [Problem(place: "scorer.grader", message: "nobody judges", remedy: remedy)]
        }
        if Set(Template.placeholders(in: grader.rubric)).isDisjoint(with: ["answer", "actions"]) {
            let message = "the rubric does not show the answer"
            let remedy = "put {{answer}} into it, or an agent's {{actions}}"
            problems.append(Problem(place: "scorer.grader.rubric", message: message, remedy: remedy))
        }
        return problems + unknown(in: grader.rubric, for: .rubric, at: "scorer.grader.rubric")
    }

    private static func unknown(in text: String, for use: Template.Use, at place: String) -> [Problem] {
        let known = (use.names + ["metadata.KEY"]).map { "{{\($0)}}" }.joined(separator: ", ")
        return Template.unknownPlaceholders(in: text, for: use).map {
            Problem(place: place, message: "there is no placeholder {{\($0)}} here", remedy: "use one of \(known)")
        }
    }
}
