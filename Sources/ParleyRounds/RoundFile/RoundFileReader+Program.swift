// The program of the solver `external`: its command, its files with their hashes, and its limits. The same limits hold
// for a task of Inspect, which is such a program with a bridge.

import Foundation
import ParleyModel

extension RoundFileReader {
    /// Keys that only the kind `external` takes, and that a task of Inspect takes as well.
    static let limitKeys = [
        "time_limit", "memory_limit", "output_limit", "call_limit", "token_limit", "environment", "roles",
    ]
    static let programKeys = ["command", "files", "options"] + limitKeys

    func readProgram(_ fields: Fields) -> ExternalProgram? {
        let command = fields.required("command", "command: [./solver.py], the program and its arguments")
            .flatMap { field in field.texts().map { (field, $0) } }
        let listed = fields["files"].map { $0.texts() ?? [] } ?? []
        guard let (field, command) = command else { return nil }
        let named = command.enumerated().filter { isFile($0.element, isFirst: $0.offset == 0) }.map(\.element)
        if named.isEmpty {
            field.fail(
                "the command names no file that could be frozen",
                "name the program's file, relative to the round file's folder: command: [python3, ./solver.py]"
            )
            return nil
        }
        var program = ExternalProgram(command: command, files: [])
        for path in (named + listed).uniqued {
            guard let file = freeze(path, at: field) else { continue }
            program.files.append(file)
        }
        program.options = fields["options"]?.json()
        readLimits(fields, into: &program)
        return program
    }

    /// What bounds a program and what it may use.
    func readLimits(_ fields: Fields, into program: inout ExternalProgram) {
        if let time = fields["time_limit"]?.milliseconds(in: 1...86_400_000) { program.timeLimitMilliseconds = time }
        program.memoryLimitMebibytes = fields["memory_limit"]?.count(in: 16...16_777_216)
        if let bytes = fields["output_limit"]?.count(in: 1024...(1 << 30)) { program.outputLimitBytes = bytes }
        if let calls = fields["call_limit"]?.count(in: 0...100_000) { program.callLimit = calls }
        program.tokenLimit = fields["token_limit"]?.count(in: 1...Int64(Int32.max))
        if let field = fields["environment"],
            let members = Fields(field, what: "an environment", keys: ["allow"]),
            let allow = members.required("allow", "allow: [NAME], the variables that the program gets")
        {
            program.environment = readVariables(allow)
        }
        if let field = fields["roles"] {
            guard field.isMapping else {
                return field.fail("'roles' must be a mapping", "write roles: { grader: CONFIGURATION }")
            }
            for (key, value) in Fields.pairs(of: field) {
                let configuration: ConfigurationName? = declared.reference(value, .configuration)
                if let configuration { program.roles[key.key] = configuration }
            }
        }
    }

    private func readVariables(_ field: Field) -> [String] {
        let keys = draft.models.compactMap { model in
            if case .environment(let name)? = model.apiKey { name } else { nil }
        }
        return (field.texts() ?? []).filter { name in
            if keys.contains(name) {
                field.fail(
                    "'\(name)' holds a model's key",
                    "take it out: calls go through the endpoint, which needs none"
                )
            } else if ExternalProgram.isReserved(variable: name) {
                field.fail(
                    "'\(name)' is Parley's or the database's own",
                    "take it out: no program gets PARLEY_* or PG*"
                )
            } else if name.isEmpty || name.contains(where: { $0 == "=" || $0.isWhitespace }) {
                field.fail("'\(name.prefix(40))' is no name of a variable", "write names such as PYTHONPATH")
            } else {
                return true
            }
            return false
        }
    }

    /// Whether an element of a command is a file to freeze. A first element without a slash is looked up in PATH unless
    /// it stands in the folder.
    private func isFile(_ element: String, isFirst: Bool) -> Bool {
        if element.hasPrefix("-") { return false }
        if element.hasPrefix("./") || element.hasPrefix("../") || (isFirst && element.contains("/")) { return true }
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: resolve(element), isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// The hash of a file of a program.
    func freeze(_ path: String, at field: Field) -> FrozenFile? {
        guard let content = try? Data(contentsOf: URL(fileURLWithPath: resolve(path))) else {
            field.fail(
                "there is no program file \(resolve(path))",
                "check the path; relative ones count from the round file's folder"
            )
            return nil
        }
        return FrozenFile(path: path, sha256: ContentHash(of: content))
    }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
