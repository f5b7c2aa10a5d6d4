// A suite that is a task of Inspect: `inspect: { task: file.py@name }` in place of dataset, solver and scorer. It becomes
// an external program, the bridge, with the task as its option; its samples are captured by the bridge, so that they are
// frozen like any others.

import ParleyModel

extension RoundFileReader {
    private static let inspectKeys = ["task", "task_args", "scorer", "python", "files", "limit"] + limitKeys

    /// What a task is made of: the solver and the dataset.
    func readInspect(_ field: Field, of suite: Fields) -> (solver: Solver, dataset: DatasetSpecification)? {
        suite.forbid(["dataset", "solver", "scorer"], "the task of Inspect has its own")
        guard let fields = Fields(field, what: "a task of Inspect", keys: Self.inspectKeys),
            let task = fields.required("task", "task: file.py@name, or a registered name"), let name = task.text()
        else { return nil }
        guard let capture else {
            task.fail(
                "planning the task '\(name)' runs its code, to learn its samples, and that is not allowed",
                "add --allow-external if you trust it"
            )
            return nil
        }
        var program = ExternalProgram(
            command: [fields["python"]?.text() ?? "python3", ExternalProgram.inspectBridge],
            files: [capture.bridge]
        )
        var options: [String: JSONValue] = [:]
        options["task_args"] = fields["task_args"]?.json()
        options["scorer"] = fields["scorer"]?.text().map(JSONValue.string)
        if let at = name.lastIndex(of: "@") {
            let file = String(name[..<at])
            guard let frozen = freeze(file, at: task) else { return nil }
            program.files.append(frozen)
            program.command.append(file)
            options["task"] = .string(String(name[name.index(after: at)...]))
        } else {
            options["task"] = .string(name)
        }
        for path in fields["files"]?.texts() ?? [] { freeze(path, at: task).map { program.files.append($0) } }
        program.options = .object(options)
        readLimits(fields, into: &program)
        let limit = fields["limit"]?.count(in: 1...Int64(Int32.max))
        guard !mistakes.hasErrors else { return nil }
        do throws(ParleyFailure) {
            let captured = try capture.run(TaskRequest(program: program, folder: folder, limit: limit))
            options["versions"] = .object(captured.versions.mapValues(JSONValue.string))
            program.options = .object(options)
            let dataset = DatasetSpecification(file: name, path: captured.path, format: .jsonl, limit: limit)
            return (Solver(kind: .external, program: program), dataset)
        } catch {
            task.fail("the samples of the task '\(name)' cannot be had: \(error.message)", error.remedy)
            return nil
        }
    }
}
