// The seed of what is drawn at random for people to label. It is drawn before the round is frozen and kept in a file;
// the definition holds the commitment, so that nobody can choose the seed after having seen results, and nobody who has
// the definition alone can know which answers will be looked at.

private import Crypto
public import ParleyModel

/// A secret seed that was committed to.
public struct SealedSeed: Sendable, CustomStringConvertible {
    public static let format = "parley.seed/1"
    private let secret: [UInt8]

    /// A new seed from the system's random source.
    public init() {
        var random = SystemRandomNumberGenerator()
        secret = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
    }

    /// Takes 32 bytes.
    public init(secret: [UInt8]) {
        precondition(secret.count == 32, "a seed has 32 bytes")
        self.secret = secret
    }

    /// Reads a file that only its owner may read.
    public init(file: String) throws(ParleyFailure) {
        let remedy = "It is the file that `parley round seed` wrote before the round was frozen."
        let bytes = try SecretFile.read(file, remedy: remedy)
        guard let json = try? JSONValue(parsing: bytes), json["format"]?.string == Self.format,
            let secret = json["secret"]?.string.flatMap(Base64.decode), secret.count == 32
        else { throw ParleyFailure(.invalidInput, "\(file) holds no seed of the form \(Self.format).", remedy: remedy) }
        self.secret = secret
    }

    /// Writes a new file that only its owner may read.
    public func write(to file: String) throws(ParleyFailure) {
        let json: JSONValue = ["format": .string(Self.format), "secret": .string(Base64.encode(secret))]
        try SecretFile.create(file, Array((json.pretty + "\n").utf8))
    }

    /// What the definition holds: SHA-256("parley.seed/1" LF || secret). The secret is random, so it needs no salt.
    public var commitment: ContentHash { ContentHash(of: Array("\(Self.format)\n".utf8) + secret) }

    /// A number that follows from the seed and a label: the first 64 bits of HMAC-SHA-256.
    public func number(_ label: String) -> UInt64 {
        HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: SymmetricKey(data: secret))
            .prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The seed itself in base64: what is published once the audit was drawn.
    public var opened: String { Base64.encode(secret) }

    public var description: String { "sealed seed" }
}
