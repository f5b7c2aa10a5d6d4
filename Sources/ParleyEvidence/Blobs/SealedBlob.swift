// The one seam through which samples, grade inputs and transcripts pass on their way to and from the database. A blob
// is compressed (zstd) and sealed; its first byte names the form, so that blobs of several forms live side by side.
// What belongs to a held-out suite is encrypted under a data key (`DataKeySeal`), all else passes as it is. Which of the
// two it is says `RoundSeals`, and a store opens no other form than its own.

public import ParleyModel

/// Turns plain bytes into what is stored, and back.
public protocol BlobSeal: Sendable {
    /// The byte that names this seal at the head of a blob; never 0.
    var identifier: UInt8 { get }
    func seal(_ plain: [UInt8], at place: BlobPlace) throws(ParleyFailure) -> [UInt8]
    /// Throws where it was sealed for another place.
    func open(_ sealed: [UInt8], at place: BlobPlace) throws(ParleyFailure) -> [UInt8]
}

/// No encryption: the database's own rights are the only protection.
public struct IdentitySeal: BlobSeal {
    public init() {}
    public var identifier: UInt8 { 1 }
    public func seal(_ plain: [UInt8], at place: BlobPlace) -> [UInt8] { plain }
    public func open(_ sealed: [UInt8], at place: BlobPlace) -> [UInt8] { sealed }
}

/// Compresses and seals what is stored out of row.
public struct BlobStore: Sendable {
    /// The most bytes that a blob may open to: what is stored is hostile input.
    public static let sizeLimit = 256 << 20

    private let seal: any BlobSeal

    public init(seal: any BlobSeal = IdentitySeal()) { self.seal = seal }

    /// Bytes for storage: the seal's identifier, then the sealed zstd frame.
    public func store(_ plain: [UInt8], at place: BlobPlace = .unbound) throws(ParleyFailure) -> [UInt8] {
        guard plain.count <= Self.sizeLimit else {
            throw ParleyFailure(.failure, "a blob of \(plain.count) bytes is over the limit of \(Self.sizeLimit)")
        }
        return [seal.identifier] + (try seal.seal(Zstd.compress(plain), at: place))
    }

    /// The plain bytes of a stored blob. Throws where it was sealed otherwise, is damaged or opens to too much.
    public func load(_ stored: [UInt8], at place: BlobPlace = .unbound) throws(ParleyFailure) -> [UInt8] {
        guard let form = stored.first, form == seal.identifier else {
            throw ParleyFailure(
                .failure,
                "a stored blob has the form \(stored.first.map(String.init) ?? "empty") where \(seal.identifier) belongs"
            )
        }
        return try Zstd.decompress(seal.open(Array(stored.dropFirst()), at: place), limit: Self.sizeLimit)
    }
}

extension BlobStore {
    public func store(_ transcript: Transcript, at place: BlobPlace) throws(ParleyFailure) -> [UInt8] {
        try store(transcript.json.canonicalBytes, at: place)
    }

    public func transcript(_ stored: [UInt8], at place: BlobPlace) throws(ParleyFailure) -> Transcript {
        let plain = try load(stored, at: place)
        do { return try JSONValue(parsing: plain).decode(Transcript.self) } catch {
            throw ParleyFailure(.failure, "a stored transcript cannot be read: \(error)")
        }
    }

    public func store(_ sample: Sample, at place: BlobPlace) throws(ParleyFailure) -> [UInt8] {
        try store(sample.json.canonicalBytes, at: place)
    }

    public func sample(_ stored: [UInt8], at place: BlobPlace) throws(ParleyFailure) -> Sample {
        let plain = try load(stored, at: place)
        do { return try Sample(json: JSONValue(parsing: plain)) } catch {
            throw ParleyFailure(.failure, "a stored sample cannot be read: \(error)")
        }
    }
}
