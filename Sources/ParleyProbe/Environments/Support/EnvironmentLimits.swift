// The sizes that an environment grants to what an agent sends. Arguments are hostile: a model may send megabytes, and
// the state goes into every checkpoint.

import ParleyModel

/// Sizes, in bytes of UTF-8 or in items.
enum EnvironmentLimits {
    /// A name, an id, an address, a word to search for.
    static let name = 200
    /// A path of files.
    static let path = 200
    /// Folders in one another.
    static let depth = 12
    /// A body, a comment, a file.
    static let text = 32 << 10
    /// Messages, files, tickets, or comments in all.
    static let items = 400
    /// All texts of a state together.
    static let state = 1 << 20
    /// What a tool says. Longer texts are cut, and say so.
    static let output = 16 << 10
    /// Lines of a list or of a search.
    static let lines = 100
}

extension String {
    /// At most `limit` bytes of this text, with a remark of what was left out.
    func bounded(to limit: Int) -> String {
        utf8.count <= limit ? self : "\(prefix(bytes: limit))\n[\(utf8.count - limit) more bytes are not shown]"
    }

    /// Whether a control character stands here other than a tab or the end of a line.
    var holdsControls: Bool { unicodeScalars.contains { $0.isControl && $0 != "\n" && $0 != "\t" && $0 != "\r" } }
}

extension Unicode.Scalar {
    /// C0, DEL and C1.
    var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
