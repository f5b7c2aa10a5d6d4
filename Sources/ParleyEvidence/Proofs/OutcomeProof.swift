// A proof that one outcome is among all outcomes of a round: the outcome with its salt, the path to the root, and a
// witness that signed the root. It is checked offline, and shows nothing of any other outcome.

public import ParleyModel

/// One outcome, and how it belongs to a root.
public struct OutcomeProof: Hashable, Sendable {
    public static let format = "parley.proof/1"

    public let round: RoundName
    public let record: SealedRecord
    /// Where its leaf stands, from 0.
    public let index: Int
    public let root: MerkleRoot
    public let path: [ContentHash]
    /// Who signed the root; nil where nobody did.
    public let witness: DSSEEnvelope?

    /// Proves one of all outcomes of a round.
    /// - Throws: where no outcome stands there
    public init(
        of position: PackagedOutcome.Position,
        in outcomes: [PackagedOutcome],
        round: RoundName,
        salts: SaltSecret,
        witnesses: [DSSEEnvelope]
    ) throws(ParleyFailure) {
        let sorted = outcomes.sorted { $0.position < $1.position }
        let tree = MerkleTree(leafHashes: sorted.map { $0.record(salts).leafHash })
        guard let index = sorted.firstIndex(where: { $0.position == position }),
            let path = tree.inclusionProof(of: index)
        else { throw ParleyFailure(.invalidInput, "Round '\(round)' has no outcome for \(position).") }
        self.round = round
        self.index = index
        self.path = path
        record = sorted[index].record(salts)
        root = tree.root
        let wanted = tree.root
        // The latest that is about exactly these outcomes.
        witness = witnesses.last { (try? Witness(in: $0))?.outcomes == wanted }
    }

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "format": .string(Self.format), "round": .string(round.text), "record": record.json,
            "index": .integer(Int64(index)), "root": root.json,
            "path": .array(path.map { .string($0.description) }),
        ]
        members["witness"] = witness?.json
        return .object(members)
    }

    /// Reads a proof. Throws where it has another form.
    public init(parsing bytes: [UInt8]) throws(ParleyFailure) {
        let invalid = ParleyFailure(.unreadable, "This is no proof of the form \(Self.format).")
        guard let json = try? JSONValue(parsing: bytes), json["format"]?.string == Self.format,
            let round = json["round"]?.string, let index = json["index"]?.integer, index >= 0,
            let record = json["record"].flatMap(SealedRecord.init(json:)),
            let root = json["root"].flatMap(MerkleRoot.init(json:)),
            let path = json["path"]?.array?.map({ $0.string.flatMap { ContentHash($0) } }), path.count <= 64,
            !path.contains(nil)
        else { throw invalid }
        self.round = RoundName(round)
        self.index = Int(index)
        self.record = record
        self.root = root
        self.path = path.compactMap { $0 }
        witness = try json["witness"].map { (json) throws(ParleyFailure) in
            try DSSEEnvelope(parsing: json.canonicalBytes)
        }
    }

    /// Checks the proof with nothing but the keys that its reader trusts.
    public func checks(trusted: [PublicKey]) throws(ParleyFailure) -> [VerificationReport.Check] {
        var checks = [
            root.includes(leaf: record.leafHash, at: index, path: path)
                ? VerificationReport.Check(
                    check: "inclusion",
                    subject: nil,
                    status: .passed,
                    reason: "The outcome is number \(index + 1) of the \(root.count) under the root \(root.root)."
                )
                : VerificationReport.Check(
                    check: "inclusion",
                    subject: nil,
                    status: .failed,
                    reason: "The path does not lead from the outcome to the root: one of them was changed."
                )
        ]
        guard let witness else {
            checks.append(
                VerificationReport.Check(
                    check: "witness",
                    subject: nil,
                    status: .notCovered,
                    reason: "Nobody signed the root: whoever held the database could have made it anew."
                )
            )
            return checks
        }
        let count = SignatureCount(of: witness, keys: try KeyRing(trusted: trusted))
        let stated = try Witness(in: witness)
        if stated.outcomes != root || stated.round != round {
            checks.append(
                VerificationReport.Check(
                    check: "witness",
                    subject: nil,
                    status: .failed,
                    reason: "It is about another root or round."
                )
            )
        } else if let key = count.valid.first {
            checks.append(
                VerificationReport.Check(
                    check: "witness",
                    subject: key.party.text,
                    status: .passed,
                    reason: "The root was signed by \(key.id), which is trusted, at \(stated.at) by its own word."
                )
            )
        } else {
            checks.append(
                VerificationReport.Check(
                    check: "witness",
                    subject: nil,
                    status: count.invalid.isEmpty ? .notCovered : .failed,
                    reason: count.invalid.isEmpty
                        ? "The root was signed by no trusted key." : "A signature by a trusted key does not hold."
                )
            )
        }
        return checks
    }
}
