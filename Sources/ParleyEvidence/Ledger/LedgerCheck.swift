// A ledger against what was witnessed of it. A chain that holds says nothing against whoever can rebuild all of it; a
// head that was signed before and kept elsewhere does. What lies between two witnesses, and after the last, is stated
// as not covered.

public import ParleyModel

/// The checks of one ledger.
public struct LedgerCheck: Hashable, Sendable {
    public private(set) var checks: [VerificationReport.Check] = []

    /// - Parameters:
    ///   - ledger: whose chain was followed when it was read
    ///   - kept: witnesses that the reader kept
    ///   - stored: those that came with the ledger, which whoever rebuilt it could have made anew
    ///   - trusted: keys that the reader got from the witnesses themselves
    public init(
        _ ledger: Ledger,
        kept: [DSSEEnvelope],
        stored: [DSSEEnvelope],
        trusted: [PublicKey]
    ) throws(ParleyFailure) {
        note("chain", nil, .passed, "\(ledger.entries.count) entries form a chain up to \(ledger.head).")
        let ring = try KeyRing(trusted: trusted)
        var covered: Set<Int> = []
        for envelope in kept + stored.filter({ !kept.contains($0) }) {
            let isKept = kept.contains(envelope)
            let count = SignatureCount(of: envelope, keys: ring)
            let witness: Witness
            do { witness = try Witness(in: envelope) } catch {
                note("witness", nil, .failed, error.message)
                continue
            }
            let name = "entry \(witness.sequence)" + (count.valid.first.map { " by \($0.party)" } ?? "")
            guard witness.round == ledger.round else {
                note("witness", name, .failed, "It is about another round.")
                continue
            }
            guard count.invalid.isEmpty else {
                note("witness", name, .failed, "A signature by a trusted key does not hold.")
                continue
            }
            guard ledger.head(at: witness.sequence) == witness.head else {
                // What nobody trusted signed proves nothing, in neither direction.
                let reason =
                    witness.sequence > ledger.entries.count
                    ? "The ledger has \(ledger.entries.count) entries, fewer than then: "
                        + "it was cut, rebuilt, or restored from a backup of before."
                    : "The ledger had another head then: it was rebuilt, or restored from a backup and went on."
                note("witness", name, count.valid.isEmpty && !isKept ? .notCovered : .failed, reason)
                continue
            }
            guard !count.valid.isEmpty else {
                note("witness", name, .notCovered, "It is signed by no trusted key; name its key with --trust.")
                continue
            }
            note("witness", name, .passed, "The head is the one that was signed.")
            covered.insert(witness.sequence)
        }
        sayCoverage(ledger.entries.count, covered.sorted())
    }

    private mutating func sayCoverage(_ last: Int, _ heads: [Int]) {
        for (earlier, later) in zip([0] + heads, heads) where later - earlier > 1 {
            note(
                "coverage",
                "entries \(earlier + 1) to \(later)",
                .notCovered,
                "Between two witnesses: they are as they were at the later one; what was done before it is not shown."
            )
        }
        let witnessed = heads.last ?? 0
        if witnessed < last {
            note(
                "coverage",
                "entries \(witnessed + 1) to \(last)",
                .notCovered,
                "After the last trusted witness: whoever owns the database server could have made them anew."
            )
        }
    }

    private mutating func note(
        _ check: String,
        _ subject: String?,
        _ status: VerificationReport.Status,
        _ reason: String
    ) {
        checks.append(VerificationReport.Check(check: check, subject: subject, status: status, reason: reason))
    }
}
