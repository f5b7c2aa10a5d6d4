// The states of a round: a seeded walk against a model, nothing without its entry, nothing half done, and no running
// before those who must have signed.

import Foundation
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("States of a round")
struct RoundStateTests {
    private let fixture: QueueFixture
    private let olga = CoordinatorQueue.Authority(actor: "olga", reason: "agreed")

    init() async throws { fixture = try await QueueFixture() }

    private func record(_ name: RoundName = "round") async throws -> RoundRecord {
        try #require(try await fixture.coordinator.round(named: name))
    }

    /// Written down apart from the database's table.
    private static let model: [RoundState: Set<RoundState>] = [
        .draft: [.frozen, .retired], .frozen: [.running, .retired], .running: [.grading, .exchange],
        .grading: [.running, .exchange], .exchange: [.running, .grading, .correction, .retired],
        .correction: [.disclosure, .retired], .disclosure: [.published, .retired],
        .published: [.corrected, .retired], .corrected: [.retired], .retired: [],
    ]

    @Test("A walk goes where the model goes, each step is in the ledger", arguments: 1...6 as ClosedRange<UInt64>)
    func walk(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let round = try await fixture.coordinator.submit(testRound(samples: 0), upTo: .draft) { _ in nil }.round
        var state = RoundState.draft
        var moves: [RoundState] = []
        for step in 0..<60 {
            // Seldom to the end, where the walk would stand still.
            let target = try #require(
                (RoundState.allCases + RoundState.allCases.filter { $0 != .retired }).randomElement(using: &generator)
            )
            let place = "seed \(seed), step \(step): \(state) to \(target)"
            if target == state {
                #expect(try await !fixture.coordinator.move(round, to: target, by: olga), "\(place)")
            } else if Self.model[state, default: []].contains(target) {
                #expect(try await fixture.coordinator.move(round, to: target, by: olga), "\(place)")
                state = target
                moves.append(target)
            } else {
                let failure = await #expect(throws: ParleyFailure.self, "\(place)") {
                    try await fixture.coordinator.move(round, to: target, by: olga)
                }
                #expect(failure?.category == .invalidInput && failure?.message.contains(state.rawValue) == true)
            }
            #expect(try await record().state == state, "\(place)")
            #expect(
                try await Set(fixture.coordinator.transitions(from: state)) == Self.model[state],
                "\(place)"
            )
        }
        let entries = try await fixture.coordinator.ledger(of: record()).entries.filter { $0.what == "moved" }
        #expect(entries.map(\.subject) == moves.map(\.rawValue), "seed \(seed)")
        #expect(entries.allSatisfy { $0.who == "olga" && $0.why == "agreed" })
    }

    @Test("A round that has jobs to do goes nowhere; its last job moves it")
    func jobs() async throws {
        let round = try await fixture.submit(testRound(samples: 2)).round
        for target in [RoundState.grading, .exchange] {
            let failure = await #expect(throws: ParleyFailure.self) {
                try await fixture.coordinator.move(round, to: target, by: olga)
            }
            #expect(failure?.category == .incomplete)
        }
        let worker = try await fixture.worker()
        try await worker.commitScored(try await worker.claim(limit: 2))
        #expect(try await fixture.coordinator.finishIfDone(round) == .finished(unruled: 0))
        #expect(try await record().state == .exchange)
        let entry = try await fixture.coordinator.ledger(of: record()).entries.last
        #expect(entry?.what == "moved" && entry?.subject == "exchange" && entry?.why == "all jobs are done")
    }

    @Test("A connection that is lost in the middle leaves neither the state nor its entry")
    func lost() async throws {
        let round = try await fixture.coordinator.submit(testRound(samples: 0), upTo: .draft) { _ in nil }.round
        let connection = try await fixture.database.connect(role: QueueFixture.coordinatorLogin)
        try await connection.execute(script: "begin; select parley.move_round(\(round), 'frozen', 'x', '')")
        let process = try await connection.query("select pg_backend_pid()::bigint as pid").only().int64("pid")
        _ = try await fixture.admin.query("select pg_terminate_backend($1)", [.int32(Int32(process))])
        // Waits for the lock of the one that was killed, if it still holds it.
        #expect(try await fixture.coordinator.move(round, to: .frozen, by: olga))
        let entries = try await fixture.coordinator.ledger(of: record()).entries
        #expect(entries.map(\.what) == ["drafted", "moved"] && entries.last?.who == "olga")
    }

    @Test("Two who move a round at once move it once")
    func race() async throws {
        let round = try await fixture.coordinator.submit(testRound(samples: 0), upTo: .draft) { _ in nil }.round
        let coordinator = fixture.coordinator
        let olga = olga
        let moved = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 { group.addTask { try await coordinator.move(round, to: .frozen, by: olga) } }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(moved == 1)
        #expect(try await fixture.coordinator.ledger(of: record()).entries.count == 2)
    }

    @Test("A draft takes another definition, a frozen round takes none")
    func redraft() async throws {
        _ = try await fixture.coordinator.submit(testRound(samples: 0), upTo: .draft) { _ in nil }
        let second = testRound(models: ["m", "n"], samples: 0)
        let again = try await fixture.coordinator.submit(second, upTo: .frozen) { _ in nil }
        #expect(again.existed)
        #expect(try await fixture.coordinator.definition(of: again.round) == second)
        #expect(try await fixture.count("select count(*) from parley.cells") == 2)
        let entries = try await fixture.coordinator.ledger(of: record()).entries
        #expect(entries.map(\.what) == ["drafted", "drafted", "moved"])
        #expect(entries[1].subject == "\(ContentHash(of: try second.json()))")
        await #expect(throws: ParleyFailure.self) {
            _ = try await fixture.coordinator.submit(testRound(samples: 0), upTo: .frozen) { _ in nil }
        }
        // The second as one would by whom a lab leaves, which is the schema's owner alone.
        for setting in ["", "set parley.leaving = '1'; "] {
            let change = setting + "update parley.rounds set title = 'x'"
            #expect(try await sqlState { try await fixture.admin.execute(script: change) } == "55000", "\(change)")
        }
    }

    // MARK: Signatures

    private func signedRound(_ keys: [PartyName: SigningKey], threshold: Int) -> RoundDefinition {
        var definition = testRound(samples: 0)
        definition.parties = ["lab", "north", "south"].map { name in
            let key = keys[PartyName(name)].map { Data($0.publicKey.bytes).base64EncodedString() }
            return Party(name: PartyName(name), title: name, role: .lab, key: key)
        }
        definition.signatures = threshold
        return definition
    }

    private func keys() throws -> [PartyName: SigningKey] {
        try ["lab", "north", "south"].reduce(into: [:]) { $0[PartyName($1)] = try SigningKey(party: PartyName($1)) }
    }

    @Test("A round runs when enough of its parties have signed exactly it, and not before")
    func signing() async throws {
        let keys = try keys()
        let definition = signedRound(keys, threshold: 2)
        let round = try await fixture.coordinator.submit(definition) { _ in nil }.round
        #expect(try await record().state == .frozen)
        func start() async throws -> ParleyFailure.Category? {
            do {
                _ = try await fixture.coordinator.start(record(), by: olga)
                return nil
            } catch let failure as ParleyFailure { return failure.category }
        }
        #expect(try await start() == .incomplete)
        let policy = try SigningPolicy(of: definition, threshold: 2)
        func envelope(_ definition: RoundDefinition, _ signer: SigningKey) throws -> DSSEEnvelope {
            var envelope = try definition.statement(policy: policy).envelope
            try envelope.sign(by: signer)
            return envelope
        }
        // Another definition, a stranger's key, and a signature with a flipped bit.
        var other = definition
        other.title = "other"
        let north = try #require(keys["north"])
        var forged = try envelope(definition, north)
        var bytes = try #require(forged.signatures.first).bytes
        bytes[5] ^= 1
        try forged.add(.init(keyID: north.publicKey.id.description, bytes: bytes))
        for wrong in [
            try envelope(other, north), try envelope(definition, SigningKey(party: "north")), forged,
        ] {
            await #expect(throws: ParleyFailure.self) {
                try await fixture.coordinator.sign(record(), with: wrong)
            }
        }
        #expect(try await start() == .incomplete)
        for party in ["north", "north", "south"] as [PartyName] {
            #expect(try await record().state == .frozen)
            _ = try await fixture.coordinator.sign(record(), with: envelope(definition, #require(keys[party])))
        }
        #expect(try await start() == nil)
        #expect(try await record().state == .running)
        // Parties stand in the ledger by handles, never by names.
        let entries = try await fixture.coordinator.ledger(of: record()).entries.filter { $0.what == "signed" }
        let handles = Dictionary(
            uniqueKeysWithValues: try await fixture.coordinator.parties(of: round).map { ($0.name, $0.handle) }
        )
        #expect(entries.map(\.who) == [handles["north"], handles["south"]].compactMap { $0 })
        #expect(!entries.contains { $0.subject.contains("north") || $0.why.contains("north") })
    }

    @Test("A signature that was put into the table past Parley lets nothing run")
    func smuggled() async throws {
        let keys = try keys()
        let definition = signedRound(keys, threshold: 3)
        _ = try await fixture.coordinator.submit(definition) { _ in nil }
        let envelope = try definition.statement(policy: SigningPolicy(of: definition, threshold: 3)).envelope
        for (party, key) in keys {
            var signed = envelope
            try signed.add(.init(keyID: key.publicKey.id.description, bytes: [UInt8](repeating: 7, count: 64)))
            _ = try await fixture.admin.query(
                """
                insert into parley.signatures (round_id, kind, subject, key_id, party, envelope)
                select r.id, 'definition', r.definition_hash, $1, $2, $3 from parley.rounds r
                """,
                [.bytea(key.publicKey.id.bytes), .text(party.text), .text(signed.json.canonical)]
            )
        }
        let failure = await #expect(throws: ParleyFailure.self) {
            _ = try await fixture.coordinator.start(record(), by: olga)
        }
        #expect(failure?.category == .verification)
        #expect(try await record().state == .frozen)
    }

    @Test("An amendment is signed as the round was, and is the same when it is repeated")
    func amendment() async throws {
        let keys = try keys()
        let definition = signedRound(keys, threshold: 2)
        let round = try await fixture.coordinator.submit(definition) { _ in nil }.round
        let amendment = Amendment(
            round: "round",
            definitionHash: ContentHash(of: try definition.json()),
            text: "temperature 0",
            suites: ["suite"]
        )
        let content = try JSONValue(encoding: amendment).canonical
        for _ in 0..<2 {
            #expect(try await fixture.coordinator.amend(round, content, hash: amendment.hash, by: olga) == 1)
        }
        var envelope = try await fixture.coordinator.agreement(of: record(), amendment: 1).statement.envelope
        try envelope.sign(by: #require(keys["south"]))
        let agreement = try await fixture.coordinator.sign(record(), amendment: 1, with: envelope)
        #expect(agreement.signed == ["south"] && !agreement.isComplete)
        #expect(try await fixture.coordinator.amendments(of: round).map(\.lacking) == [1])
        let standing = try await fixture.coordinator.standing(of: record())
        #expect(standing.amendments.map(\.signed) == [["south"]] && standing.state == .frozen)
        let entries = try await fixture.coordinator.ledger(of: record()).entries
        #expect(entries.map(\.what) == ["drafted", "moved", "amended", "signed"])
    }
}
