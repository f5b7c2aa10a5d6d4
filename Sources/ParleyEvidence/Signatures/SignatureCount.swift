// Whose signatures on an envelope hold. A key counts once however often it signed, and a party once however many of its
// keys did. A signature is tried against the key that it names; where it names none, against all.

public import ParleyModel

/// What the signatures of an envelope come to.
public struct SignatureCount: Hashable, Sendable {
    /// The keys whose signature holds, by party and key id, each once.
    public private(set) var valid: [PublicKey] = []
    /// Key ids of signatures that name a known key and are not by it.
    public private(set) var invalid: [String] = []
    /// Key ids of signatures by keys that are not known; `none` for one that names no key and is by no known one.
    public private(set) var unknown: [String] = []

    /// The parties whose signature holds.
    public var parties: Set<PartyName> { Set(valid.map(\.party)) }

    public init(of envelope: DSSEEnvelope, keys: KeyRing) {
        let message = envelope.message
        var found: Set<PublicKey> = []
        for signature in envelope.signatures {
            guard let text = signature.keyID, !text.isEmpty else {
                let match = keys.keys.values.first { $0.isValid(signature: signature.bytes, for: message) }
                if let match { found.insert(match) } else { unknown.append("none") }
                continue
            }
            guard let key = ContentHash(text).flatMap({ keys.keys[$0] }) else {
                unknown.append(text)
                continue
            }
            if key.isValid(signature: signature.bytes, for: message) {
                found.insert(key)
            } else {
                invalid.append(text)
            }
        }
        valid = found.sorted { ($0.party.text, $0.id.hex) < ($1.party.text, $1.id.hex) }
    }
}
