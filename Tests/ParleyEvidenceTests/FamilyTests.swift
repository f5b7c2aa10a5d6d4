// Primary and exploratory findings: adjusted apart, judged against the difference that was agreed on, and made
// exploratory by an amendment; in a package amendments can be neither left out nor slipped in.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Primary and exploratory findings") struct FamilyTests {
    /// Comparisons with these p values, each of a suite of its own between a and b.
    private func document(_ pValues: [Double?]) throws -> FindingsDocument {
        let package = try MadeUpRound.package()
        var document = try JSONValue(parsing: #require(package[.findings])).decode(FindingsDocument.self)
        document.comparisons = pValues.enumerated().map { number, value in
            ComparisonRecord(
                suite: SuiteName("s\(number)"),
                left: "a",
                right: "b",
                sharedSamples: 50,
                difference: 0.25,
                standardError: 0.1,
                interval: nil,
                pValue: value,
                adjustedPValue: nil,
                falseDiscoveryPValue: nil,
                test: nil,
                minimumDetectableEffect: 0.2,
                verdict: "",
                rule: ""
            )
        }
        return document
    }

    private func primary(_ suites: [Int], effect: Double = 0.3) throws -> [PrimaryFinding] {
        try suites.map {
            PrimaryFinding(suite: SuiteName("s\($0)"), left: "b", right: "a", effect: try #require(Score(effect)))
        }
    }

    @Test("are adjusted among themselves: by Holm, and by Benjamini and Hochberg")
    func families() throws {
        var document = try document([0.02, 0.03, 0.02, 0.04, nil])
        var definition = MadeUpRound.definition()
        definition.primary = try primary([0, 1])
        document.state(definition, [])
        // Holm over 0.02 and 0.03: 2 × 0.02, then max(0.04, 0.03). Benjamini and Hochberg over 0.02 and 0.04:
        // min(2 × 0.02, 0.04), and 0.04.
        #expect(document.comparisons.map(\.adjustedPValue) == [0.04, 0.04, nil, nil, nil])
        #expect(document.comparisons.map(\.falseDiscoveryPValue) == [nil, nil, 0.04, 0.04, nil])
        #expect(document.comparisons.map(\.family) == [.primary, .primary, .exploratory, .exploratory, .exploratory])
        #expect(document.comparisons.map(\.verdict).prefix(4).allSatisfy { $0 == "higher" })
        #expect(document.comparisons[4].verdict == "insufficient evidence")
    }

    @Test("are exploratory where an amendment touches them, and leave the others alone")
    func amended() throws {
        var definition = MadeUpRound.definition()
        definition.primary = try primary([0, 1])
        definition.signatures = 2
        let hash = ContentHash(of: try definition.json())
        let amendment = Amendment(round: "spring", definitionHash: hash, text: "x", suites: ["s0"])
        var document = try document([0.02, 0.04, 0.9])
        document.state(definition, [amendment])
        #expect(document.comparisons.map(\.family) == [.exploratory, .primary, .exploratory])
        #expect(document.comparisons[1].adjustedPValue == 0.04)
        #expect(document.amendments == [amendment] && document.signatures == 2)
        let all = Amendment(round: "spring", definitionHash: hash, text: "y", suites: [])
        document.state(definition, [all])
        #expect(document.comparisons.allSatisfy { $0.family == .exploratory && $0.adjustedPValue == nil })
    }

    @Test("A difference is not called absent where less than what was agreed on could have been seen")
    func effect() throws {
        var definition = MadeUpRound.definition()
        for (effect, verdict) in [(0.1, "insufficient evidence"), (0.3, "no difference shown")] {
            definition.primary = try primary([0], effect: effect)
            var document = try document([0.5])
            document.state(definition, [])
            #expect(document.comparisons[0].verdict == verdict)
        }
    }

    @Test("One table stays one table where no primary finding is named")
    func none() throws {
        var document = try document([0.02])
        let before = document
        document.state(MadeUpRound.definition(), [])
        #expect(document == before)
    }

    // MARK: In a package

    private func amendedBuilder(signedBy parties: [PartyName]) throws -> PackageBuilder {
        var builder = try MadeUpRound.builder()
        builder.definition.signatures = 2
        builder.definition.primary = [
            PrimaryFinding(suite: "sums", left: "a", right: "b", effect: Score(billionths: 100_000_000))
        ]
        for index in builder.definition.parties.indices where builder.definition.parties[index].signs {
            let key = try MadeUpRound.key(builder.definition.parties[index].name).publicKey
            builder.definition.parties[index].key = Base64.encode(key.bytes)
        }
        builder.samples = try ["sums", "tone"].flatMap { try MadeUpRound.samples(of: $0, in: builder.definition) }
        let hash = ContentHash(of: try builder.definition.json())
        let amendment = Amendment(round: "spring", definitionHash: hash, text: "no sums", suites: ["sums"])
        var agreement = try #require(try RoundAgreement(of: builder.definition)).statement.envelope
        for party in ["north", "south"] as [PartyName] { try agreement.sign(by: MadeUpRound.key(party)) }
        builder.agreement = agreement
        var envelope = try #require(try RoundAgreement(on: amendment, of: builder.definition)).statement.envelope
        for party in parties { try envelope.sign(by: MadeUpRound.key(party)) }
        builder.amendments = [SignedAmendment(amendment, agreement: parties.isEmpty ? nil : envelope)]
        builder.ledger = Ledger(round: "spring")
        builder.ledger.append(atMicros: 0, who: "x", what: "drafted", subject: "\(hash)")
        builder.ledger.append(
            atMicros: 1,
            who: "x",
            what: "amended",
            subject: "amendment 1 \(try amendment.hash)"
        )
        builder.witnesses = []
        return builder
    }

    private func report(_ builder: PackageBuilder) throws -> VerificationReport {
        let package = try builder.build(signers: [MadeUpRound.key("north"), MadeUpRound.key("south")])
        return try MadeUpRound.report(on: package)
    }

    @Test("A package shows its amendments and who signed them")
    func package() throws {
        let whole = try report(amendedBuilder(signedBy: ["north", "south"]))
        #expect(whole.failures.isEmpty, "\(whole.failures)")
        #expect(
            whole.checks.contains { $0.check == "amendments" && $0.status == .passed && $0.subject == "amendment 1" }
        )
        for parties in [[], ["north"]] as [[PartyName]] {
            let half = try report(amendedBuilder(signedBy: parties))
            #expect(half.failures.isEmpty, "\(half.failures)")
            #expect(half.checks.contains { $0.check == "amendments" && $0.status == .notCovered })
        }
    }

    @Test("One that is left out, added or changed is found, though the findings were made to fit")
    func tampered() throws {
        let honest = try amendedBuilder(signedBy: ["north", "south"])
        var without = honest
        without.amendments = []
        var changed = honest
        changed.amendments[0].amendment.suites = ["tone"]
        var doubled = honest
        doubled.amendments += honest.amendments
        for builder in [without, changed, doubled] {
            #expect(try report(builder).failures.contains { $0.check == "amendments" })
        }
    }
}
