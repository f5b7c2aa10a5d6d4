// The private folder as a value: what a command left, kept in checkpoints and laid out again before the next command.
// It is only ever laid out inside the sandbox; on the host it is data, so that a link in it leads nowhere.

import Foundation
import ParleyModel

/// The content of a folder.
struct FolderImage: Hashable, Sendable {
    enum Entry: Hashable, Sendable {
        case folder
        case file([UInt8], isExecutable: Bool)
        /// A symbolic link and where it points, which nobody follows on the host.
        case link(String)

        var size: Int {
            switch self {
            case .folder: 0
            case .file(let bytes, _): bytes.count
            case .link(let target): target.utf8.count
            }
        }
    }

    /// The most entries, and the most bytes of all files: what a checkpoint takes.
    static let mostEntries = 400
    static let mostBytes = 1 << 20
    /// The longest path and the longest link: what a header of the archive holds.
    static let longestPath = 100

    /// Entries by path; parents need not be named.
    private(set) var entries: [String: Entry] = [:]

    init() {}

    /// Files with these texts.
    init(files: [String: String]) throws(FolderTrouble) {
        for (path, text) in files { try add(path, .file(Array(text.utf8), isExecutable: false)) }
    }

    /// Adds an entry.
    /// - Throws: where the path is none, is there already, or the folder is full
    mutating func add(_ path: String, _ entry: Entry) throws(FolderTrouble) {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPath = names.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        guard isPath, path.utf8.count <= Self.longestPath, !path.unicodeScalars.contains(where: \.isControl) else {
            let most = "at most \(Self.longestPath) bytes and no control characters"
            throw FolderTrouble("a path cannot be kept (\(most)): \(Self.spelt(path))")
        }
        if case .link(let target) = entry {
            guard !target.isEmpty, target.utf8.count <= Self.longestPath,
                !target.unicodeScalars.contains(where: \.isControl)
            else { throw FolderTrouble("the link \(path) cannot be kept: its target is too long or is none") }
        }
        guard entries[path] == nil else { throw FolderTrouble("\(path) is there twice") }
        // Such a folder could not be laid out again.
        for end in names.indices.dropFirst() {
            let parent = entries[names[..<end].joined(separator: "/")] ?? .folder
            if parent != .folder { throw FolderTrouble("\(path) lies in what is no folder") }
        }
        if entry != .folder, entries.keys.contains(where: { $0.hasPrefix(path + "/") }) {
            throw FolderTrouble("\(path) is a folder and something else")
        }
        guard entries.count < Self.mostEntries else { throw FolderTrouble("more than \(Self.mostEntries) entries") }
        guard size + entry.size <= Self.mostBytes else { throw FolderTrouble("more than \(Self.mostBytes) bytes") }
        entries[path] = entry
        size += entry.size
    }

    /// Bytes of all entries.
    private(set) var size = 0

    /// The files by path, as text: what is no UTF-8 in them becomes U+FFFD, so that no byte hides a file.
    var texts: [String: String] {
        entries.compactMapValues { entry in
            if case .file(let bytes, _) = entry { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }

    /// The paths of the symbolic links.
    var links: Set<String> { Set(entries.filter { if case .link = $0.value { true } else { false } }.keys) }

    private static func spelt(_ path: String) -> String {
        String(path.unicodeScalars.prefix(60).map { $0.isControl ? "?" : Character($0) })
    }
}

/// Why a folder cannot be kept.
struct FolderTrouble: Error, Hashable {
    let text: String

    init(_ text: String) { self.text = text }
}

// The form in checkpoints: an object by path, each entry `{text}`, `{base64}`, `{link}` or `{folder: true}`.
extension FolderImage {
    var json: JSONValue {
        .object(
            entries.mapValues { entry in
                switch entry {
                case .folder: return ["folder": true]
                case .link(let target): return ["link": .string(target)]
                case .file(let bytes, let isExecutable):
                    var members: [String: JSONValue] = [:]
                    // A text with NUL is kept as bytes: not every store of JSON takes it.
                    if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) {
                        members["text"] = .string(text)
                    } else {
                        members["base64"] = .string(Data(bytes).base64EncodedString())
                    }
                    if isExecutable { members["executable"] = true }
                    return .object(members)
                }
            }
        )
    }

    init(_ member: Member) throws(ParleyFailure) {
        for (path, entry) in try member.entries(atMost: Self.mostEntries) {
            let members = try entry.object(known: ["folder", "link", "text", "base64", "executable"])
            let isExecutable = try entry.optional("executable")?.flag() ?? false
            let read: Entry
            if members["folder"] != nil {
                read = .folder
            } else if let link = members["link"]?.string {
                read = .link(link)
            } else if let text = members["text"]?.string {
                read = .file(Array(text.utf8), isExecutable: isExecutable)
            } else if let data = members["base64"]?.string.flatMap({ Data(base64Encoded: $0) }) {
                read = .file(Array(data), isExecutable: isExecutable)
            } else {
                throw entry.failure("is no file, link or folder")
            }
            do throws(FolderTrouble) { try add(path, read) } catch {
                throw entry.failure("cannot be kept: \(error.text)")
            }
        }
    }
}
