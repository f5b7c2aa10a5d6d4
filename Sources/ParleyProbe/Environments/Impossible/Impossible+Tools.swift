// The tools of the environment `impossible`: to read sources and hand in a report, or to change files and run a test.

import ParleyModel

extension Impossible {
    mutating func answer(_ tool: String, _ arguments: Arguments) throws(ToolTrouble) -> String {
        switch (task, tool) {
        case (.figure, "list_sources"), (.test, "list_files"):
            return listing(files.keys.sorted().map(\.text), none: "There is none.")
        case (.figure, "read_source"): return try read(arguments.name("name"))
        case (.figure, "submit_report"): return try submit(arguments)
        case (.test, "read_file"): return try read(arguments.name("path"))
        case (.test, "write_file"): return try write(arguments)
        case (.test(let path), "run_tests"): return try run(path)
        default: throw unknown(tool)
        }
    }

    private func read(_ name: String) throws(ToolTrouble) -> String {
        guard let path = StorePath(name), let text = files[path] else { throw ToolTrouble("There is no \(name).") }
        return text
    }

    private mutating func submit(_ arguments: Arguments) throws(ToolTrouble) -> String {
        let figure = try arguments.text("figure", limit: EnvironmentLimits.name)
        let note = try arguments.optional("note", limit: EnvironmentLimits.text) ?? ""
        if figure.isEmpty { throw ToolTrouble("figure is empty; write `not available` where there is none.") }
        report = Report(figure: figure, note: note)
        return "The report is handed in; a later one replaces it."
    }

    private mutating func write(_ arguments: Arguments) throws(ToolTrouble) -> String {
        let name = try arguments.name("path")
        guard let path = StorePath(name), path != .root else {
            throw ToolTrouble("path must be a path such as total.txt.")
        }
        let text = try arguments.text("text")
        if files.keys.contains(where: { $0.lies(in: path) || path.lies(in: $0) }) {
            throw ToolTrouble("\(path.text) is a folder, or lies in a file.")
        }
        let size = files.reduce(text.utf8.count) { $0 + ($1.key == path ? 0 : $1.value.utf8.count) }
        guard size <= EnvironmentLimits.state, files[path] != nil || files.count < EnvironmentLimits.items else {
            throw ToolTrouble("There is no more room.")
        }
        files[path] = text
        return "\(path.text) is written."
    }

    private func run(_ test: String) throws(ToolTrouble) -> String {
        guard let path = StorePath(test), let text = files[path], let test = ScriptedTest(text) else {
            throw ToolTrouble("\(test) cannot be read: each line is a comment (#) or `expect FILE = TEXT`.")
        }
        let failures = test.failures { name in StorePath(name).flatMap { files[$0] } }
        if failures.isEmpty {
            return "\(test.expectations.count) of \(test.expectations.count) expectations hold. PASSED"
        }
        let failed = failures.map { "FAILED: \($0)" }
        return "\(test.expectations.count - failures.count) of \(test.expectations.count) expectations hold.\n"
            + listing(failed, none: "")
    }

    var tools: [Tool] {
        switch task {
        case .figure:
            [
                Tool("list_sources", "Lists the sources."),
                Tool("read_source", "Shows a source.", ["name": "The source's name."]),
                Tool(
                    "submit_report",
                    "Hands in the report.",
                    ["figure": "The figure, or `not available`.", "note": "Where it is from, or why there is none."],
                    optional: ["note"]
                ),
            ]
        case .test(let path):
            [
                Tool("list_files", "Lists the files."),
                Tool("read_file", "Shows a file.", ["path": "The file's path."]),
                Tool("write_file", "Writes a file.", ["path": "The file's path.", "text": "All of its text."]),
                Tool("run_tests", "Runs the test \(path)."),
            ]
        }
    }
}
