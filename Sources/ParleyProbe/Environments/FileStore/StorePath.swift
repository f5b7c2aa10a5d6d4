// A path in the file store, in one normal form: names joined by `/`, with no `.`, no `..` and no empty name. What is not
// in the store cannot be named, so there is nothing to climb out to.

/// A file's or a folder's path; the empty one is the store itself.
struct StorePath: Hashable, Sendable, Comparable {
    let text: String

    static let root = StorePath(normal: "")

    private init(normal: String) { text = normal }

    /// Leading and trailing slashes are taken; nil for what is no path.
    init?(_ text: String) {
        var names = text.split(separator: "/", omittingEmptySubsequences: false)
        if names.first == "" { names.removeFirst() }
        if names.last == "" { names.removeLast() }
        if names == ["."] { names = [] }
        let isPath =
            text.utf8.count <= EnvironmentLimits.path && names.count <= EnvironmentLimits.depth
            && names.allSatisfy { name in
                !name.isEmpty && name != "." && name != ".."
                    && !name.unicodeScalars.contains { $0.isControl || $0 == "/" || $0 == "\\" }
            }
        guard isPath else { return nil }
        self.init(normal: names.joined(separator: "/"))
    }

    static func < (left: StorePath, right: StorePath) -> Bool { left.text < right.text }

    /// Whether this is a path somewhere below the other.
    func lies(in folder: StorePath) -> Bool {
        folder == .root ? self != .root : text.hasPrefix(folder.text + "/")
    }

    /// This path with the folder `from` above it replaced by `to`; nil where it grows too long.
    func moved(from: StorePath, to: StorePath) -> StorePath? {
        self == from ? to : StorePath("\(to.text)/\(text.dropFirst(from.text.count + 1))")
    }
}
