// Somebody for whom a data key can be wrapped: a name and a public X25519 key, which is named by the SHA-256 of its 32
// bytes. Its file is what a party or a worker's operator hands to the owner of a held-out suite.

import Crypto
private import Foundation
public import ParleyModel

/// The public half of a ``SealKey``.
public struct Recipient: Hashable, Sendable {
    public static let format = "parley.recipient/1"
    /// X25519, HKDF-SHA-256, ChaCha20-Poly1305: 0x0020, 0x0001 and 0x0003 of RFC 9180.
    static var suite: HPKE.Ciphersuite { .Curve25519_SHA256_ChachaPoly }
    /// The bytes of an encapsulated X25519 key, at the head of what is sealed.
    static let encapsulatedLength = 32

    /// Whose key it is, as whoever handed it over says: a party's or a worker's name.
    public let holder: String
    public let bytes: [UInt8]

    public var id: ContentHash { ContentHash(of: bytes) }

    /// Throws where the name is no name or the bytes are no key.
    public init(holder: String, bytes: [UInt8]) throws(ParleyFailure) {
        guard PartyName.isValid(holder) else {
            throw ParleyFailure(.invalidInput, "A key's holder is named by 1 to 64 of a-z 0-9 . _ -")
        }
        guard bytes.count == 32, (try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes)) != nil else {
            throw ParleyFailure(.invalidInput, "The public key of '\(holder)' is no X25519 key of 32 bytes.")
        }
        self.holder = holder
        self.bytes = bytes
    }

    /// Reads the file form.
    public init(json: JSONValue) throws(ParleyFailure) {
        guard json["format"]?.string == Self.format, json["algorithm"]?.string == "x25519",
            let holder = json["holder"]?.string, let bytes = json["public_key"]?.string.flatMap(Base64.decode)
        else {
            throw ParleyFailure(
                .invalidInput,
                "This is no public seal key of the form \(Self.format).",
                remedy: "`parley key seal NAME` writes one beside the private key, as NAME.seal.pub."
            )
        }
        try self.init(holder: holder, bytes: bytes)
    }

    /// Reads the file that was handed over.
    public init(file: String) throws(ParleyFailure) {
        let bytes = try BoundedFile.read(file, limit: 64 << 10)
        guard let json = try? JSONValue(parsing: bytes) else {
            throw ParleyFailure(.invalidInput, "\(file) is no public seal key: it is no JSON.")
        }
        try self.init(json: json)
    }

    public var json: JSONValue {
        [
            "format": .string(Self.format), "algorithm": "x25519", "holder": .string(holder),
            "public_key": .string(Base64.encode(bytes)),
        ]
    }

    /// Seals to this key by HPKE: the encapsulated key, then the ciphertext.
    func seal(_ plain: [UInt8], info: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        do {
            let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes)
            var sender = try HPKE.Sender(recipientKey: key, ciphersuite: Self.suite, info: Data(info))
            let ciphertext = try sender.seal(Data(plain))
            return Array(sender.encapsulatedKey) + Array(ciphertext)
        } catch { throw ParleyFailure(.failure, "Nothing can be sealed to the key of '\(holder)': \(error)") }
    }
}
