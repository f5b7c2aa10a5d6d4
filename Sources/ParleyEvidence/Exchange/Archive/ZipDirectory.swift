// Finds and reads the directory of a ZIP archive. An archive is hostile input: each number in it is held against the
// size of the file before anything is read or allocated by it.

import ParleyModel

/// The directory of an archive.
struct ZipDirectory {
    /// More than any log has; the directory is held whole.
    static let sizeLimit: UInt64 = 512 << 20
    private static let endSize = 22
    private static let locatorSize = 20
    private static let wideEndSize = 56

    /// The members in the directory's order. Of several with one name the last counts.
    let entries: [ZipEntry]
    private let places: [[UInt8]: Int]

    subscript(name: [UInt8]) -> ZipEntry? { places[name].map { entries[$0] } }

    init(of file: RandomAccessFile) throws(ParleyFailure) {
        let problem = { (reason: String) in
            ParleyFailure(
                .invalidInput,
                "\(file.path) is no archive that can be read: \(reason)",
                remedy: "It may have been cut off on its way: fetch it again."
            )
        }
        let tailSize = Int(min(file.size, UInt64(Self.endSize + 0xFFFF)))
        let tail = try file.read(at: file.size - UInt64(tailSize), count: tailSize)
        guard let end = Self.end(in: tail) else { throw problem("it has no directory at its end") }
        guard let disks = tail.number(UInt32.self, at: end + 4), let listed = tail.number(UInt16.self, at: end + 10),
            let size32 = tail.number(UInt32.self, at: end + 12), let offset32 = tail.number(UInt32.self, at: end + 16)
        else { throw problem("its end is cut off") }
        var (count, size, offset) = (UInt64(listed), UInt64(size32), UInt64(offset32))
        let limit = file.size - UInt64(tailSize) + UInt64(end)
        let locator = end - Self.locatorSize
        if count == 0xFFFF || size32 == .max || offset32 == .max || disks != 0,
            tail.number(UInt32.self, at: locator) == ZipSignature.wideLocator
        {
            guard let place = tail.number(UInt64.self, at: locator + 8), place <= file.size,
                case let wide = try file.read(at: place, count: Self.wideEndSize),
                wide.number(UInt32.self, at: 0) == ZipSignature.wideEnd,
                let wideCount = wide.number(UInt64.self, at: 32), let wideSize = wide.number(UInt64.self, at: 40),
                let wideOffset = wide.number(UInt64.self, at: 48)
            else { throw problem("its ZIP64 record is damaged") }
            (count, size, offset) = (wideCount, wideSize, wideOffset)
        }
        guard size <= Self.sizeLimit, offset <= limit, size <= limit - offset,
            count <= size / UInt64(ZipEntry.directoryEntrySize)
        else { throw problem("its directory does not lie within it") }
        let bytes = try file.read(at: offset, count: Int(size))
        var entries: [ZipEntry] = []
        var position = 0
        for _ in 0..<count {
            guard let entry = Self.entry(in: bytes, at: &position) else { throw problem("its directory is damaged") }
            guard entry.offset <= offset, entry.packedSize <= offset - entry.offset else {
                throw problem("a member does not lie within it")
            }
            entries.append(entry)
        }
        var places: [[UInt8]: Int] = [:]
        places.reserveCapacity(entries.count)
        for (place, entry) in entries.enumerated() { places[entry.name] = place }
        let live = Set(places.values)
        if live.count < entries.count {
            entries = entries.indices.filter(live.contains).map { entries[$0] }
            for (place, entry) in entries.enumerated() { places[entry.name] = place }
        }
        guard !Self.overlap(entries) else { throw problem("its members lie over one another") }
        self.entries = entries
        self.places = places
    }

    /// Where the end record stands in the last bytes of the file. One without a comment goes before whatever looks like
    /// one: its own fields may hold the signature.
    private static func end(in tail: [UInt8]) -> Int? {
        let last = tail.count - endSize
        guard last >= 0 else { return nil }
        if tail.number(UInt32.self, at: last) == ZipSignature.end, tail.suffix(2).allSatisfy({ $0 == 0 }) {
            return last
        }
        return (0...last).last { tail[$0] == 0x50 && tail.number(UInt32.self, at: $0) == ZipSignature.end }
    }

    private static func entry(in bytes: [UInt8], at position: inout Int) -> ZipEntry? {
        let start = position
        guard bytes.number(UInt32.self, at: start) == ZipSignature.entry,
            let flags = bytes.number(UInt16.self, at: start + 8),
            let method = bytes.number(UInt16.self, at: start + 10),
            let checksum = bytes.number(UInt32.self, at: start + 16),
            let packed = bytes.number(UInt32.self, at: start + 20),
            let size = bytes.number(UInt32.self, at: start + 24),
            let nameSize = bytes.number(UInt16.self, at: start + 28),
            let extraSize = bytes.number(UInt16.self, at: start + 30),
            let commentSize = bytes.number(UInt16.self, at: start + 32),
            let offset = bytes.number(UInt32.self, at: start + 42)
        else { return nil }
        let name = start + ZipEntry.directoryEntrySize
        let extra = name + Int(nameSize)
        position = extra + Int(extraSize) + Int(commentSize)
        guard position <= bytes.count else { return nil }
        var entry = ZipEntry(
            name: Array(bytes[name..<extra]),
            method: method,
            isEncrypted: flags & 1 != 0,
            checksum: checksum,
            packedSize: UInt64(packed),
            size: UInt64(size),
            offset: UInt64(offset)
        )
        return widen(&entry, with: bytes[extra..<(extra + Int(extraSize))]) ? entry : nil
    }

    /// Takes the values that did not fit from the ZIP64 extra field: only they stand there, in this order.
    private static func widen(_ entry: inout ZipEntry, with extra: ArraySlice<UInt8>) -> Bool {
        var position = 0
        while let tag = extra.number(UInt16.self, at: position),
            let size = extra.number(UInt16.self, at: position + 2)
        {
            if tag == 1 {
                var place = position + 4
                for field in [\ZipEntry.size, \.packedSize, \.offset] where entry[keyPath: field] == 0xFFFF_FFFF {
                    guard place + 8 <= position + 4 + Int(size), let value = extra.number(UInt64.self, at: place) else {
                        return false
                    }
                    entry[keyPath: field] = value
                    place += 8
                }
                return true
            }
            position += 4 + Int(size)
        }
        return true
    }

    /// Whether two members share bytes: so a small archive holds as much as its maker likes.
    private static func overlap(_ entries: [ZipEntry]) -> Bool {
        let sorted = entries.sorted { $0.offset < $1.offset }
        return zip(sorted, sorted.dropFirst()).contains { entry, next in
            let header = UInt64(ZipEntry.localHeaderSize + entry.name.count)
            return entry.offset + header + entry.packedSize > next.offset
        }
    }
}
