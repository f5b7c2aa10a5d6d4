// The key under which the blobs of one slot are encrypted. It leaves a process only wrapped: HPKE to each recipient,
// with the slot as `info`, so that a wrapping serves no other slot. In the clear it is in memory only.

private import Crypto
public import ParleyModel

/// A key of one slot.
public struct DataKey: Sendable, CustomStringConvertible {
    public let slot: KeySlot
    private let secret: [UInt8]

    /// A new key from the system's random source.
    public init(slot: KeySlot) {
        self.slot = slot
        secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    /// Opens a wrapped key. Throws where it is not wrapped for this recipient and slot.
    public init(slot: KeySlot, wrapped: [UInt8], with key: SealKey) throws(ParleyFailure) {
        let secret = try key.open(wrapped, info: slot.label)
        guard secret.count == 32 else {
            throw ParleyFailure(.failure, "A wrapped key holds \(secret.count) bytes instead of 32.")
        }
        self.slot = slot
        self.secret = secret
    }

    /// The key as it may be stored and sent.
    public func wrapped(for recipient: Recipient) throws(ParleyFailure) -> [UInt8] {
        try recipient.seal(secret, info: slot.label)
    }

    /// A salt that only the holders of this key know.
    func salt(_ label: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: SymmetricKey(data: secret)))
    }

    func encrypt(_ plain: [UInt8], _ place: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(plain, using: SymmetricKey(data: secret), authenticating: slot.label + place)
            return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
        } catch { throw ParleyFailure(.failure, "A blob cannot be encrypted: \(error)") }
    }

    /// Throws where a bit differs from what was encrypted for this slot and place.
    func decrypt(_ sealed: [UInt8], _ place: [UInt8]) throws(ParleyFailure) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return Array(try AES.GCM.open(box, using: SymmetricKey(data: secret), authenticating: slot.label + place))
        } catch {
            throw ParleyFailure(
                .failure,
                "A sealed blob was changed, cut or moved: it is not what was sealed for this place."
            )
        }
    }

    public var description: String { "data key of suite \(slot.suite)" }
}

/// Encryption under a data key: AES-256-GCM with a random nonce of 96 bits, which stays safe for 2³² blobs of a key (NIST
/// SP 800-38D, 8.3). Slot and place are authenticated with each blob.
public struct DataKeySeal: BlobSeal {
    private let key: DataKey

    public init(_ key: DataKey) { self.key = key }

    public var identifier: UInt8 { 2 }

    public func seal(_ plain: [UInt8], at place: BlobPlace) throws(ParleyFailure) -> [UInt8] {
        try key.encrypt(plain, label(place))
    }

    public func open(_ sealed: [UInt8], at place: BlobPlace) throws(ParleyFailure) -> [UInt8] {
        try key.decrypt(sealed, label(place))
    }

    private func label(_ place: BlobPlace) throws(ParleyFailure) -> [UInt8] {
        guard let label = place.label else { throw ParleyFailure(.failure, "An encrypted blob needs its place.") }
        return label
    }
}
