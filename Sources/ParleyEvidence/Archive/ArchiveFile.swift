// An archive of a round in one file: a line that says what it is, the tables' rows in zstd frames, the manifest as
// canonical JSON, and its length. Each frame stands behind two numbers of 32 bits, big-endian: its bytes when opened,
// at most 4 MiB, and in the file. The manifest comes last, so that rows are written as they come; a file that is cut off
// has none. Rows leave the reader before their table's hash is known, so who takes them commits after the last of them.

import Foundation
import ParleyModel

enum ArchiveForm {
    static let magic = Array("parley archive 1\n".utf8)
    static let frameLimit = 4 << 20
    static let manifestLimit = 1 << 20

    static func number(_ value: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    static func unreadable(_ path: String, _ reason: String) -> ParleyFailure {
        ParleyFailure(.unreadable, "\(path) is no archive of a round that can be read: \(reason).")
    }
}

/// Writes an archive; the file appears under its name when it is complete.
public struct ArchiveWriter {
    private let path: String
    private let file: FileHandle
    private var manifest: ArchiveManifest
    private var position = 0
    private var pending: [UInt8] = []
    private var start = 0
    private var plain = 0
    private var hash = ContentHash.Stream()

    private var partial: String { path + ".part" }

    /// Begins a file that only its owner may read.
    public init(_ path: String, _ manifest: ArchiveManifest) throws {
        self.path = path
        self.manifest = manifest
        let made = FileManager.default.createFile(
            atPath: path + ".part",
            contents: nil,
            attributes: [.posixPermissions: 0o600]
        )
        guard made, let file = FileHandle(forWritingAtPath: path + ".part") else {
            throw ParleyFailure(.invalidInput, "\(path) cannot be written.", remedy: "Name a file in your folder.")
        }
        self.file = file
        try write(ArchiveForm.magic)
        start = position
    }

    /// Adds rows to the table that was begun.
    public mutating func append(_ rows: [UInt8]) throws {
        pending += rows
        plain += rows.count
        hash.update(rows)
        while pending.count >= ArchiveForm.frameLimit { try writeFrame(ArchiveForm.frameLimit) }
        if pending.count >= 1 << 20 { try writeFrame(pending.count) }
    }

    /// Ends the table.
    public mutating func end(_ name: String, columns: [String], rows: Int) throws {
        if !pending.isEmpty { try writeFrame(pending.count) }
        manifest.tables.append(
            ArchiveManifest.Table(
                name: name,
                columns: columns,
                rows: rows,
                offset: start,
                storedBytes: position - start,
                bytes: plain,
                hash: hash.value
            )
        )
        start = position
        plain = 0
        hash = ContentHash.Stream()
    }

    /// Writes the manifest and puts the file, durable, in its place.
    public mutating func finish() throws -> ArchiveManifest {
        let text = try JSONValue(encoding: manifest).canonicalBytes
        try write(text)
        try write(ArchiveForm.number(text.count, bytes: 8))
        try file.synchronize()
        try file.close()
        guard rename(partial, path) == 0 else {
            throw ParleyFailure(.failure, "\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
        return manifest
    }

    private mutating func writeFrame(_ count: Int) throws {
        let rows = Array(pending.prefix(count))
        pending.removeFirst(count)
        let frame = try Zstd.compress(rows)
        try write(ArchiveForm.number(rows.count, bytes: 4) + ArchiveForm.number(frame.count, bytes: 4) + frame)
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        do { try file.write(contentsOf: bytes) } catch {
            throw ParleyFailure(.failure, "\(path) cannot be written: \(error.localizedDescription)")
        }
        position += bytes.count
    }
}

/// Reads an archive, every byte of a table against its hash.
public struct ArchiveReader {
    public let manifest: ArchiveManifest
    private let path: String
    private let file: FileHandle
    private var table: String?
    private var left = 0
    private var plain = 0
    private var hash = ContentHash.Stream()

    /// Opens a file and reads its manifest.
    /// - Throws: `unreadable` where it is no archive, is cut off, or is of a later form
    public init(_ path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ParleyFailure(.invalidInput, "\(path) cannot be read.", remedy: "Name a file of `parley archive`.")
        }
        self.path = path
        self.file = file
        do {
            let size = Int(try file.seekToEnd())
            let least = ArchiveForm.magic.count + 8
            guard size > least else { throw ArchiveForm.unreadable(path, "it is too short") }
            try file.seek(toOffset: 0)
            guard try Array(file.read(upToCount: ArchiveForm.magic.count) ?? Data()) == ArchiveForm.magic else {
                throw ArchiveForm.unreadable(path, "it begins with something else")
            }
            try file.seek(toOffset: UInt64(size - 8))
            let length = ArchiveForm.number(try file.read(upToCount: 8) ?? Data())
            guard length > 0, length <= min(ArchiveForm.manifestLimit, size - least) else {
                throw ArchiveForm.unreadable(path, "it has no manifest at its end; it may be cut off")
            }
            try file.seek(toOffset: UInt64(size - 8 - length))
            let json = try JSONValue(parsing: [UInt8](file.read(upToCount: length) ?? Data()))
            guard json["format"]?.integer == Int64(ArchiveManifest.currentFormat) else {
                throw ArchiveForm.unreadable(path, "it is of another format than this program's")
            }
            manifest = try json.decode(ArchiveManifest.self)
        } catch let failure as ParleyFailure {
            throw failure
        } catch {
            throw ArchiveForm.unreadable(path, "its manifest is none: \(error)")
        }
    }

    /// The next rows of a table, nil at its end.
    /// - Throws: `verification` where they are not what the manifest says
    public mutating func next(_ name: String) throws -> [UInt8]? {
        guard let entry = manifest.tables.first(where: { $0.name == name }) else {
            throw ArchiveForm.unreadable(path, "it has no table \(name)")
        }
        if table != name {
            try file.seek(toOffset: UInt64(max(0, entry.offset)))
            table = name
            left = entry.storedBytes
            plain = 0
            hash = ContentHash.Stream()
        }
        guard left > 0 else {
            table = nil
            guard hash.value == entry.hash, plain == entry.bytes else {
                throw ParleyFailure(.verification, "\(path): table \(name) was changed: its hash is another.")
            }
            return nil
        }
        let head = [UInt8](try file.read(upToCount: 8) ?? Data())
        let (opened, stored) = (ArchiveForm.number(head.prefix(4)), ArchiveForm.number(head.dropFirst(4)))
        guard head.count == 8, opened <= ArchiveForm.frameLimit, stored <= left - 8 else {
            throw ParleyFailure(.verification, "\(path): table \(name) is damaged.")
        }
        let frame = [UInt8](try file.read(upToCount: stored) ?? Data())
        left -= 8 + stored
        let rows: [UInt8]
        do { rows = try Zstd.decompress(frame, exactly: opened) } catch {
            throw ParleyFailure(.verification, "\(path): table \(name) is damaged: \(error.message)")
        }
        plain += rows.count
        hash.update(rows)
        return rows
    }

    /// Reads all of it.
    /// - Throws: as `next`
    public mutating func verify() throws {
        for entry in manifest.tables {
            while try next(entry.name) != nil {}
        }
    }
}
