// FNV-1a with 64 bits (Fowler, Noll, Vo; parameters from draft-eastlake-fnv): a stable hash of a text, to notice edits.
// It is no defence against somebody who wants a collision.

/// A stable hash of a text.
enum Fingerprint {
    static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}
