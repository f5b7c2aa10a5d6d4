// One sample of a suite as a package holds it: committed to, never written out. Opened, it shows the sample's id and the
// hash of its content, which together with the others give the digest of the dataset that the parties signed. Prompts
// themselves are in no package.

public import ParleyModel

/// One sample of a suite.
public struct PackagedSample: Hashable, Sendable {
    public var suite: SuiteName
    /// Index in the suite's frozen order.
    public var sample: Int
    public var id: String
    public var contentHash: ContentHash

    public init(suite: SuiteName, sample: Int, id: String, contentHash: ContentHash) {
        self.suite = suite
        self.sample = sample
        self.id = id
        self.contentHash = contentHash
    }

    static func position(suite: SuiteName, sample: Int) -> JSONValue {
        ["suite": .string(suite.text), "sample": .integer(Int64(sample))]
    }

    /// The record of a package, open.
    public func record(_ salts: SaltSecret) -> SealedRecord {
        SealedRecord(
            position: Self.position(suite: suite, sample: sample),
            content: ["id": .string(id), "content_hash": .string(contentHash.description)],
            salt: salts.salt(suite: suite, sample: sample)
        )
    }
}

/// The digest of a dataset from its samples in the frozen order: over `id SP hash LF` of each.
struct SampleDigest {
    private var hash = ContentHash.Stream()

    mutating func add(id: String, contentHash: ContentHash) {
        hash.update("\(id) \(contentHash)\n".utf8)
    }

    var value: ContentHash { hash.value }
}
