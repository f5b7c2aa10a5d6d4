// Changes of what was agreed. Those in the package must be exactly those in its ledger, so that none can be left out or
// slipped in; and the parties' signatures over them are held against the policy of the round.

import ParleyModel

extension PackageVerifier {
    mutating func checkAmendments() {
        guard let ledger, let definition else { return }
        let subject = PackageManifest.File.amendments.rawValue
        var found: [SignedAmendment] = []
        if let bytes = package[.amendments] {
            do throws(Ledger.Fault) { found = try [SignedAmendment](parsing: bytes) } catch {
                amendments = nil
                return note("amendments", "\(subject), line \(error.line)", .failed, "\(error.reason).")
            }
        }
        amendments = found.map(\.amendment)
        // An entry's subject is `amendment N sha256:…`.
        let recorded = ledger.entries.filter { $0.what == "amended" }
            .compactMap { $0.subject.split(separator: " ").last.flatMap { ContentHash(String($0)) } }
        guard recorded == found.compactMap({ try? $0.amendment.hash }) else {
            return note(
                "amendments",
                subject,
                .failed,
                "The ledger records \(recorded.count) amendments, and these are others: one was changed, added or left out."
            )
        }
        for (index, signed) in found.enumerated() {
            check(signed, "amendment \(index + 1)", definition)
        }
    }

    private mutating func check(_ signed: SignedAmendment, _ name: String, _ definition: RoundDefinition) {
        guard signed.amendment.definitionHash == manifest.definitionHash, signed.amendment.round == manifest.round
        else {
            return note("amendments", name, .failed, "It is about another definition.")
        }
        guard let envelope = signed.agreement else {
            return note(
                "amendments",
                name,
                .notCovered,
                "Nobody signed it: nothing shows that the parties agreed to it."
            )
        }
        guard let (_, count) = signatures(envelope.json.canonicalBytes, "amendments", name) else { return }
        do {
            guard let agreement = try RoundAgreement(on: signed.amendment, of: definition),
                agreement.statement == (try Statement(in: envelope, expecting: .amendment))
            else { return note("amendments", name, .failed, "What was signed is not this amendment of this round.") }
            let parties = count.parties.intersection(agreement.policy.parties)
            let known = Set(count.valid.filter(keys.isTrusted).map(\.party)).intersection(parties)
            let reason =
                "\(parties.count) of \(agreement.policy.parties.count) parties signed it, \(known.count) by trusted keys; "
                + "\(agreement.policy.threshold) needed."
            note("amendments", name, known.count >= agreement.policy.threshold ? .passed : .notCovered, reason)
        } catch {
            note("amendments", name, .failed, "\(error)")
        }
    }
}
