// Splits a file into rows without holding it: one buffer that keeps the unfinished row and at most one chunk beyond
// it. JSONL rows end at a line feed; CSV rows at a line feed outside quotes. A row remembers where it lies, so that a
// shuffled dataset can read it again without its neighbours.

import Foundation
import ParleyModel

/// Where a row lies in its file.
struct RowLocation: Hashable, Sendable {
    /// Bytes from the file's start.
    let offset: Int64
    /// The line on which the row begins, from 1.
    let line: Int32
    /// The row's number among the data rows, from 1; blank lines do not count.
    let row: Int32
}

/// A row, not yet parsed.
struct RawRow {
    let bytes: ArraySlice<UInt8>
    let location: RowLocation
}

/// Splits a file into rows.
struct RowScanner {
    /// The most bytes of a row.
    static let rowLimit = 16 << 20
    /// The bytes read at a time when reading from start to end.
    static let sequentialChunk = 256 << 10
    /// The bytes read at a time when jumping from row to row.
    static let seekingChunk = 8 << 10

    private let handle: FileHandle
    private let name: String
    private let format: DatasetFormat
    private let chunkSize: Int
    private let rowLimit: Int

    private var buffer: [UInt8] = []
    /// The file offset of the buffer's first byte.
    private var bufferOffset: Int64 = 0
    /// Where the current row starts in the buffer, and how far it has been looked at.
    private var rowStart = 0
    private var scanned = 0
    private var isAtEnd = false
    private var quoting = CSVQuoting.fieldStart
    /// The line on which the current row starts; lines within it.
    private var line: Int32 = 1
    private var linesInRow: Int32 = 0
    private var row: Int32 = 0
    /// The most bytes that the buffer ever held.
    private(set) var largestBuffer = 0

    /// Opens the file; throws where there is none or it cannot be read twice.
    init(
        _ specification: DatasetSpecification,
        chunkSize: Int = RowScanner.sequentialChunk,
        rowLimit: Int = RowScanner.rowLimit
    ) throws(Diagnostic) {
        name = specification.file
        format = specification.format
        self.chunkSize = chunkSize
        self.rowLimit = rowLimit
        let path = specification.path
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            )
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw Diagnostic(file: name, "\(path) is no plain file", remedy: "name a .jsonl or .csv file")
            }
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } catch let diagnostic as Diagnostic {
            throw diagnostic
        } catch {
            throw Diagnostic(
                file: specification.file,
                "\(path) cannot be read: \(error.localizedDescription)",
                remedy: "check the path and the file's permissions; paths in a round file count from its folder"
            )
        }
    }

    /// The next row that is not blank; nil at the end.
    mutating func next() throws(Diagnostic) -> RawRow? {
        while true {
            guard let end = try findRowEnd() else { return nil }
            let content = trimmed(buffer[rowStart..<end])
            let location = RowLocation(offset: bufferOffset + Int64(rowStart), line: line, row: row + 1)
            rowStart = end
            line += linesInRow
            linesInRow = 0
            if content.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            row += 1
            return RawRow(bytes: content, location: location)
        }
    }

    /// Goes to a row that an earlier scan found.
    mutating func seek(to location: RowLocation) throws(Diagnostic) {
        let inBuffer = location.offset - bufferOffset
        if inBuffer >= 0, inBuffer < Int64(buffer.count) {
            rowStart = Int(inBuffer)
        } else {
            do { try handle.seek(toOffset: UInt64(location.offset)) } catch { throw unreadable(error) }
            buffer.removeAll(keepingCapacity: true)
            bufferOffset = location.offset
            rowStart = 0
            isAtEnd = false
        }
        scanned = rowStart
        quoting = .fieldStart
        line = location.line
        linesInRow = 0
        row = location.row - 1
    }

    /// The index behind the current row's line feed, reading more where the buffer ends before it.
    private mutating func findRowEnd() throws(Diagnostic) -> Int? {
        while true {
            if let end = format == .jsonl ? findLineFeed() : findRecordEnd() { return end }
            guard buffer.count - rowStart <= rowLimit else {
                throw Diagnostic(
                    file: name,
                    line: Int(line),
                    "a row longer than \(rowLimit) bytes",
                    remedy: format == .csv
                        ? "look for a quote that is not closed" : "write one JSON object a line, and keep rows smaller"
                )
            }
            if isAtEnd { return rowStart < buffer.count ? buffer.count : nil }
            try readChunk()
        }
    }

    private mutating func findLineFeed() -> Int? {
        let end = buffer.withUnsafeBufferPointer { bytes in
            var index = scanned
            while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            return index
        }
        scanned = end
        guard end < buffer.count else { return nil }
        linesInRow += 1
        scanned += 1
        return scanned
    }

    private mutating func findRecordEnd() -> Int? {
        while scanned < buffer.count {
            let byte = buffer[scanned]
            scanned += 1
            if byte == 0x0A { linesInRow += 1 }
            quoting = quoting.after(byte)
            if quoting == .recordEnd {
                quoting = .fieldStart
                return scanned
            }
        }
        return nil
    }

    private mutating func readChunk() throws(Diagnostic) {
        buffer.removeSubrange(0..<rowStart)
        bufferOffset += Int64(rowStart)
        scanned -= rowStart
        rowStart = 0
        let chunk: Data?
        do { chunk = try handle.read(upToCount: chunkSize) } catch { throw unreadable(error) }
        guard let chunk, !chunk.isEmpty else {
            isAtEnd = true
            return
        }
        let isFirst = bufferOffset == 0 && buffer.isEmpty
        buffer.append(contentsOf: chunk)
        largestBuffer = max(largestBuffer, buffer.count)
        if isFirst { try skipByteOrderMark() }
    }

    private mutating func skipByteOrderMark() throws(Diagnostic) {
        guard !buffer.starts(with: [0xFF, 0xFE]), !buffer.starts(with: [0xFE, 0xFF]) else {
            throw Diagnostic(file: name, line: 1, "the file is UTF-16", remedy: "save it as UTF-8")
        }
        guard buffer.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
        buffer.removeFirst(3)
        bufferOffset = 3
    }

    /// Without the line feed and one carriage return before it.
    private func trimmed(_ row: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let line = row.last == 0x0A ? row.dropLast() : row
        return line.last == 0x0D ? line.dropLast() : line
    }

    private func unreadable(_ error: any Error) -> Diagnostic {
        Diagnostic(
            file: name,
            line: Int(line),
            "the dataset cannot be read further: \(error.localizedDescription)",
            remedy: "check the disk and the file"
        )
    }
}
