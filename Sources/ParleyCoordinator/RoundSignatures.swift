// What the parties of a round agree to: their signatures, checked with the keys of the definition when they come in, and
// again before anything runs.

public import ParleyEvidence
import ParleyModel
public import ParleyQueue

extension CoordinatorQueue {
    /// Who has signed a round; nil where its parties do not sign. Each stored signature that can be read is checked again.
    func agreement(of round: RoundID, _ open: OpenRound) async throws -> RoundAgreement? {
        guard var agreement = try RoundAgreement(of: open.definition) else { return nil }
        for stored in try await signatures(.definition, of: round) where stored.subject == agreement.statement.digest {
            try open.read(stored, into: &agreement)
        }
        return agreement
    }

    /// Who has signed a round, or an amendment of it.
    /// - Parameter amendment: its number; nil for the definition
    /// - Throws: where the round's parties do not sign, or it has no such amendment
    public func agreement(of round: RoundRecord, amendment: Int? = nil) async throws -> RoundAgreement {
        let open = try await open(round.id)
        let found =
            if let amendment {
                try await agreement(of: round, amendment, open)
            } else {
                try await agreement(of: round.id, open)
            }
        if let found { return found }
        throw ParleyFailure(
            .invalidInput,
            "Round '\(round.name)' is one operator's: its parties do not sign it.",
            remedy: "Write signatures: all into the round file, and give each party its key."
        )
    }

    /// Who has signed an amendment; nil where the round's parties do not sign.
    func agreement(of round: RoundRecord, _ number: Int, _ open: OpenRound) async throws -> RoundAgreement? {
        guard let stored = try await amendments(of: round.id).first(where: { $0.number == number }) else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(round.name)' has no amendment \(number).",
                remedy: "`parley round status \(round.name)` lists them."
            )
        }
        guard var agreement = try RoundAgreement(on: stored.amendment, of: open.definition) else { return nil }
        for signature in try await signatures(.amendment, of: round.id) where signature.subject == stored.hash {
            try open.read(signature, into: &agreement)
        }
        return agreement
    }

    /// Adds a party's signatures to a frozen round, or to an amendment of it.
    /// - Returns: who has signed now
    /// - Throws: where the envelope is over something else, or by keys that the round does not name
    public func sign(
        _ round: RoundRecord,
        amendment: Int? = nil,
        with envelope: DSSEEnvelope
    ) async throws -> RoundAgreement {
        let open = try await open(round.id)
        try open.requireWhole(to: "sign it")
        var agreement = try await agreement(of: round, amendment: amendment)
        for (key, single) in try agreement.take(envelope) {
            let known = try open.veil?.key(key) ?? key
            let text = single.json.canonical
            _ = try await add(
                amendment == nil ? .definition : .amendment,
                of: agreement.statement.digest,
                key: known.id,
                party: known.party,
                envelope: try open.veil?.sealed(text, of: key.party) ?? text,
                to: round.id
            )
        }
        return agreement
    }

    /// Lets a frozen round run, once enough parties have signed it.
    /// - Returns: whether it moved
    public func start(_ round: RoundRecord, by authority: Authority) async throws -> Bool {
        try await requireSignatures(round)
        let moved = try await move(round.id, to: .running, by: authority)
        if moved { try await announce(round.id) }
        return moved
    }

    /// Throws `incomplete` where a round lacks signatures.
    public func requireSignatures(_ round: RoundRecord) async throws {
        let open = try await open(round.id)
        if open.definition.signatures != nil { try open.requireWhole(to: "check its signatures") }
        guard let agreement = try await agreement(of: round.id, open), !agreement.isComplete else { return }
        let missing = agreement.missing.map(\.text).joined(separator: ", ")
        throw ParleyFailure(
            .incomplete,
            "Round '\(round.name)' runs when \(agreement.policy.threshold) of its \(agreement.policy.parties.count) "
                + "parties have signed it; \(agreement.signed.count) have. Missing: \(missing).",
            remedy: "Each signs with `parley round sign \(round.name) --key FILE`; then `parley round start "
                + "\(round.name)`."
        )
    }
}

extension OpenRound {
    /// Takes a stored signature; where a secret is missing no lab's can be checked, and none counts.
    func read(_ stored: StoredSignature, into agreement: inout RoundAgreement) throws {
        guard let text = isWhole ? text(stored.envelope) : stored.envelope, text.hasPrefix("{") else { return }
        try agreement.take(DSSEEnvelope(parsing: Array(text.utf8)))
    }
}

extension StoredAmendment {
    /// What it says.
    var amendment: Amendment {
        get throws {
            let json = try JSONValue(parsing: content)
            guard ContentHash(of: json) == hash else {
                throw ParleyFailure(
                    .database,
                    "The stored amendment \(number) does not match its hash: it was changed."
                )
            }
            return try json.decode(Amendment.self)
        }
    }
}
