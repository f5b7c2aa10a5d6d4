// What a worker knows of the rounds that it works for: definition, prober and lately used samples. A definition is
// checked against its hash before anything is run by it.

import Logging
import ParleyEvidence
import ParleyModel
import ParleyProbe
import ParleyQueue

actor RoundCache {
    /// Samples kept in memory, over all rounds.
    private static let sampleLimit = 4096
    /// Samples of a suite that are read ahead at a time, and about their bytes.
    private static let aheadLimit = 256
    private static let aheadBytes = 1 << 20

    /// A class, since thousands of jobs in flight share one.
    final class Entry: Sendable {
        let definition: RoundDefinition
        /// Of the definition.
        let hash: ContentHash
        let prober: Prober
        /// What samples and transcripts pass through, as far as this worker has the keys.
        let seals: RoundSeals
        /// What names of labs that may leave the round pass through; nil where none may.
        let veil: Veil?

        init(definition: RoundDefinition, hash: ContentHash, prober: Prober, seals: RoundSeals, veil: Veil?) {
            self.definition = definition
            self.hash = hash
            self.prober = prober
            self.seals = seals
            self.veil = veil
        }

        /// The party whose model a cell is about, by the name that the database knows it by.
        func party(ofCell cell: Int) -> PartyName? {
            definition.configuration(definition.cells[cell].configuration).flatMap { definition.model($0.model)?.party }
        }
    }

    private struct SuiteKey: Hashable {
        let round: RoundID
        let suite: Int
    }

    private struct SampleKey: Hashable {
        let suite: SuiteKey
        let number: Int
    }

    let queue: WorkerQueue
    private let clients: ModelClients
    private let programs: ExternalPrograms
    private let simulatorURL: String?
    let sealKey: SealKey?
    let partySecrets: [PartySecret]
    let logger: Logger
    /// What the keys were when they were last looked for.
    var knownKeys: Set<[UInt8]> = []
    private var rounds: [RoundID: Entry] = [:]
    private var samples: [SampleKey: Sample] = [:]
    /// Samples that were read ahead.
    private var sealed: [SampleKey: SealedSample] = [:]
    /// How many are read ahead, by what those of the suite weighed so far.
    private var windows: [SuiteKey: Int] = [:]
    private var laterGraders: [RoundID: [LaterGrader]] = [:]

    init(
        queue: WorkerQueue,
        clients: ModelClients,
        programs: ExternalPrograms,
        simulatorURL: String?,
        sealKey: SealKey?,
        partySecrets: [PartySecret],
        logger: Logger
    ) {
        self.queue = queue
        self.clients = clients
        self.programs = programs
        self.simulatorURL = simulatorURL
        self.sealKey = sealKey
        self.partySecrets = partySecrets
        self.logger = logger
    }

    /// The definition of a round and what probes by it.
    func round(_ id: RoundID) async throws -> Entry {
        if let entry = rounds[id] { return entry }
        let (json, hash, tree) = try await queue.round(id)
        // Another call may have been here meanwhile, and its entry may have its keys by now.
        if let entry = rounds[id] { return entry }
        let value = try JSONValue(parsing: json)
        guard tree != nil || ContentHash(of: value) == hash else {
            throw ParleyFailure(
                .failure,
                "The definition of round \(id) does not have the hash that it was frozen under."
            )
        }
        guard value["format"]?.integer == Int64(RoundDefinition.currentFormat) else {
            throw ParleyFailure(.failure, "Round \(id) needs a newer worker.", remedy: "Upgrade this worker.")
        }
        var definition = try value.decode(RoundDefinition.self)
        let opened = try tree.map { try open($0, definition, id, hash) }
        if let opened { definition = opened.veil.renamed(opened.agreed) }
        if definition.isSimulated, let simulatorURL { definition.useSimulator(at: simulatorURL) }
        let models = Dictionary(uniqueKeysWithValues: definition.models.map { ($0.name, $0) })
        let prober = Prober(definition: definition, agreed: opened?.agreed, programs: programs) {
            [clients] name throws(ParleyFailure) in
            guard let model = models[name] else {
                throw ParleyFailure(.invalidInput, "The definition has no model '\(name)'.")
            }
            return try clients.client(for: model)
        }
        let entry = Entry(
            definition: definition,
            hash: hash,
            prober: prober,
            seals: RoundSeals(definition, hash: hash),
            veil: opened?.veil
        )
        rounds[id] = entry
        return entry
    }

    /// What was agreed of a round that a lab may leave, with the labs' endpoints, and what hides their names.
    private func open(
        _ tree: String,
        _ stored: RoundDefinition,
        _ id: RoundID,
        _ hash: ContentHash
    ) throws -> (agreed: RoundDefinition, veil: Veil) {
        var stored = stored
        stored.treeDigest = hash
        let tree = try DefinitionTree(json: JSONValue(parsing: tree), digest: hash)
        let read = try tree.read(as: stored, with: partySecrets)
        guard let opened = read.opened else {
            throw ParleyFailure(
                .invalidInput,
                "The secret of each lab in round \(id) is needed to run it.",
                remedy: "Give them by --party-secret, once for each lab."
            )
        }
        return (opened.definition, read.veil)
    }

    /// Whether a job's texts may be stored as ciphertext only; so it is taken to be where its round is not known.
    func isHeldOut(_ job: ClaimedJob) -> Bool { rounds[job.round]?.definition.suites[job.suite].isHeldOut ?? true }

    /// Whether nothing that a provider says may be kept of a job, since a lab may leave its round.
    func isVeiled(_ job: ClaimedJob) -> Bool { rounds[job.round].map { $0.veil != nil } ?? false }

    /// Reads the rounds that a lab may leave anew, since one may have left.
    func forgetVeiled() { rounds = rounds.filter { $0.value.veil == nil } }

    /// Takes the place of what a round's samples and transcripts passed through.
    func set(_ seals: RoundSeals, for round: RoundID) {
        rounds[round] = rounds[round].map {
            Entry(definition: $0.definition, hash: $0.hash, prober: $0.prober, seals: seals, veil: $0.veil)
        }
    }

    /// Reads the samples of a batch of probe jobs that are not in memory, one statement a suite, and those that come
    /// next, so that most claims need none.
    func prefetch(_ jobs: [ClaimedJob]) async throws {
        if samples.count + sealed.count > Self.sampleLimit {
            samples.removeAll(keepingCapacity: true)
            sealed.removeAll(keepingCapacity: true)
        }
        let wanted = Set(jobs.lazy.filter { $0.stage == .probe }.map(Self.key)).filter { samples[$0] == nil }
        let missing = wanted.filter { sealed[$0] == nil }
        for (suite, keys) in Dictionary(grouping: missing, by: \.suite) {
            let numbers = keys.map(\.number)
            // A stream's jobs are claimed in the order of their samples.
            let next = (numbers.max() ?? 0) + 1
            let ahead = (next..<next + (windows[suite] ?? 0)).filter {
                let key = SampleKey(suite: suite, number: $0)
                return samples[key] == nil && sealed[key] == nil
            }
            let read = try await queue.samples(round: suite.round, suite: suite.suite, numbers + ahead)
            for (number, sample) in read { sealed[SampleKey(suite: suite, number: number)] = sample }
            let bytes = read.values.reduce(0) { $0 + $1.content.count }
            windows[suite] = min(Self.aheadLimit, Self.aheadBytes * read.count / max(bytes, 1))
        }
        // Here and not in each job's own task, which would keep the frames of it until it ends.
        for key in wanted {
            if let read = sealed.removeValue(forKey: key) { samples[key] = try? await open(read, key) }
        }
    }

    func sample(of job: ClaimedJob) async throws -> Sample {
        if let sample = samples[Self.key(job)] { return sample }
        let read = try await queue.samples(round: job.round, suite: job.suite, [job.sample])
        guard let found = read[job.sample] else {
            throw ParleyFailure(.failure, "Round \(job.round) has no sample \(job.sample) in suite \(job.suite).")
        }
        return try await open(found, Self.key(job))
    }

    /// What a judge is given for a grade job.
    func gradeInput(of job: ClaimedJob) async throws -> (sample: Sample, transcript: Transcript) {
        let input = try await queue.probeTranscript(for: job.key)
        guard let probe = job.probe else { throw ParleyFailure(.failure, "A grade job without a probe.") }
        let blobs = try await round(job.round).seals.transcripts(cell: job.cell)
        return (
            try await open(input.sample, Self.key(job)), try blobs.transcript(input.transcript, at: .transcript(probe))
        )
    }

    /// The grader of a grade job whose judge the definition does not name: one by which the round is graded again.
    func laterGrader(of job: ClaimedJob) async throws -> LaterGrader? {
        let definition = try await round(job.round).definition
        let frozen = definition.suite(definition.cells[job.cell].suite)?.scorer.grader?.judges.count ?? 0
        guard let judge = job.judge, judge >= frozen else { return nil }
        func find(_ graders: [LaterGrader]?) -> LaterGrader? {
            graders?.first {
                $0.suite == job.suite && ($0.firstJudge..<$0.firstJudge + $0.grader.judges.count).contains(judge)
            }
        }
        if let known = find(laterGraders[job.round]) { return known }
        let graders = try await queue.laterGraders(round: job.round)
        laterGraders[job.round] = graders
        guard let found = find(graders) else {
            throw ParleyFailure(.failure, "Round \(job.round) has no judge \(judge) for suite \(job.suite).")
        }
        return found
    }

    private func open(_ sealed: SealedSample, _ key: SampleKey) async throws -> Sample {
        let seals = try await round(key.suite.round).seals
        let sample = try seals.samples(suite: key.suite.suite).sample(sealed.content, at: .sample(key.number))
        guard try seals.name(of: sample, suite: key.suite.suite, number: key.number) == sealed.contentHash else {
            throw ParleyFailure(.failure, "Sample '\(sealed.id)' does not have the hash that it was frozen under.")
        }
        return sample
    }

    private static func key(_ job: ClaimedJob) -> SampleKey {
        SampleKey(suite: SuiteKey(round: job.round, suite: job.suite), number: job.sample)
    }
}
