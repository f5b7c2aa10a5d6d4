// A private key in a file of its own. It never enters the database, a log or a transcript; its description says nothing
// of its bytes.

private import Crypto
public import ParleyModel

/// A party's private key.
public struct SigningKey: Signer, CustomStringConvertible {
    public static let format = "parley.key/1"

    public let publicKey: PublicKey
    private let seed: [UInt8]

    /// A new key from the system's random source.
    public init(party: PartyName) throws(ParleyFailure) {
        try self.init(party: party, seed: Array(Curve25519.Signing.PrivateKey().rawRepresentation))
    }

    /// The key of a seed of 32 bytes (RFC 8032, section 5.1.5).
    public init(party: PartyName, seed: [UInt8]) throws(ParleyFailure) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw ParleyFailure(.invalidInput, "A private key has 32 bytes, this one has \(seed.count).")
        }
        self.seed = seed
        publicKey = try PublicKey(party: party, bytes: Array(key.publicKey.rawRepresentation))
    }

    /// Reads a key file. Throws where others than its owner may read it.
    public init(file: String) throws(ParleyFailure) {
        let bytes = try SecretFile.read(file, remedy: "`parley key new --party NAME` writes one.")
        guard let json = try? JSONValue(parsing: bytes), json["format"]?.string == Self.format,
            let name = json["party"]?.string, let party = PartyName(validating: name),
            let seed = json["private_key"]?.string.flatMap(Base64.decode)
        else {
            throw ParleyFailure(
                .invalidInput,
                "\(file) is no private key of the form \(Self.format).",
                remedy: "`parley key new --party NAME` writes one."
            )
        }
        try self.init(party: party, seed: seed)
        guard json["key_id"]?.string == publicKey.id.description else {
            throw ParleyFailure(.invalidInput, "The key id in \(file) is not that of its key.")
        }
    }

    /// Writes the key to a new file that only its owner can read. Throws where the file is there already.
    public func write(to file: String) throws(ParleyFailure) {
        let json: JSONValue = [
            "format": .string(Self.format), "algorithm": "ed25519", "party": .string(publicKey.party.text),
            "key_id": .string(publicKey.id.description), "private_key": .string(Base64.encode(seed)),
        ]
        try SecretFile.create(file, Array((json.pretty + "\n").utf8))
    }

    public func signature(of message: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        do {
            return Array(try Curve25519.Signing.PrivateKey(rawRepresentation: seed).signature(for: message))
        } catch { throw ParleyFailure(.failure, "The key of '\(publicKey.party)' cannot sign: \(error)") }
    }

    public var description: String { "private key of \(publicKey.party), \(publicKey.id)" }
}
