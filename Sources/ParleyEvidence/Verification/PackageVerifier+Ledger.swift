// The chain of the ledger, and how far parties outside the database witnessed it.

import ParleyModel

extension PackageVerifier {
    mutating func checkLedger() {
        guard let bytes = package[.ledger] else { return }
        let subject = PackageManifest.File.ledger.rawValue
        do {
            let ledger = try Ledger(parsing: bytes, round: manifest.round)
            guard ledger.entries.count == manifest.ledger.entries, ledger.head == manifest.ledger.head else {
                return note(
                    "ledger",
                    "\(subject), line \(max(1, ledger.entries.count))",
                    .failed,
                    "The chain ends with entry \(ledger.entries.count), which is not the manifest's head: the last line "
                        + "was changed, or lines were removed or added at the end."
                )
            }
            // An earlier draft may have had another definition.
            if let entry = ledger.entries.last(where: { $0.what == "drafted" }),
                entry.subject != manifest.definitionHash.description
            {
                return note(
                    "ledger",
                    "\(subject), line \(entry.sequence)",
                    .failed,
                    "The round was drafted with another definition, \(entry.subject.prefix(71))."
                )
            }
            self.ledger = ledger
            note("ledger", nil, .passed, "\(ledger.entries.count) lines form a chain, up to the manifest's head.")
        } catch {
            note("ledger", "\(subject), line \(error.line)", .failed, "The chain breaks here: \(error.reason).")
        }
    }

    /// Whether a witness in the package names this key; that its signature holds is checked with the witnesses.
    func isWitness(_ key: PublicKey) -> Bool {
        witnessEnvelopes().contains { envelope in
            envelope.signatures.contains { $0.keyID == key.id.description }
        }
    }

    private func witnessEnvelopes() -> [DSSEEnvelope] {
        guard let bytes = package[.witnesses], let lines = try? JSONLines.split(bytes, limit: Ledger.lineLimit) else {
            return []
        }
        return lines.compactMap { try? DSSEEnvelope(parsing: Array($0)) }
    }

    mutating func checkWitnesses() {
        guard let ledger else { return }
        var covered: [Int] = []
        if let bytes = package[.witnesses] {
            do {
                for (index, line) in try JSONLines.split(bytes, limit: Ledger.lineLimit).enumerated() {
                    if let sequence = checkWitness(Array(line), line: index + 1, ledger) { covered.append(sequence) }
                }
            } catch {
                note("witnesses", PackageManifest.File.witnesses.rawValue, .failed, "\(error).")
            }
        }
        sayCoverage(of: ledger, heads: Set(covered).sorted())
    }

    /// The sequence number that a witness covers; nil where it is none, or by no trusted key.
    private mutating func checkWitness(_ bytes: [UInt8], line: Int, _ ledger: Ledger) -> Int? {
        let subject = "\(PackageManifest.File.witnesses.rawValue), line \(line)"
        let failures = checks.count { $0.status == .failed }
        guard let (envelope, count) = signatures(bytes, "witnesses", subject) else { return nil }
        guard checks.count(where: { $0.status == .failed }) == failures else { return nil }
        do throws(ParleyFailure) {
            let witness = try Witness(in: envelope)
            guard witness.round.text == ledger.round.text else {
                throw ParleyFailure(.invalidInput, "It is about another round.")
            }
            guard ledger.head(at: witness.sequence) == witness.head else {
                throw ParleyFailure(
                    .invalidInput,
                    "Entry \(witness.sequence) was \(witness.head) when it was witnessed, and is not now: the ledger was "
                        + "rebuilt."
                )
            }
            if let outcomes = witness.outcomes, outcomes.count == manifest.outcomes.count,
                outcomes.root != manifest.outcomes.root
            {
                throw ParleyFailure(
                    .invalidInput,
                    "The \(outcomes.count) outcomes had another Merkle root then: they were changed, or the package was "
                        + "made with other salts than the witness."
                )
            }
            if let outcomes = witness.outcomes, outcomes.count != manifest.outcomes.count,
                ledger.entries.contains(where: { $0.what == "left" && $0.sequence > witness.sequence })
            {
                note(
                    "witnesses",
                    subject,
                    .notCovered,
                    "Its root is over \(outcomes.count) outcomes, and a party left afterwards with its own: that the others "
                        + "are as they were is shown by a later root alone."
                )
            }
            return count.valid.contains(where: keys.isTrusted) ? witness.sequence : nil
        } catch {
            note("witnesses", subject, .failed, error.message)
        }
        return nil
    }

    private mutating func sayCoverage(of ledger: Ledger, heads: [Int]) {
        let last = ledger.entries.count
        guard let witnessed = heads.last else {
            return note(
                "witnesses",
                last == 0 ? "no line" : "lines 1 to \(last)",
                .notCovered,
                "No trusted party witnessed the ledger: whoever held the database could have made the chain anew."
            )
        }
        let reason = "They are as they were when a trusted party signed the head."
        note("witnesses", "lines 1 to \(witnessed)", .passed, reason)
        for (earlier, later) in zip([0] + heads, heads) where later - earlier > 1 {
            note(
                "witnesses",
                "lines \(earlier + 1) to \(later)",
                .notCovered,
                "Between two witnesses: they are as they were at the later one; what was done to them before is not shown."
            )
        }
        if witnessed < last {
            note(
                "witnesses",
                "lines \(witnessed + 1) to \(last)",
                .notCovered,
                "After the last witness: whoever held the database could have made these lines anew."
            )
        }
    }
}
