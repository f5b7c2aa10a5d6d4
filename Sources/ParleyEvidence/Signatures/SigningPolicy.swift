// Who must sign a definition: t of its n parties. It stands in what is signed, so that no signer can be held to another
// policy than the one it saw; and it is held against the definition, so that no signer can leave a party out.

public import ParleyModel

/// How many of which parties must sign.
public struct SigningPolicy: Hashable, Sendable {
    /// Ascending.
    public let parties: [PartyName]
    public let threshold: Int
    /// Whether all of them sign and none is named, since one may leave: then the rest are all.
    private let isUnnamed: Bool

    /// The policy of a round: its labs and evaluators; observers do not sign.
    /// - Parameter threshold: nil for all of them
    /// - Throws: where the threshold is out of range, or lets one of several parties agree with itself
    public init(of definition: RoundDefinition, threshold: Int? = nil) throws(ParleyFailure) {
        isUnnamed = definition.allowsSilentExit
        parties = Set(definition.parties.filter { $0.role != .observer }.map(\.name)).sorted()
        self.threshold = threshold ?? parties.count
        let least = min(2, parties.count)
        guard (least...max(least, parties.count)).contains(self.threshold), !parties.isEmpty else {
            throw ParleyFailure(
                .invalidInput,
                "A threshold of \(self.threshold) does not fit \(parties.count) signing parties.",
                remedy: "Write \(least) to \(parties.count): one party alone cannot agree on a round of several."
            )
        }
    }

    /// The policy of a signed statement. Throws where it is not one that the definition allows.
    init(_ json: JSONValue?, of definition: RoundDefinition) throws(ParleyFailure) {
        if definition.allowsSilentExit {
            guard json == ["all": true] else {
                throw ParleyFailure(.invalidInput, "The statement's policy is not that all parties sign.")
            }
            try self.init(of: definition)
            return
        }
        guard let threshold = json?["threshold"]?.integer, let names = json?["parties"]?.array?.map({ $0.string ?? "" })
        else { throw ParleyFailure(.invalidInput, "The statement has no policy of signatures.") }
        try self.init(of: definition, threshold: Int(threshold))
        guard names == parties.map(\.text) else {
            throw ParleyFailure(
                .invalidInput,
                "The statement's policy names the parties \(names.joined(separator: ", ")), the definition "
                    + "\(parties.map(\.text).joined(separator: ", "))."
            )
        }
    }

    var json: JSONValue {
        isUnnamed
            ? ["all": true]
            : ["parties": .array(parties.map { .string($0.text) }), "threshold": .integer(Int64(threshold))]
    }
}

extension RoundDefinition {
    /// What the parties of a round sign.
    public func statement(policy: SigningPolicy) throws -> Statement {
        Statement(
            subject: "definition.json",
            digest: try hash,
            predicate: .definition,
            content: ["round": .string(name.text), "policy": policy.json]
        )
    }
}
