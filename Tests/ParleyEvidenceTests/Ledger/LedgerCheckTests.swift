// A ledger against its witnesses: what they cover, what they do not, and what they find.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("A ledger against its witnesses") struct LedgerCheckTests {
    private let south: PublicKey

    init() throws { south = try MadeUpRound.key("south").publicKey }

    private func words(_ check: LedgerCheck) -> [String] {
        check.checks.map { "\($0.status) \($0.check) \($0.subject ?? "")" }
    }

    @Test("What lies between two witnesses and after the last is not covered")
    func coverage() throws {
        let ledger = try MadeUpRound.ledger()
        let kept = [try MadeUpRound.witness(ledger, at: 2), try MadeUpRound.witness(ledger, at: 5)]
        let check = try LedgerCheck(ledger, kept: kept, stored: kept, trusted: [south])
        #expect(
            words(check) == [
                "passed chain ", "passed witness entry 2 by south", "passed witness entry 5 by south",
                "notCovered coverage entries 1 to 2", "notCovered coverage entries 3 to 5",
                "notCovered coverage entries 6 to 6",
            ]
        )
    }

    @Test("Without trusted keys nothing is covered; a stranger's signature covers nothing")
    func untrusted() throws {
        let ledger = try MadeUpRound.ledger()
        let stored = [try MadeUpRound.witness(ledger, at: 6, by: "north")]
        for trusted in [[], [south]] {
            let check = try LedgerCheck(ledger, kept: [], stored: stored, trusted: trusted)
            #expect(
                words(check) == [
                    "passed chain ", "notCovered witness entry 6", "notCovered coverage entries 1 to 6",
                ]
            )
        }
    }

    @Test("A ledger that was cut or made anew, and a witness that was changed, are found")
    func found() throws {
        let ledger = try MadeUpRound.ledger()
        let kept = try MadeUpRound.witness(ledger, at: 6)
        var shorter = Ledger(round: "spring")
        shorter.append(atMicros: 0, who: "x", what: "drafted")
        let cut = try LedgerCheck(shorter, kept: [kept], stored: [], trusted: [south])
        #expect(cut.checks.contains { $0.status == .failed && $0.reason.contains("it was cut, rebuilt, or restored") })
        var anew = Ledger(round: "spring")
        for entry in ledger.entries { anew.append(atMicros: 7, who: entry.who, what: entry.what) }
        let rebuilt = try LedgerCheck(anew, kept: [kept], stored: [], trusted: [south])
        #expect(rebuilt.checks.contains { $0.status == .failed && $0.reason.contains("it was rebuilt") })
        // Kept by the reader, it is found though no key is trusted.
        #expect(try LedgerCheck(anew, kept: [kept], stored: [], trusted: []).checks.contains { $0.status == .failed })
        var forged = kept
        try forged.add(.init(keyID: south.id.description, bytes: [UInt8](repeating: 1, count: 64)))
        let changed = try LedgerCheck(ledger, kept: [forged], stored: [], trusted: [south])
        #expect(changed.checks.contains { $0.status == .failed && $0.reason.contains("does not hold") })
    }
}
