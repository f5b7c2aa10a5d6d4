// A scripted tree of text files, in memory: nothing of it touches a disk. Folders are there while files lie in them.
// Invariant: no file's path is another's folder, and the sizes of EnvironmentLimits hold.

import ParleyModel

/// The environment `file_store`.
struct FileStore: ScriptedEnvironment, Hashable {
    static let name = "file_store"

    private let original: [StorePath: String]
    private let tasks: Tasks<FileCondition>
    private(set) var files: [StorePath: String]

    init(sample: Sample) throws(ParleyFailure) {
        let member = try Member(Self.name, of: sample)
        _ = try member.object(known: ["files"] + Tasks<FileCondition>.members)
        files = try Self.files(member.required("files"))
        original = files
        tasks = try Tasks(member)
        let needed = (tasks.main + tasks.side).compactMap(\.neededPath)
        if let path = needed.first(where: { path in !files.keys.contains { $0.text == path } }) {
            throw member.failure("has no file \(path), which a task names")
        }
    }

    init(sample: Sample, state: JSONValue) throws(ParleyFailure) {
        try self.init(sample: sample)
        let member = Member(state: state, of: sample)
        _ = try member.object(known: ["files"])
        files = try Self.files(member.required("files"))
    }

    /// Files as `{path: text}`.
    static func files(_ member: Member) throws(ParleyFailure) -> [StorePath: String] {
        var files: [StorePath: String] = [:]
        for (name, text) in try member.entries() {
            guard let path = StorePath(name), path != .root else { throw text.failure("is no path of a file") }
            guard files.updateValue(try text.text(), forKey: path) == nil else { throw text.failure("is there twice") }
        }
        if let path = files.keys.first(where: { path in files.keys.contains { $0.lies(in: path) } }) {
            throw member.failure("has \(path.text) as a file and as a folder")
        }
        if files.reduce(0, { $0 + $1.value.utf8.count }) > EnvironmentLimits.state {
            throw member.failure("has more than \(EnvironmentLimits.state) bytes of text")
        }
        return files
    }

    var state: JSONValue { ["files": .object(Self.byPath(files).mapValues(JSONValue.string))] }

    private static func byPath(_ files: [StorePath: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: files.map { ($0.key.text, $0.value) })
    }

    func verdict(lastMessage: String) -> AgentRecord.Verdict {
        let world = FileWorld(files: Self.byPath(files), original: Self.byPath(original))
        return tasks.verdict(in: world, lastMessage: lastMessage)
    }
}

// What the tools do.
extension FileStore {
    mutating func answer(_ tool: String, _ arguments: Arguments) throws(ToolTrouble) -> String {
        switch tool {
        case "list_files": return try list(arguments)
        case "read_file":
            let path = try path("path", arguments)
            guard let text = files[path] else { throw missing(path) }
            return text
        case "write_file":
            let path = try path("path", arguments)
            let text = try arguments.text("text")
            try checkPlace(path)
            let size = files.reduce(text.utf8.count) { $0 + ($1.key == path ? 0 : $1.value.utf8.count) }
            guard size <= EnvironmentLimits.state, files[path] != nil || files.count < EnvironmentLimits.items else {
                throw ToolTrouble("The store is full.")
            }
            files[path] = text
            return "\(path.text) is written."
        case "move_file": return try move(arguments)
        case "delete_file":
            let path = try path("path", arguments)
            let gone = files.keys.filter { $0 == path || $0.lies(in: path) }
            if gone.isEmpty { throw missing(path) }
            gone.forEach { files[$0] = nil }
            return "\(path.text) is deleted\(gone == [path] ? "" : " with \(gone.count) files")."
        default: throw unknown(tool)
        }
    }

    private func list(_ arguments: Arguments) throws(ToolTrouble) -> String {
        let folder = if let text = try arguments.optional("folder") { StorePath(text) } else { StorePath?.some(.root) }
        guard let folder else { throw ToolTrouble("folder is no path.") }
        let found = files.filter { $0.key.lies(in: folder) }.sorted { $0.key < $1.key }
        if found.isEmpty, folder != .root { throw ToolTrouble("There is no folder \(folder.text).") }
        return listing(found.map { "\($0.key.text) (\($0.value.utf8.count) bytes)" }, none: "The store is empty.")
    }

    private mutating func move(_ arguments: Arguments) throws(ToolTrouble) -> String {
        let (from, to) = (try path("from", arguments), try path("to", arguments))
        let moving = files.filter { $0.key == from || $0.key.lies(in: from) }
        if moving.isEmpty { throw missing(from) }
        if to == from || to.lies(in: from) { throw ToolTrouble("\(from.text) cannot be moved into itself.") }
        if files[to] != nil { throw ToolTrouble("There is a file \(to.text) already.") }
        if files.keys.contains(where: { $0.lies(in: to) }) {
            throw ToolTrouble("There is a folder \(to.text) already.")
        }
        try checkPlace(to, moving: from)
        var moved: [StorePath: String] = [:]
        for (path, text) in moving {
            guard let place = path.moved(from: from, to: to) else { throw ToolTrouble("The new path is too long.") }
            moved[place] = text
        }
        moving.keys.forEach { files[$0] = nil }
        files.merge(moved) { old, _ in old }
        return "\(from.text) is now \(to.text)."
    }

    private func path(_ name: String, _ arguments: Arguments) throws(ToolTrouble) -> StorePath {
        guard let path = StorePath(try arguments.name(name)), path != .root else {
            throw ToolTrouble("\(name) must be a path such as notes/today.txt.")
        }
        return path
    }

    /// Whether a file can lie there: the path is no folder, and no file is one of its folders.
    private func checkPlace(_ path: StorePath, moving: StorePath? = nil) throws(ToolTrouble) {
        for other in files.keys {
            if let moving, other == moving || other.lies(in: moving) { continue }
            if other.lies(in: path) { throw ToolTrouble("\(path.text) is a folder.") }
            if path.lies(in: other) { throw ToolTrouble("\(other.text) is a file, not a folder.") }
        }
    }

    private func missing(_ path: StorePath) -> ToolTrouble { ToolTrouble("There is no file \(path.text).") }

    var tools: [Tool] {
        let path = "A path such as notes/today.txt."
        return [
            Tool("list_files", "Lists files.", ["folder": "Only in this folder."], optional: ["folder"]),
            Tool("read_file", "Shows a file.", ["path": path]),
            Tool("write_file", "Writes a file, over what was there.", ["path": path, "text": "All of its text."]),
            Tool("move_file", "Moves or renames a file or a folder.", ["from": path, "to": path]),
            Tool("delete_file", "Deletes a file or a folder for good.", ["path": path]),
        ]
    }
}
