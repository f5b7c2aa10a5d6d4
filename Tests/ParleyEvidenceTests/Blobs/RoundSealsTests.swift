// Which seal a sample or a transcript passes through: for a held-out suite its data key or none at all.

import ParleyEvidence
import ParleyModel
import Testing

@Suite("Seals of a round") struct RoundSealsTests {
    private let hash = ContentHash(of: Array("definition".utf8))
    private let sample = Sample(id: "1", input: [Message(.user, "Q")], target: ["A"])

    /// An open suite and a held-out one, each on two parties' models.
    private static let definition: RoundDefinition = {
        let models = ["south", "west"].map {
            ModelDefinition(
                name: ModelName($0),
                party: PartyName($0),
                provider: .openai,
                baseURL: "http://localhost",
                modelID: $0,
                account: $0
            )
        }
        let flags: [(String, Bool?)] = [("open", nil), ("held", true)]
        let suites = flags.map { name, heldOut in
            Suite(
                name: SuiteName(name),
                title: name,
                party: "north",
                areas: [],
                dataset: FrozenDataset(source: "", count: 1, digest: ContentHash(of: [])),
                solver: Solver(),
                scorer: Scorer(kind: .exact),
                heldOut: heldOut
            )
        }
        return RoundDefinition(
            name: "r",
            title: "R",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [],
            models: models,
            configurations: models.map { Configuration(name: ConfigurationName($0.name.text), model: $0.name) },
            suites: suites,
            cells: suites.flatMap { suite in
                models.map { Cell(suite: suite.name, configuration: ConfigurationName($0.name.text)) }
            },
            budgets: []
        )
    }()

    @Test("A held-out suite has a key for its pack and one for each tested party; an open one has none")
    func slots() {
        let slots = RoundSeals(Self.definition, hash: hash).slots
        #expect(slots == [nil, "south", "west"].map { KeySlot(round: hash, suite: 1, party: $0) })
    }

    @Test("Without its key nothing of a held-out suite is stored or read, and who has it is said")
    func closed() throws {
        let slot = KeySlot(round: hash, suite: 1, party: nil)
        let seals = RoundSeals(Self.definition, hash: hash, holders: [slot: ["worker-1", "north"]])
        #expect(try seals.samples(suite: 0).store([1], at: .unbound).first == 1)
        let error = #expect(throws: ParleyFailure.self) { try seals.samples(suite: 1) }
        #expect(error?.message.contains("sealed for north, worker-1") == true)
        let gone = #expect(throws: ParleyFailure.self) { try seals.transcripts(cell: 2) }
        #expect(gone?.message.contains("nobody holds the key") == true)
        #expect(throws: ParleyFailure.self) { try seals.name(of: sample, suite: 1, number: 0) }
        #expect(!seals.canOpen(suite: 1) && seals.canOpen(suite: 0))
        #expect(throws: ParleyFailure.self) { try RoundSeals(sealing: Self.definition, hash: hash, for: []) }
    }

    @Test("A holder opens what the submission sealed; a party with its own key opens its transcripts and no more")
    func opened() throws {
        let (worker, south) = (try SealKey(holder: "worker-1"), try SealKey(holder: "south"))
        let made = try RoundSeals(sealing: Self.definition, hash: hash, for: [worker.recipient])
        let stored = try made.samples(suite: 1).store(sample, at: .sample(0))
        let answer = try made.transcripts(cell: 2).store([7], at: .transcript(JobID(1)))
        let keys = try made.wrapped(for: [worker.recipient]).map {
            try DataKey(slot: $0.0, wrapped: $0.2, with: worker)
        }
        let read = RoundSeals(Self.definition, hash: hash, keys: keys)
        #expect(read.canOpen(suite: 1))
        #expect(try read.samples(suite: 1).sample(stored, at: .sample(0)) == sample)
        // The same name from the same key; not the content's own hash.
        let name = try made.name(of: sample, suite: 1, number: 0)
        #expect(try read.name(of: sample, suite: 1, number: 0) == name && name != sample.contentHash)
        #expect(try read.name(of: sample, suite: 1, number: 1) != name)
        #expect(try read.name(of: sample, suite: 0, number: 0) == sample.contentHash)

        let own = try read.wrapped(for: [south.recipient]).filter { $0.0.party == "south" }.map {
            try DataKey(slot: $0.0, wrapped: $0.2, with: south)
        }
        let party = RoundSeals(Self.definition, hash: hash, keys: own)
        #expect(try party.transcripts(cell: 2).load(answer, at: .transcript(JobID(1))) == [7])
        #expect(throws: ParleyFailure.self) { try party.transcripts(cell: 3) }
        #expect(throws: ParleyFailure.self) { try party.samples(suite: 1) }
    }
}
