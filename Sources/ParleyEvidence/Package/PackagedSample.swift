// One sample of a suite as a package holds it: committed to, never written out. Opened, it shows the sample's id, the
// hash of its content and its number in the dataset, which together with the others give the digest of the dataset that the parties signed. Prompts
// themselves are in no package.

public import ParleyModel

/// One sample of a suite.
public struct PackagedSample: Hashable, Sendable {
    public var suite: SuiteName
    /// Index in the suite's frozen order.
    public var sample: Int
    public var id: String
    public var contentHash: ContentHash
    /// Its number in the dataset; nil where the frozen order is the dataset's.
    public var number: Int?

    public init(suite: SuiteName, sample: Int, id: String, contentHash: ContentHash, number: Int? = nil) {
        self.suite = suite
        self.sample = sample
        self.id = id
        self.contentHash = contentHash
        self.number = number
    }

    static func position(suite: SuiteName, sample: Int) -> JSONValue {
        ["suite": .string(suite.text), "sample": .integer(Int64(sample))]
    }

    /// The record of a package, open.
    public func record(_ salts: SaltSecret) -> SealedRecord {
        var members: [String: JSONValue] = ["id": .string(id), "content_hash": .string(contentHash.description)]
        members["number"] = number.map { .integer(Int64($0)) }
        return SealedRecord(
            position: Self.position(suite: suite, sample: sample),
            content: .object(members),
            salt: salts.salt(suite: suite, sample: sample)
        )
    }
}

/// The digest of a dataset from its samples in the dataset's order: over `id SP hash LF` of each.
struct SampleDigest {
    private var hash = ContentHash.Stream()

    mutating func add(id: String, contentHash: ContentHash) {
        hash.update("\(id) \(contentHash)\n".utf8)
    }

    var value: ContentHash { hash.value }
}
