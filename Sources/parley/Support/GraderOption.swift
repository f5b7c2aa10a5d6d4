// The option of every command that shows findings: by whose grades.

import ArgumentParser

struct GraderOption: ParsableArguments {
    @Option(
        name: .customLong("grader"),
        help: ArgumentHelp(
            "Use the grades of this version of the grader (`parley grade`) where a suite has it. Default: the frozen one.",
            valueName: "version"
        )
    )
    var version: String?
}
