// One reading of a planned dataset, sample by sample. The last call, the one that returns nil, has compared the digest
// of everything read with the plan's: whoever stores samples makes them final only after it.

public import ParleyModel

/// One reading of a planned dataset.
public struct DatasetReader {
    private let source: DatasetSource
    private var stream: SampleStream
    private var digest = DatasetDigest()
    private var delivered = 0

    /// The line on which the last sample began, from 1; 0 before the first.
    public var lineNumber: Int { stream.lineNumber }

    init(_ source: DatasetSource) throws(InvalidInput) {
        self.source = source
        do {
            let chunk = source.locations == nil ? RowScanner.sequentialChunk : RowScanner.seekingChunk
            stream = try SampleStream(source.specification, chunkSize: chunk)
        } catch {
            throw InvalidInput([error])
        }
    }

    /// The most bytes that were ever held of the file.
    var largestBuffer: Int { stream.scanner.largestBuffer }

    /// The next sample; nil behind the last. Throws where the file changed since it was planned.
    public mutating func next() throws(InvalidInput) -> Sample? {
        guard delivered < source.count else {
            guard digest.value == source.digest else { throw changed }
            return nil
        }
        do {
            while let item = try nextItem() {
                switch item {
                case .filtered where source.locations == nil: continue
                case .sample(let sample, _):
                    digest.add(sample)
                    delivered += 1
                    return sample
                case .filtered, .bad: throw changed
                }
            }
        } catch let invalid as InvalidInput {
            throw invalid
        } catch {
            throw changed
        }
        throw changed
    }

    private mutating func nextItem() throws(Diagnostic) -> SampleStream.Item? {
        guard let locations = source.locations else { return try stream.next() }
        return try stream.row(at: locations[delivered])
    }

    private var changed: InvalidInput {
        InvalidInput([
            Diagnostic(
                file: source.specification.file,
                line: lineNumber == 0 ? nil : lineNumber,
                "the dataset changed since it was planned",
                remedy: "put the file back as it was, or plan the round again; its hash will be another"
            )
        ])
    }
}
