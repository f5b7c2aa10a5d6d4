// Several logs as one round: suites, configurations and cells from their headers, observations from their samples. Logs
// of one task are one suite on several configurations, as long as they ask the same; a log with several scorers gives a
// suite for each. Our own logs give back the suite and the configuration as they were.

public import ParleyModel

/// Logs that are imported together.
public struct InspectImport: Sendable {
    /// Where an observation stands.
    private struct Place: Hashable {
        let sample: Int
        let epoch: Int
    }

    /// The samples of one suite, in their frozen order.
    private struct SampleList {
        var numbers: [[UInt8]: Int] = [:]
        var hashes: [ContentHash] = []
        /// A log and an entry of it that hold the sample.
        var homes: [(log: Int, entry: Int)] = []
    }

    private struct CellHome {
        let log: Int
        /// The scorer of another's log; nil in our own.
        let track: String?
        let places: [Place: Int]
    }

    private let logs: [InspectLogIndex]
    /// Of suites, and of cells, in the definition's order.
    private var lists: [SampleList] = []
    private var homes: [CellHome] = []
    public private(set) var definition: RoundDefinition
    public private(set) var notes = ExchangeNotes()
    public let checks: [InspectMetricCheck]

    /// Reads logs once.
    /// - Parameter name: the round's
    public init(paths: [String], name: RoundName) throws {
        logs = try paths.map(InspectLogIndex.init)
        checks = logs.flatMap(InspectMetricCheck.checks)
        var builder = InspectDefinition(name: name)
        var listsByTask: [String: [SampleList]] = [:]
        for (number, log) in logs.enumerated() {
            if log.log.unread > 0 {
                notes.add("members of a sample in pieces are not read; whole samples are", at: log.log.path)
            }
            if log.tracks.isEmpty { notes.add("a log without scores gives no observation", at: log.log.path) }
            let ordered = log.entries.indices.sorted {
                (log.entries[$0].ownIndex ?? $0, $0) < (log.entries[$1].ownIndex ?? $1, $1)
            }
            var variants = listsByTask[log.task] ?? []
            let variant =
                variants.firstIndex { list in
                    log.entries.allSatisfy { entry in
                        list.numbers[entry.id].map { list.hashes[$0] == entry.contentHash } ?? true
                    }
                } ?? variants.count
            if variant == variants.count { variants.append(SampleList()) }
            var places: [Place: Int] = [:]
            for index in ordered {
                let entry = log.entries[index]
                let sample = variants[variant].numbers[entry.id] ?? variants[variant].hashes.count
                if sample == variants[variant].hashes.count {
                    variants[variant].numbers[entry.id] = sample
                    variants[variant].hashes.append(entry.contentHash)
                    variants[variant].homes.append((number, index))
                }
                places[Place(sample: sample, epoch: entry.key.epoch)] = index
            }
            listsByTask[log.task] = variants
            for track in log.tracks {
                let cell = try builder.add(log, track: track, variant: variant)
                guard cell == homes.count else {
                    notes.add("a second log of the same task and configuration is left out", at: log.log.path)
                    continue
                }
                homes.append(CellHome(log: number, track: log.own == nil ? track : nil, places: places))
            }
        }
        definition = builder.definition
        for index in definition.suites.indices {
            let key = builder.keys[index]
            let list = listsByTask[key.task]?[key.variant] ?? SampleList()
            lists.append(list)
            let ids = list.homes.map { home in
                JSONValue.string(String(decoding: logs[home.log].entries[home.entry].id, as: UTF8.self))
            }
            let pairs = zip(ids, list.hashes).map { JSONValue.array([$0, .string($1.description)]) }
            definition.suites[index].dataset.count = list.hashes.count
            definition.suites[index].dataset.digest = ContentHash(of: .array(pairs))
        }
    }

    /// The metadatum by which a suite's log clusters its errors; nil where it does not.
    public func cluster(of cell: Int) -> String? { logs[homes[cell].log].cluster }

    /// A sample of a suite; nil behind the last.
    public func sample(suite: Int, number: Int) throws -> Sample? {
        guard lists[suite].homes.indices.contains(number) else { return nil }
        let home = lists[suite].homes[number]
        let log = logs[home.log]
        return try log.read(log.entries[home.entry].key, suite: "suite", configuration: "configuration").record.sample
    }

    /// What became of a sample × epoch in a cell; nil where no log holds it.
    public func record(cell: Int, sample: Int, epoch: Int) throws -> ExchangeRecord? {
        let home = homes[cell]
        let log = logs[home.log]
        guard let entry = home.places[Place(sample: sample, epoch: epoch)] else { return nil }
        let names = definition.cells[cell]
        let read = try log.read(log.entries[entry].key, suite: names.suite, configuration: names.configuration)
        var record = read.record
        record.sampleIndex = sample
        guard let track = home.track else { return record }
        // What has a score counts with it, however the answer ended: so Inspect's own metrics do.
        if let score = read.scores[track] ?? nil {
            record.kind = .scored
            record.score = score
        }
        return record
    }

    /// Hands over all observations of a cell that the logs hold, by epoch and sample.
    public func records(cell: Int, _ body: (ExchangeRecord) throws -> Void) throws {
        let places = homes[cell].places.keys.sorted { ($0.epoch, $0.sample) < ($1.epoch, $1.sample) }
        for place in places {
            if let record = try record(cell: cell, sample: place.sample, epoch: place.epoch) { try body(record) }
        }
    }
}
