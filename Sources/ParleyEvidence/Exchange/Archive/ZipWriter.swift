// Writes a ZIP archive member by member. What is held is the directory, about a hundred bytes a member; a member whose
// size is not known beforehand is written through and its header mended. The same members give the same bytes: every
// member bears the earliest date that the format knows.

import ParleyModel

/// An archive that is being written; nothing stands under its name before ``finish()``.
final class ZipWriter {
    /// Values from here on need ZIP64; lower in tests, so that small archives have all its records.
    struct Limits {
        var size: UInt64 = 0xFFFF_FFFF
        var count: UInt64 = 0xFFFF
    }

    private static let madeBy: UInt16 = 3 << 8 | 45
    /// Names are UTF-8.
    private static let flags: UInt16 = 1 << 11
    /// 1 January 1980.
    private static let date: UInt16 = 0x21
    /// A plain file with the rights 0644.
    private static let attributes: UInt32 = 0o100_644 << 16
    /// Whatever is packed whole is held whole.
    private static let memberLimit = 1 << 31
    private static let nameLimit = 0xFFFF

    private let file: AtomicFile
    private let limits: Limits
    private let deflater: Deflater
    private var directory: [UInt8] = []
    private var count: UInt64 = 0

    init(path: String, limits: Limits = Limits()) throws(ParleyFailure) {
        file = try AtomicFile(path: path)
        deflater = try Deflater()
        self.limits = limits
    }

    /// Adds a member that is held whole.
    func add(_ name: String, _ content: [UInt8], method: ZipMethod = .deflated) throws(ParleyFailure) {
        guard content.count < Self.memberLimit else {
            throw ParleyFailure(.failure, "the member '\(name.prefix(60))' of \(content.count) bytes is too large")
        }
        var packed = content
        if method == .deflated {
            packed.removeAll(keepingCapacity: true)
            try deflater.pack(content, isLast: true) { packed.append(contentsOf: $0) }
        }
        var checksum = Checksum()
        checksum.add(content)
        let entry = try entry(name, method, checksum.value, packed.count, content.count)
        try file.write(localHeader(entry, isWide: false))
        try file.write(packed)
        list(entry)
    }

    /// Adds a member whose content `body` gives in pieces.
    func add(
        _ name: String,
        _ body: (_ give: ([UInt8]) throws(ParleyFailure) -> Void) throws(ParleyFailure) -> Void
    ) throws(ParleyFailure) {
        var entry = try entry(name, .deflated, 0, 0, 0)
        try file.write(localHeader(entry, isWide: true))
        let start = file.position
        var checksum = Checksum()
        var size: UInt64 = 0
        try body { piece throws(ParleyFailure) in
            checksum.add(piece)
            size += UInt64(piece.count)
            try deflater.pack(piece, isLast: false) { slice throws(ParleyFailure) in try file.write(slice) }
        }
        try deflater.pack([], isLast: true) { slice throws(ParleyFailure) in try file.write(slice) }
        entry.checksum = checksum.value
        entry.size = size
        entry.packedSize = file.position - start
        try file.overwrite(localHeader(entry, isWide: true), at: entry.offset)
        list(entry)
    }

    /// Writes the directory and puts the archive in its place.
    func finish() throws(ParleyFailure) {
        let start = file.position
        let size = UInt64(directory.count)
        try file.write(directory)
        let isWide = count >= limits.count || start >= limits.size || size >= limits.size
        var end: [UInt8] = []
        if isWide {
            let place = file.position
            end.put(ZipSignature.wideEnd)
            end.put(UInt64(44))
            end.put(Self.madeBy)
            end.put(UInt16(45))
            end.put(UInt64(0))  // this disk and the directory's
            end.put(count)
            end.put(count)
            end.put(size)
            end.put(start)
            end.put(ZipSignature.wideLocator)
            end.put(UInt32(0))
            end.put(place)
            end.put(UInt32(1))
        }
        end.put(ZipSignature.end)
        end.put(UInt32(0))  // this disk and the directory's
        let listed = count >= limits.count ? UInt16.max : UInt16(clamping: count)
        end.put(listed)
        end.put(listed)
        end.put(narrow(size))
        end.put(narrow(start))
        end.put(UInt16(0))  // no comment
        try file.write(end)
        try file.commit()
    }

    private func entry(_ name: String, _ method: ZipMethod, _ checksum: UInt32, _ packed: Int, _ size: Int)
        throws(ParleyFailure) -> ZipEntry
    {
        let bytes = Array(name.utf8)
        guard bytes.count <= Self.nameLimit else {
            throw ParleyFailure(.failure, "the member name '\(name.prefix(60))…' is too long for an archive")
        }
        return ZipEntry(
            name: bytes,
            method: method.rawValue,
            checksum: checksum,
            packedSize: UInt64(packed),
            size: UInt64(size),
            offset: file.position
        )
    }

    private func localHeader(_ entry: ZipEntry, isWide: Bool) -> [UInt8] {
        var header: [UInt8] = []
        header.put(ZipSignature.local)
        header.put(UInt16(isWide ? 45 : 20))
        putMiddle(
            of: entry,
            isWide ? (UInt32.max, UInt32.max) : (UInt32(entry.packedSize), UInt32(entry.size)),
            &header
        )
        header.put(UInt16(isWide ? 20 : 0))
        header += entry.name
        if isWide {
            header.put(UInt16(1))
            header.put(UInt16(16))
            header.put(entry.size)
            header.put(entry.packedSize)
        }
        return header
    }

    /// What both headers have: from the flags to the length of the name.
    private func putMiddle(of entry: ZipEntry, _ sizes: (packed: UInt32, plain: UInt32), _ header: inout [UInt8]) {
        header.put(Self.flags)
        header.put(entry.method)
        header.put(UInt16(0))
        header.put(Self.date)
        header.put(entry.checksum)
        header.put(sizes.packed)
        header.put(sizes.plain)
        header.put(UInt16(entry.name.count))
    }

    private func list(_ entry: ZipEntry) {
        var extra: [UInt8] = []
        for value in [entry.size, entry.packedSize, entry.offset] where value >= limits.size { extra.put(value) }
        directory.put(ZipSignature.entry)
        directory.put(Self.madeBy)
        directory.put(UInt16(extra.isEmpty ? 20 : 45))
        putMiddle(of: entry, (narrow(entry.packedSize), narrow(entry.size)), &directory)
        directory.put(UInt16(extra.isEmpty ? 0 : extra.count + 4))
        directory.put(UInt16(0))  // no comment
        directory.put(UInt32(0))  // disk and internal attributes
        directory.put(Self.attributes)
        directory.put(narrow(entry.offset))
        directory += entry.name
        if !extra.isEmpty {
            directory.put(UInt16(1))
            directory.put(UInt16(extra.count))
            directory += extra
        }
        count += 1
    }

    /// The value where it fits 32 bits, else the sentinel.
    private func narrow(_ value: UInt64) -> UInt32 { value >= limits.size ? .max : UInt32(value) }
}
