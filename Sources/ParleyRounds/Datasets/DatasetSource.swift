// A dataset as it was planned: how to read it, how many samples it has and what they hash to. It may be read any
// number of times; each reading checks itself against the plan's digest. What it keeps in memory is 16 bytes for each
// sample of a shuffled dataset, and nothing for each sample otherwise.

public import ParleyModel

/// A dataset that was read through once and can be read again.
public struct DatasetSource: Sendable {
    /// How the file is read.
    public let specification: DatasetSpecification
    /// The number of samples after filter, shuffle and limit.
    public let count: Int
    /// The SHA-256 over a line `ID CONTENT-HASH` for each sample, in order.
    public let digest: ContentHash
    /// What the samples come to in tokens.
    public let size: SampleSize
    /// Where the samples lie, in their order; nil where that is the file's.
    let locations: [RowLocation]?

    /// Reads the whole dataset once, holding one row at a time. Throws all that is wrong with it, up to 20 rows.
    public static func open(_ specification: DatasetSpecification) throws(InvalidInput) -> DatasetSource {
        var scan = DatasetScan(specification)
        return try scan.run()
    }

    init(
        specification: DatasetSpecification,
        count: Int,
        digest: ContentHash,
        size: SampleSize,
        locations: [RowLocation]?
    ) {
        self.specification = specification
        self.count = count
        self.digest = digest
        self.size = size
        self.locations = locations
    }

    /// Starts a reading from the first sample.
    public func makeReader() throws(InvalidInput) -> DatasetReader {
        try DatasetReader(self)
    }

    /// As it stands in a definition.
    public var frozen: FrozenDataset { FrozenDataset(source: specification.file, count: count, digest: digest) }
}

/// The digest of a dataset while it is read.
struct DatasetDigest {
    private var hash = ContentHash.Stream()

    mutating func add(_ sample: Sample) {
        hash.update(sample.id.utf8)
        hash.update(" ".utf8)
        hash.update(sample.contentHash.description.utf8)
        hash.update("\n".utf8)
    }

    var value: ContentHash { hash.value }
}
