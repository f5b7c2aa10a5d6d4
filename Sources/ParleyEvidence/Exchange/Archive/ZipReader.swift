// Reads members of a ZIP archive, each whole and by name. Nothing is ever unpacked into a folder, so that names with
// `..` or `/` are only names; sizes are bounded before memory is taken, and held against what came.

import ParleyModel

/// An archive open for reading; members may be read side by side.
final class ZipReader: Sendable {
    /// The most bytes that a member may unpack to.
    static let memberLimit: UInt64 = 512 << 20

    let file: RandomAccessFile
    let directory: ZipDirectory

    init(path: String) throws(ParleyFailure) {
        file = try RandomAccessFile(path: path)
        directory = try ZipDirectory(of: file)
    }

    /// The content of a member; nil where there is none of that name.
    func read(_ name: String) throws(ParleyFailure) -> [UInt8]? {
        guard let entry = directory[Array(name.utf8)] else { return nil }
        return try read(entry)
    }

    /// The content of a member. Throws where it is too large, damaged, encrypted or packed in an unknown way.
    func read(_ entry: ZipEntry) throws(ParleyFailure) -> [UInt8] {
        if entry.isEncrypted { throw problem(entry, "it is encrypted") }
        guard entry.size <= Self.memberLimit, entry.packedSize <= Self.memberLimit else {
            throw problem(entry, "it would take more than \(Self.memberLimit >> 20) MiB")
        }
        let header = try file.read(at: entry.offset, count: ZipEntry.localHeaderSize)
        guard header.number(UInt32.self, at: 0) == ZipSignature.local,
            let nameSize = header.number(UInt16.self, at: 26), let extraSize = header.number(UInt16.self, at: 28)
        else { throw problem(entry, "there is no member where the directory says") }
        let start = entry.offset + UInt64(ZipEntry.localHeaderSize) + UInt64(nameSize) + UInt64(extraSize)
        let packed = try file.read(at: start, count: Int(entry.packedSize))
        let content: [UInt8]
        do throws(ParleyFailure) {
            switch ZipMethod(rawValue: entry.method) {
            case .stored: content = packed
            case .deflated: content = try Inflate.unpack(packed, size: Int(entry.size))
            case .zstandard: content = try Zstd.decompress(packed, exactly: Int(entry.size))
            case nil: throw ParleyFailure(.invalidInput, "it is packed in a way that is not known (\(entry.method))")
            }
        } catch {
            throw problem(entry, error.message)
        }
        var checksum = Checksum()
        checksum.add(content)
        guard content.count == Int(entry.size), checksum.value == entry.checksum else {
            throw problem(entry, "its checksum is wrong: it is damaged")
        }
        return content
    }

    private func problem(_ entry: ZipEntry, _ reason: String) -> ParleyFailure {
        let name = String(decoding: entry.name.prefix(100), as: UTF8.self)
        return ParleyFailure(.invalidInput, "\(file.path): the member '\(name)' cannot be read: \(reason)")
    }
}
