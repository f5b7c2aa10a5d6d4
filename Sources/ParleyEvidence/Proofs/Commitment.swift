// Salted commitments: a hash that names a content without letting anybody confirm a guess at it. Whoever gets salt and
// content can check that they are what was committed to, and nothing else can be shown for it later.

public import ParleyModel

/// The name of a content that may be shown later.
public enum Commitment {
    public static let saltLength = 32

    /// SHA-256("parley.commitment/1" LF || salt || canonical JSON of the content).
    public static func commit(to content: JSONValue, salt: [UInt8]) -> ContentHash {
        precondition(salt.count == saltLength, "a salt has \(saltLength) bytes, so that its end is known")
        return ContentHash(of: Array("parley.commitment/1\n".utf8) + salt + content.canonicalBytes)
    }
}
