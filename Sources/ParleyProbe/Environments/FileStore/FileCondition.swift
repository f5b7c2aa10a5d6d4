// What a task asks of files at its end; the file store and the shell share it.

import ParleyModel

/// Files by path, as they are and as they were.
struct FileWorld {
    let files: [String: String]
    let original: [String: String]
    /// Paths of what is neither a file nor a folder.
    var links: Set<String> = []
}

/// A condition on files.
enum FileCondition: Condition {
    /// The file is exactly this text; white space at the end does not count.
    case equals(path: String, text: String)
    /// The file is there, holds all of `contains` and none of `lacks`, in any case.
    case holds(path: String, contains: [String], lacks: [String])
    case absent(path: String)
    /// The file is what it was at first.
    case unchanged(path: String)

    init(_ member: Member) throws(ParleyFailure) {
        let members = try member.object(known: ["file", "equals", "contains", "lacks", "absent", "unchanged"])
        let kinds = ["file", "absent", "unchanged"].filter { members[$0] != nil }
        guard let kind = kinds.first, kinds.count == 1 else {
            throw member.failure("must hold one of file, absent, unchanged")
        }
        let place = try member.required(kind)
        guard let path = try StorePath(place.name()), path != .root else { throw place.failure("is no path of a file") }
        if kind != "file", members.count > 1 { throw member.failure("asks for more than \(kind)") }
        switch kind {
        case "absent": self = .absent(path: path.text)
        case "unchanged": self = .unchanged(path: path.text)
        default:
            if let equals = member.optional("equals") {
                if members.count > 2 { throw member.failure("asks for more than equals") }
                self = .equals(path: path.text, text: try equals.text())
            } else {
                let contains = try member.optional("contains")?.texts() ?? []
                let lacks = try member.optional("lacks")?.texts() ?? []
                self = .holds(path: path.text, contains: contains, lacks: lacks)
            }
        }
    }

    func holds(in world: FileWorld) -> Bool {
        switch self {
        case .equals(let path, let text):
            return world.files[path].map { Self.trimmed($0) == Self.trimmed(text) } ?? false
        case .holds(let path, let contains, let lacks):
            guard let text = world.files[path]?.lowercased() else { return false }
            return contains.allSatisfy { text.contains($0.lowercased()) }
                && !lacks.contains { text.contains($0.lowercased()) }
        case .absent(let path): return world.files[path] == nil && !world.links.contains(path)
        case .unchanged(let path): return world.files[path] == world.original[path]
        }
    }

    /// The path that must be among the files at the start, if any.
    var neededPath: String? { if case .unchanged(let path) = self { path } else { nil } }

    private static func trimmed(_ text: String) -> Substring {
        var text = text[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
