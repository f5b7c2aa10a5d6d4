// The one seam through which samples, grade inputs and transcripts pass on their way to and from the database. A blob
// is compressed (zstd) and sealed; its first byte names the form, so that blobs of several forms live side by side.
// Today's only seal is the identity: encryption under a data key takes its place without another caller changing.

public import ParleyModel

/// Turns plain bytes into what is stored, and back.
public protocol BlobSeal: Sendable {
    /// The byte that names this seal at the head of a blob; never 0.
    var identifier: UInt8 { get }
    func seal(_ plain: [UInt8]) throws(ParleyFailure) -> [UInt8]
    func open(_ sealed: [UInt8]) throws(ParleyFailure) -> [UInt8]
}

/// No encryption: the database's own rights are the only protection.
public struct IdentitySeal: BlobSeal {
    public init() {}
    public var identifier: UInt8 { 1 }
    public func seal(_ plain: [UInt8]) -> [UInt8] { plain }
    public func open(_ sealed: [UInt8]) -> [UInt8] { sealed }
}

/// Compresses and seals what is stored out of row.
public struct BlobStore: Sendable {
    /// The most bytes that a blob may open to: what is stored is hostile input.
    public static let sizeLimit = 256 << 20

    private let seal: any BlobSeal

    public init(seal: any BlobSeal = IdentitySeal()) { self.seal = seal }

    /// Bytes for storage: the seal's identifier, then the sealed zstd frame.
    public func store(_ plain: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        guard plain.count <= Self.sizeLimit else {
            throw ParleyFailure(.failure, "a blob of \(plain.count) bytes is over the limit of \(Self.sizeLimit)")
        }
        return [seal.identifier] + (try seal.seal(Zstd.compress(plain)))
    }

    /// The plain bytes of a stored blob. Throws where it was sealed otherwise, is damaged or opens to too much.
    public func load(_ stored: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        guard let form = stored.first, form == seal.identifier else {
            throw ParleyFailure(
                .failure,
                "a stored blob has an unknown form (\(stored.first.map(String.init) ?? "empty"))"
            )
        }
        return try Zstd.decompress(seal.open(Array(stored.dropFirst())), limit: Self.sizeLimit)
    }
}

extension BlobStore {
    public func store(_ transcript: Transcript) throws(ParleyFailure) -> [UInt8] {
        try store(transcript.json.canonicalBytes)
    }

    public func transcript(_ stored: [UInt8]) throws(ParleyFailure) -> Transcript {
        try decode(Transcript.self, stored)
    }

    public func store(_ sample: Sample) throws(ParleyFailure) -> [UInt8] {
        try store(sample.json.canonicalBytes)
    }

    public func sample(_ stored: [UInt8]) throws(ParleyFailure) -> Sample {
        let plain = try load(stored)
        do { return try Sample(json: JSONValue(parsing: plain)) } catch {
            throw ParleyFailure(.failure, "a stored sample cannot be read: \(error)")
        }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ stored: [UInt8]) throws(ParleyFailure) -> Value {
        let plain = try load(stored)
        do { return try JSONValue(parsing: plain).decode(type) } catch {
            throw ParleyFailure(.failure, "a stored \(type) cannot be read: \(error)")
        }
    }
}
