// A private key by which data keys are opened: X25519, in a file of its own that only its owner may read. A party has
// one, and so has each worker that an owner admits to a held-out suite. It never enters the database, a log or a
// transcript; its description says nothing of its bytes.

private import Crypto
private import Foundation
public import ParleyModel

/// The private key of somebody for whom data keys are wrapped.
public struct SealKey: Sendable, CustomStringConvertible {
    public static let format = "parley.seal-key/1"

    public let recipient: Recipient
    /// Of parties to whose secrets data keys are bound, as far as its holder was given them.
    public var partySecrets: [PartySecret] = []
    private let secret: [UInt8]

    /// A new key from the system's random source.
    /// - Parameter holder: whose key it is, a party's or a worker's name
    public init(holder: String) throws(ParleyFailure) {
        try self.init(holder: holder, secret: Array(Curve25519.KeyAgreement.PrivateKey().rawRepresentation))
    }

    private init(holder: String, secret: [UInt8]) throws(ParleyFailure) {
        guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: secret) else {
            throw ParleyFailure(.invalidInput, "A seal key has 32 bytes, this one has \(secret.count).")
        }
        self.secret = secret
        recipient = try Recipient(holder: holder, bytes: Array(key.publicKey.rawRepresentation))
    }

    private static let remedy = "`parley key seal NAME` writes one."

    /// Reads a key file. Throws where others than its owner may read it.
    public init(file: String) throws(ParleyFailure) {
        let bytes = try SecretFile.read(file, remedy: Self.remedy)
        guard let json = try? JSONValue(parsing: bytes), json["format"]?.string == Self.format,
            let holder = json["holder"]?.string, let secret = json["private_key"]?.string.flatMap(Base64.decode)
        else {
            throw ParleyFailure(
                .invalidInput,
                "\(file) is no seal key of the form \(Self.format).",
                remedy: Self.remedy + " A key that signs does not open."
            )
        }
        try self.init(holder: holder, secret: secret)
    }

    /// Writes the key to a new file that only its owner can read. Throws where the file is there already.
    public func write(to file: String) throws(ParleyFailure) {
        let json: JSONValue = [
            "format": .string(Self.format), "algorithm": "x25519", "holder": .string(recipient.holder),
            "private_key": .string(Base64.encode(secret)),
        ]
        try SecretFile.create(file, Array((json.pretty + "\n").utf8))
    }

    /// Opens what was sealed to this key by HPKE (RFC 9180, base mode). Throws where it was not, or not for this `info`.
    func open(_ sealed: [UInt8], info: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        do {
            let key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: secret)
            var opener = try HPKE.Recipient(
                privateKey: key,
                ciphersuite: Recipient.suite,
                info: Data(info),
                encapsulatedKey: Data(sealed.prefix(Recipient.encapsulatedLength))
            )
            return Array(try opener.open(Data(sealed.dropFirst(Recipient.encapsulatedLength))))
        } catch {
            throw ParleyFailure(.failure, "A wrapped key does not open with the key of '\(recipient.holder)'.")
        }
    }

    public var description: String { "seal key of \(recipient.holder), \(recipient.id)" }
}
