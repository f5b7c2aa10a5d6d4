// The one pipeline from file to samples: scan, decode, map, filter. Planning and submission both read through it, so
// that what was hashed is what is run.

import ParleyModel

/// Samples of a file, one by one.
struct SampleStream {
    /// What a row came to.
    enum Item {
        case sample(Sample, RowLocation)
        case filtered
        case bad(Diagnostic)
    }

    private let specification: DatasetSpecification
    private let mapper: SampleMapper
    private(set) var scanner: RowScanner
    private var decoder: RowDecoder
    private(set) var filter: RowFilter
    /// The line on which the last row began.
    private(set) var lineNumber = 0

    init(
        _ specification: DatasetSpecification,
        chunkSize: Int = RowScanner.sequentialChunk,
        rowLimit: Int = RowScanner.rowLimit
    ) throws(Diagnostic) {
        self.specification = specification
        mapper = SampleMapper(specification: specification)
        scanner = try RowScanner(specification, chunkSize: chunkSize, rowLimit: rowLimit)
        decoder = RowDecoder(format: specification.format)
        filter = RowFilter(specification.filter)
        try readHeader()
    }

    /// The next row; nil at the end. Throws where the file cannot be read on.
    mutating func next() throws(Diagnostic) -> Item? {
        guard let raw = try scanner.next() else { return nil }
        lineNumber = Int(raw.location.line)
        let number = raw.location.row - (specification.format == .csv ? 1 : 0)
        do {
            let row = try decoder.object(raw)
            let sample = try mapper.sample(row, number: number)
            return filter.accepts(row, sample) ? .sample(sample, raw.location) : .filtered
        } catch {
            return .bad(error.diagnostic(file: specification.file, line: lineNumber))
        }
    }

    /// The row at a place that an earlier pass found.
    mutating func row(at location: RowLocation) throws(Diagnostic) -> Item? {
        try scanner.seek(to: location)
        return try next()
    }

    private mutating func readHeader() throws(Diagnostic) {
        guard decoder.needsHeader, let row = try scanner.next() else { return }
        do {
            try decoder.readHeader(row)
        } catch {
            throw error.diagnostic(file: specification.file, line: Int(row.location.line))
        }
    }
}
