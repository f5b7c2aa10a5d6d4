// A small round of two labs and an evaluator with everything that a package can hold: a suite that is scored exactly and
// one that three judges grade, refusals, failures, outcomes that never ran, labels, a ledger, keys.

import ParleyModel

@testable import ParleyEvidence

enum MadeUpRound {
    static let sampleCount = 6

    static func definition() -> RoundDefinition {
        func model(_ name: String, _ party: String) -> ModelDefinition {
            ModelDefinition(
                name: ModelName(name),
                party: PartyName(party),
                provider: .openai,
                baseURL: "http://127.0.0.1/v1",
                modelID: name,
                account: party
            )
        }
        let cells = ["sums", "tone"].flatMap { suite in
            ["a", "b"].map { Cell(suite: SuiteName(suite), configuration: $0) }
        }
        var definition = RoundDefinition(
            name: "spring",
            title: "Spring",
            tier: .bilateral,
            currency: "USD",
            seed: 7,
            isSimulated: true,
            parties: [
                Party(name: "north", title: "North", role: .lab), Party(name: "south", title: "South", role: .lab),
                Party(name: "watch", title: "Watch", role: .observer),
            ],
            models: [model("ma", "north"), model("mb", "south"), model("mj", "south")],
            configurations: [
                Configuration(name: "a", model: "ma"), Configuration(name: "b", model: "mb"),
                Configuration(name: "j1", model: "mj"), Configuration(name: "j2", model: "ma"),
                Configuration(name: "j3", model: "mb"),
            ],
            suites: [
                suite("sums", "north", Scorer(kind: .numeric), epochs: 2),
                suite(
                    "tone",
                    "south",
                    Scorer(
                        kind: .modelGraded,
                        grader: Grader(
                            version: "1",
                            judges: ["j1", "j2", "j3"],
                            rubric: "GRADE: X",
                            scale: ["A": .one, "B": .zero]
                        )
                    ),
                    epochs: 1
                ),
            ],
            cells: cells,
            budgets: []
        )
        definition.order = SampleOrder()
        return definition
    }

    private static func suite(_ name: String, _ party: String, _ scorer: Scorer, epochs: Int) -> Suite {
        var digest = SampleDigest()
        for sample in dataset(of: SuiteName(name)) { digest.add(id: sample.id, contentHash: sample.contentHash) }
        return Suite(
            name: SuiteName(name),
            title: name,
            party: PartyName(party),
            areas: [.scalableOversight],
            dataset: FrozenDataset(source: "-", count: sampleCount, digest: digest.value),
            solver: Solver(),
            scorer: scorer,
            epochs: epochs
        )
    }

    private static func dataset(of suite: SuiteName) -> [(id: String, contentHash: ContentHash)] {
        (0..<sampleCount).map { ("s\($0)", ContentHash(of: "\(suite) \($0)".utf8)) }
    }

    /// The samples of a suite, in the order in which they are run.
    static func samples(
        of suite: SuiteName,
        in definition: RoundDefinition = definition(),
        opened: String? = nil
    ) throws -> [PackagedSample] {
        let draw = OrderDraw(definition, hash: ContentHash(of: try definition.json()), opened: opened)
        let order = draw?.order(of: suite, count: sampleCount) ?? []
        let dataset = dataset(of: suite)
        return order.enumerated().map { place, number in
            PackagedSample(
                suite: suite,
                sample: place,
                id: dataset[number].id,
                contentHash: dataset[number].contentHash,
                number: number
            )
        }
    }

    /// Outcomes of every cell; two never ran.
    static func outcomes() -> [PackagedOutcome] {
        var outcomes: [PackagedOutcome] = []
        let definition = definition()
        for (cell, place) in definition.cells.enumerated() {
            guard let suite = definition.suite(place.suite) else { continue }
            for sample in 0..<sampleCount {
                for epoch in 1...suite.epochs where !(cell == 1 && sample == 5) {
                    outcomes.append(outcome(cell: cell, sample: sample, epoch: epoch, grader: suite.scorer.grader))
                }
            }
        }
        return outcomes
    }

    private static func outcome(cell: Int, sample: Int, epoch: Int, grader: Grader?) -> PackagedOutcome {
        let draw = (cell * 31 + sample * 17 + epoch * 7) % 10
        let isRight = draw < 6
        let isRefused = draw == 9
        let grades =
            grader == nil || isRefused
            ? []
            : (0..<3).map { judge in
                // The last judge failed on some, and the second disagrees now and then.
                Grade(
                    judge: judge,
                    kind: judge == 2 && draw == 4 ? .unscorable : .scored,
                    score: judge == 2 && draw == 4 ? nil : (judge == 1 && draw % 3 == 0) != isRight ? .one : .zero
                )
            }
        let score = grader.map { $0.combinedScore(grades) } ?? (isRight ? .one : .zero)
        return PackagedOutcome(
            position: PackagedOutcome.Position(cell: cell, sample: sample, epoch: epoch),
            kind: isRefused ? .refused : score == nil ? .unscorable : .scored,
            score: isRefused ? nil : score,
            usage: Usage(input: Int64(20 + sample), output: Int64(draw), cacheRead: 1, reasoning: 2),
            cost: Money(billionths: Int64(1000 * draw)),
            judgeCost: Money(billionths: Int64(grades.count)),
            latencyMicros: Int64(1_000_000 + 1000 * draw),
            startedAtMicros: 1_763_999_990_000_000 + Int64(epoch * 1000 + sample * 10 + cell),
            completedAtMicros: 1_764_000_000_000_000 + Int64(cell * 100 + sample * 10 + epoch),
            modelReturned: cell % 2 == 0 ? "ma-2026" : "mb-2026",
            grades: grades
        )
    }

    static func labels() -> [LabelRecord] {
        (0..<4).map { sample in
            LabelRecord(
                suite: "tone",
                configuration: sample < 2 ? "a" : "b",
                sample: sample,
                epoch: 1,
                score: sample == 1 ? .zero : .one
            )
        }
    }

    static func ledger() throws -> Ledger {
        var ledger = Ledger(round: "spring")
        let hash = ContentHash(of: try definition().json())
        ledger.append(atMicros: 1_763_999_000_000_000, who: "coordinator", what: "drafted", subject: "\(hash)")
        for number in 1...5 {
            ledger.append(
                atMicros: 1_764_000_000_000_000 + Int64(number),
                who: "ada",
                what: number % 2 == 0 ? "resume" : "pause",
                subject: "the round (4)",
                why: "reason \(number)"
            )
        }
        return ledger
    }

    /// A party's key; the same each time.
    static func key(_ party: PartyName, _ number: UInt8 = 1) throws -> SigningKey {
        let seed = (0..<32).map { UInt8(truncatingIfNeeded: party.text.utf8.reduce(Int($0)) { $0 &* 31 &+ Int($1) }) }
        return try SigningKey(party: party, seed: [number] + seed.dropFirst())
    }

    static let salts = SaltSecret(secret: [UInt8](repeating: 42, count: 32))

    /// A builder with all of it, the agreement signed by both labs and the ledger's fourth entry witnessed by south.
    static func builder(recipient: PartyName? = nil) throws -> PackageBuilder {
        var builder = try PackageBuilder(
            definition: definition(),
            state: "exchange",
            parleyVersion: "test",
            recipient: recipient,
            salts: salts
        )
        builder.outcomes = outcomes()
        builder.samples = try ["sums", "tone"].flatMap { try samples(of: $0) }
        builder.openSuites = ["sums"]
        builder.labels = labels()
        builder.ledger = try ledger()
        builder.keys = [try key("north").publicKey, try key("south").publicKey]
        builder.report = { "<p>\($0.cells.count) cells</p>\n" }
        var agreement = try definition().statement(policy: SigningPolicy(of: definition())).envelope
        for party in ["north", "south"] as [PartyName] { try agreement.sign(by: key(party)) }
        builder.agreement = agreement
        builder.witnesses = [try witness(builder.ledger, at: 4)]
        return builder
    }

    static func witness(_ ledger: Ledger, at sequence: Int, by party: PartyName = "south") throws -> DSSEEnvelope {
        let head = ledger.head(at: sequence) ?? ContentHash(of: [])
        let at = LedgerEntry.time(micros: 1_764_100_000_000_000)
        let witness = Witness(round: "spring", sequence: sequence, head: head, outcomes: nil, at: at)
        var envelope = witness.statement.envelope
        try envelope.sign(by: key(party))
        return envelope
    }

    /// The package of the builder, signed by both labs.
    static func package(recipient: PartyName? = nil) throws -> PackageFiles {
        try builder(recipient: recipient).build(signers: [key("north"), key("south")])
    }

    static let drawPage: @Sendable (BuyerDocument) -> String = { document in
        "<p>\(document.answers.count) answers, \(document.examples.count) examples</p>\n"
    }

    /// A package for buyers of north's models, with everything that one can hold.
    static func buyerPackage(_ change: (inout PackageBuilder) throws -> Void = { _ in }) throws -> PackageFiles {
        var builder = try builder()
        builder.buyer = BuyerRequest(
            vendor: "north",
            thresholds: [Threshold(suite: "tone", side: .atLeast, billionths: 900_000_000)],
            shownSuites: ["sums"],
            nextRoundDue: "2027-05-01"
        )
        for position in builder.drawnToShow {
            builder.dialogues[position] = [
                DrawnExample.Line(speaker: "user", text: "What is \(position.sample) + 1?"),
                DrawnExample.Line(speaker: "scored answer", text: "\(position.sample + 1)"),
            ]
        }
        let hash = ContentHash(of: try definition().json())
        var response = try Statement(response: "We agree.\n", to: hash, of: "north", dated: "2026-11-26").envelope
        try response.sign(by: key("north"))
        builder.response = response
        var data = try Statement(deployment: "3 of 1000\n", titled: "Refusals", of: "north", dated: "2026-10-31")
            .envelope
        try data.sign(by: key("north"))
        builder.attachments = [data]
        builder.buyerPage = drawPage
        try change(&builder)
        return try builder.build(signers: [key("north"), key("south")])
    }

    static func report(
        on package: PackageFiles,
        trusting parties: [PartyName] = ["north", "south"]
    ) throws -> VerificationReport {
        try PackageVerifier(
            package,
            trusted: parties.map { try key($0).publicKey },
            parleyVersion: "test",
            drawReport: { "<p>\($0.cells.count) cells</p>\n" },
            drawPage: drawPage
        ).report()
    }
}

extension VerificationReport {
    /// The checks that failed.
    var failures: [Check] { checks.filter { $0.status == .failed } }
}
