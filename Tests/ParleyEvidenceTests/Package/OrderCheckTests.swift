// The order of a round in a package: what the verifier finds of a sealed seed before and after it is opened, of samples in
// another order, and of what ran out of its turn.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("The order in a package") struct OrderCheckTests {
    /// The checks of the order in a package that `change` has had its way with.
    private func checks(_ change: (inout PackageBuilder) throws -> Void) throws -> [VerificationReport.Check] {
        var builder = try MadeUpRound.builder()
        builder.agreement = nil
        builder.witnesses = []
        try change(&builder)
        return try MadeUpRound.report(on: builder.build(signers: [MadeUpRound.key("north")])).checks
            .filter { $0.check == "order" || $0.check == "samples" && $0.status == .failed }
    }

    @Test("A sealed order is checked once its seed is opened, and another seed is not taken for it")
    func sealed() throws {
        let seed = SealedSeed(secret: Array(0..<32))
        func checks(opening opened: String?, order: SealedSeed) throws -> [VerificationReport.Check] {
            try self.checks { builder in
                builder.definition.order = SampleOrder(seed: seed.commitment)
                builder.samples = try ["sums", "tone"].flatMap {
                    try MadeUpRound.samples(of: $0, in: builder.definition, opened: order.opened)
                }
                // Its ledger is of this definition, and opens a seed.
                let hash = ContentHash(of: try builder.definition.json())
                builder.ledger = Ledger(round: "spring")
                builder.ledger.append(atMicros: 1, who: "c", what: "drafted", subject: "\(hash)")
                if let opened {
                    builder.ledger.append(atMicros: 2, who: "c", what: "audit", subject: "seed \(opened)")
                }
            }
        }
        let other = SealedSeed(secret: Array(1..<33))
        let closed = try checks(opening: nil, order: seed)
        #expect(closed.contains { $0.subject == "seed" && $0.status == .notCovered }, "\(closed)")
        #expect(try checks(opening: other.opened, order: seed) == closed)
        let open = try checks(opening: seed.opened, order: seed)
        #expect(open.contains { $0.subject == "sums" && $0.status == .passed }, "\(open)")
        let wrong = try checks(opening: seed.opened, order: other)
        #expect(wrong.contains { $0.subject == "sums" && $0.status == .failed }, "\(wrong)")
    }

    @Test("What ran out of its turn is stated, and is no fault")
    func outOfTurn() throws {
        let found = try checks { builder in builder.outcomes[0].startedAtMicros = 1_763_999_999_000_000 }
        #expect(found.allSatisfy { $0.status != .failed }, "\(found)")
        #expect(found.contains { $0.subject == "executed" && $0.reason.hasPrefix("1 outcomes began") }, "\(found)")
    }

    @Test("An order file that is missing is found, and one is not asked for where no outcome says when it began")
    func files() throws {
        var missing = try MadeUpRound.package()
        missing[.order] = nil
        #expect(try MadeUpRound.report(on: missing).failures.contains { $0.check == "order" })
        let unknown = try checks { builder in
            for index in builder.outcomes.indices { builder.outcomes[index].startedAtMicros = nil }
        }
        #expect(unknown.allSatisfy { $0.status != .failed && $0.subject != nil }, "\(unknown)")
    }
}
