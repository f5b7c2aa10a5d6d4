// Whether the parties of a round agreed to it, or to an amendment: their signatures over one statement, checked with the
// keys that the definition itself names. A signature by any other key counts nothing here, however it came in.

public import ParleyModel

/// What the parties of a round sign, and who has.
public struct RoundAgreement: Hashable, Sendable {
    public let statement: Statement
    public let policy: SigningPolicy
    /// The parties' keys, from the definition.
    public let keys: [PublicKey]
    /// With every signature that holds.
    public private(set) var envelope: DSSEEnvelope
    public private(set) var signed: Set<PartyName> = []

    /// Over the definition; nil where its parties do not sign.
    public init?(of definition: RoundDefinition) throws {
        guard let threshold = definition.signatures else { return nil }
        let policy = try SigningPolicy(of: definition, threshold: threshold)
        try self.init(over: definition.statement(policy: policy), policy, keys: definition.publicKeys)
    }

    /// Over an amendment; nil where the round's parties do not sign.
    public init?(on amendment: Amendment, of definition: RoundDefinition) throws {
        guard let threshold = definition.signatures else { return nil }
        let policy = try SigningPolicy(of: definition, threshold: threshold)
        let statement = Statement(
            subject: "amendment.json",
            digest: try amendment.hash,
            predicate: .amendment,
            content: ["round": .string(definition.name.text), "policy": policy.json]
        )
        try self.init(over: statement, policy, keys: definition.publicKeys)
    }

    private init(over statement: Statement, _ policy: SigningPolicy, keys: [PublicKey]) throws {
        self.statement = statement
        self.policy = policy
        self.keys = keys.filter { policy.parties.contains($0.party) }
        envelope = statement.envelope
    }

    /// Parties whose signature is missing, ascending.
    public var missing: [PartyName] { policy.parties.filter { !signed.contains($0) } }

    /// Whether as many parties as must have signed.
    public var isComplete: Bool { signed.count >= policy.threshold }

    /// Takes the signatures of an envelope.
    /// - Returns: an envelope of each signature that holds, with its key
    /// - Throws: where the envelope is over anything else, or a signature in it does not hold
    @discardableResult
    public mutating func take(_ other: DSSEEnvelope) throws -> [(key: PublicKey, envelope: DSSEEnvelope)] {
        guard other.payload == envelope.payload, other.payloadType == envelope.payloadType else {
            throw ParleyFailure(
                .invalidInput,
                "The envelope is over something else than \(statement.subject) with the hash \(statement.digest).",
                remedy: "Let the party read the round again, and sign what it reads."
            )
        }
        var found: [(key: PublicKey, envelope: DSSEEnvelope)] = []
        for signature in other.signatures {
            guard let key = keys.first(where: { $0.isValid(signature: signature.bytes, for: other.message) }) else {
                let whose = keys.first { $0.id.description == signature.keyID }
                throw ParleyFailure(
                    .verification,
                    whose.map { "The signature by the key of '\($0.party)' does not hold." }
                        ?? "A signature is by none of the keys that the round names.",
                    remedy: "The keys stand in the round file under 'parties'."
                )
            }
            let named = DSSEEnvelope.Signature(keyID: key.id.description, bytes: signature.bytes)
            try envelope.add(named)
            signed.insert(key.party)
            var single = statement.envelope
            try single.add(named)
            found.append((key, single))
        }
        return found
    }
}

extension RoundDefinition {
    /// The keys that its parties' signatures are checked with. Throws where one is no key.
    public var publicKeys: [PublicKey] {
        get throws {
            try parties.compactMap { party in
                try party.key.map { text in
                    guard let bytes = Base64.decode(text) else {
                        throw ParleyFailure(.invalidInput, "The key of '\(party.name)' is no base64.")
                    }
                    return try PublicKey(party: party.name, bytes: bytes)
                }
            }
        }
    }
}
