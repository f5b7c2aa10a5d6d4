// The folder as a tar archive (POSIX ustar: 512-byte blocks, a header before each entry). Writing is ours, and read by
// tar inside the sandbox. Reading is of what a hostile command left: every field is checked, nothing is laid out, and
// what is neither file, folder nor symbolic link is left out.

extension FolderImage {
    private static let block = 512
    /// The most bytes of an archive that can be kept: entries with their headers and padding, and the end.
    static let longestArchive = mostBytes + (mostEntries * 4 + 64) * block

    /// The archive. Folders first, links last, so that nothing is laid out through a link.
    var archive: [UInt8] {
        var bytes: [UInt8] = []
        let order = entries.sorted { ($0.value.rank, $0.key) < ($1.value.rank, $1.key) }
        for (path, entry) in order {
            bytes += Self.header(path, entry)
            guard case .file(let content, _) = entry else { continue }
            bytes += content
            bytes += [UInt8](repeating: 0, count: (Self.block - content.count % Self.block) % Self.block)
        }
        return bytes + [UInt8](repeating: 0, count: 2 * Self.block)
    }

    private static func header(_ path: String, _ entry: Entry) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: block)
        func put(_ text: String, at place: Int) {
            header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        func octal(_ value: Int, digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(path, at: 0)
        let isFree = if case .file(_, let isExecutable) = entry { isExecutable } else { true }
        put(octal(isFree ? 0o755 : 0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        var size = 0
        if case .file(let content, _) = entry { size = content.count }
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("        ", at: 148)
        put(entry.typeFlag, at: 156)
        if case .link(let target) = entry { put(target, at: 157) }
        put("ustar\u{0}00", at: 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\u{0} ", at: 148)
        return header
    }

    /// Reads an archive.
    /// - Throws: where it is none, or the folder cannot be kept
    init(archive bytes: [UInt8]) throws(FolderTrouble) {
        let broken = FolderTrouble("it could not be read back")
        var place = 0
        while true {
            guard place + Self.block <= bytes.count else { throw broken }
            let header = bytes[place..<place + Self.block]
            place += Self.block
            if header.allSatisfy({ $0 == 0 }) { return }
            guard let size = Self.octal(header, 124, 12), let sum = Self.octal(header, 148, 8),
                sum == Self.checksum(header), size <= bytes.count - place
            else { throw broken }
            let content = bytes[place..<place + size]
            place += (size + Self.block - 1) / Self.block * Self.block
            guard let name = Self.text(header, 0, 100), let prefix = Self.text(header, 345, 155) else {
                throw FolderTrouble("a file's name is no UTF-8")
            }
            var path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            if path.hasPrefix("./") { path.removeFirst(2) }
            if path.hasSuffix("/") { path.removeLast() }
            if path.isEmpty || path == "." { continue }
            switch header[header.startIndex + 156] {
            case UInt8(ascii: "0"), 0:
                let mode = Self.octal(header, 100, 8) ?? 0
                try add(path, .file(Array(content), isExecutable: mode & 0o100 != 0))
            case UInt8(ascii: "5"): try add(path, .folder)
            case UInt8(ascii: "2"):
                guard let target = Self.text(header, 157, 100) else { throw FolderTrouble("a link is no UTF-8") }
                try add(path, .link(target))
            // Devices and pipes, which hold nothing.
            case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): continue
            default: throw broken
            }
        }
    }

    private static func checksum(_ header: ArraySlice<UInt8>) -> Int {
        let sum = (header.startIndex + 148)..<(header.startIndex + 156)
        return header.indices.reduce(0) { $0 + (sum.contains($1) ? 32 : Int(header[$1])) }
    }

    private static func field(_ header: ArraySlice<UInt8>, _ place: Int, _ length: Int) -> ArraySlice<UInt8> {
        let start = header.startIndex + place
        return header[start..<start + length].prefix { $0 != 0 }
    }

    private static func text(_ header: ArraySlice<UInt8>, _ place: Int, _ length: Int) -> String? {
        String(validating: field(header, place, length), as: UTF8.self)
    }

    private static func octal(_ header: ArraySlice<UInt8>, _ place: Int, _ length: Int) -> Int? {
        let digits = field(header, place, length).filter { $0 != 0x20 }
        guard !digits.isEmpty, digits.count <= 12, digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
    }
}

extension FolderImage.Entry {
    fileprivate var rank: Int {
        switch self {
        case .folder: 0
        case .file: 1
        case .link: 2
        }
    }

    fileprivate var typeFlag: String {
        switch self {
        case .folder: "5"
        case .file: "0"
        case .link: "2"
        }
    }
}
