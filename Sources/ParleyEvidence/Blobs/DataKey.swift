// The key under which the blobs of one slot are encrypted. It leaves a process only wrapped: HPKE to each recipient,
// with the slot as `info`, so that a wrapping serves no other slot. In the clear it is in memory only.
//
// A key that is bound to a party's secret is stored and wrapped as one half; the key that encrypts follows from both, and
// the other half is never in the database. Once the secret is gone, every wrapping of the key is worth nothing, whoever
// kept it and in whatever backup.

private import Crypto
public import ParleyModel

/// A key of one slot.
public struct DataKey: Sendable, CustomStringConvertible {
    /// Stands before the half of a key that is bound to a party's secret.
    private static let boundMark: UInt8 = 1

    public let slot: KeySlot
    /// What is wrapped: the key, or the mark and one half of it.
    private let stored: [UInt8]
    private let secret: [UInt8]

    /// A new key from the system's random source.
    /// - Parameter partySecret: of the slot's party, to bind the key to; nil for a key that is whole
    public init(slot: KeySlot, boundTo partySecret: PartySecret? = nil) {
        let random = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        self.slot = slot
        stored = partySecret == nil ? random : [Self.boundMark] + random
        secret = partySecret?.completed(random, for: slot) ?? random
    }

    /// Opens a wrapped key. Throws where it is not wrapped for this recipient and slot, or is bound to a secret that is
    /// not at hand.
    public init(slot: KeySlot, wrapped: [UInt8], with key: SealKey) throws(ParleyFailure) {
        guard let opened = try Self.opened(slot: slot, wrapped: wrapped, with: key) else {
            throw ParleyFailure(
                .failure,
                "A key of what the models of '\(slot.party?.text ?? "")' answered is bound to that party's secret.",
                remedy: "Give it by --party-secret; if it was destroyed, nobody can read these answers any more."
            )
        }
        self = opened
    }

    /// Opens a wrapped key; nil where it is bound to a secret that is not at hand. Throws where it is not wrapped for this
    /// recipient and slot.
    public static func opened(
        slot: KeySlot,
        wrapped: [UInt8],
        with key: SealKey
    ) throws(ParleyFailure) -> DataKey? {
        let stored = try key.open(wrapped, info: slot.label)
        if stored.count == 32 { return DataKey(slot: slot, stored: stored, secret: stored) }
        guard stored.count == 33, stored.first == boundMark else {
            throw ParleyFailure(.failure, "A wrapped key holds \(stored.count) bytes instead of 32.")
        }
        guard let partySecret = key.partySecrets.first(where: { $0.party == slot.party }) else { return nil }
        let secret = partySecret.completed(Array(stored.dropFirst()), for: slot)
        return DataKey(slot: slot, stored: stored, secret: secret)
    }

    private init(slot: KeySlot, stored: [UInt8], secret: [UInt8]) {
        self.slot = slot
        self.stored = stored
        self.secret = secret
    }

    /// The key as it may be stored and sent: where it is bound, still only one half.
    public func wrapped(for recipient: Recipient) throws(ParleyFailure) -> [UInt8] {
        try recipient.seal(stored, info: slot.label)
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
