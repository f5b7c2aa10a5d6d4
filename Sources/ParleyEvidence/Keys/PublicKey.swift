// A party's public key: Ed25519 (RFC 8032), named by the SHA-256 of its 32 bytes. Its file is what a party hands to
// others, and what `parley verify --trust` takes.

private import Crypto
public import ParleyModel

/// The key with which a party's signatures are checked.
public struct PublicKey: Hashable, Sendable {
    public static let format = "parley.public-key/1"

    /// Whose key this is, as whoever handed it over says.
    public let party: PartyName
    /// The 32 bytes of RFC 8032.
    public let bytes: [UInt8]

    /// The SHA-256 of the key's bytes.
    public var id: ContentHash { ContentHash(of: bytes) }

    /// Throws where the bytes are no key.
    public init(party: PartyName, bytes: [UInt8]) throws(ParleyFailure) {
        guard (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)) != nil else {
            throw ParleyFailure(.invalidInput, "The public key of '\(party)' is no Ed25519 key of 32 bytes.")
        }
        self.party = party
        self.bytes = bytes
    }

    /// Reads the file form. Throws where it is another form, or its key and its key id do not belong together.
    public init(json: JSONValue) throws(ParleyFailure) {
        guard json["format"]?.string == Self.format, json["algorithm"]?.string == "ed25519" else {
            throw ParleyFailure(
                .invalidInput,
                "This is no public key of the form \(Self.format).",
                remedy: "`parley key public FILE` writes one."
            )
        }
        guard let name = json["party"]?.string, let party = PartyName(validating: name),
            let bytes = json["public_key"]?.string.flatMap(Base64.decode)
        else { throw ParleyFailure(.invalidInput, "A public key lacks its party or its bytes in base64.") }
        try self.init(party: party, bytes: bytes)
        guard json["key_id"]?.string == id.description else {
            throw ParleyFailure(.invalidInput, "The key id of the public key of '\(party)' is not that of its bytes.")
        }
    }

    public var json: JSONValue {
        [
            "format": .string(Self.format), "algorithm": "ed25519", "party": .string(party.text),
            "key_id": .string(id.description), "public_key": .string(Base64.encode(bytes)),
        ]
    }

    /// Whether this key made the signature of exactly this message.
    public func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}
