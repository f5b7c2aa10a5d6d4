// The public keys by which a package is checked: those that its reader trusts, and those that came with the package.
// A key that came with the package says nothing about who holds it; where the reader trusts any key of a party, only
// the trusted ones count for that party.

public import ParleyModel

/// Public keys by id, and how far each is known.
public struct KeyRing: Sendable {
    /// The most keys that are looked at.
    public static let limit = 256

    /// The keys that count, by id.
    public private(set) var keys: [ContentHash: PublicKey] = [:]
    /// Ids of keys that the reader trusts.
    public private(set) var trusted: Set<ContentHash> = []
    /// Keys of the package that do not count, since another key of their party is trusted.
    public private(set) var displaced: [PublicKey] = []

    /// Throws where one key is said to be two parties'.
    public init(trusted: [PublicKey], packaged: [PublicKey] = []) throws(ParleyFailure) {
        guard trusted.count + packaged.count <= Self.limit else {
            throw ParleyFailure(.invalidInput, "More than \(Self.limit) keys are named.")
        }
        for key in trusted {
            try add(key)
            self.trusted.insert(key.id)
        }
        let known = Set(trusted.map(\.party))
        for key in packaged {
            if known.contains(key.party), keys[key.id] != key {
                displaced.append(key)
            } else {
                try add(key)
            }
        }
    }

    private mutating func add(_ key: PublicKey) throws(ParleyFailure) {
        if let other = keys.updateValue(key, forKey: key.id), other.party != key.party {
            throw ParleyFailure(
                .invalidInput,
                "One key, \(key.id), is said to be that of '\(other.party)' and of '\(key.party)'."
            )
        }
    }

    public func isTrusted(_ key: PublicKey) -> Bool { trusted.contains(key.id) }
}
