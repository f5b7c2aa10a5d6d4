// What an import must know of a whole log before it reads its samples one by one: who stands in it, what they hold by
// hash, and their scores. Some hundred bytes a sample are kept.

import ParleyModel

/// One log, read once.
struct InspectLogIndex: Sendable {
    /// A sample × epoch of the log.
    struct Entry: Sendable {
        let key: InspectLogReader.Key
        /// As bytes: an archive tells apart what Swift takes for one string.
        let id: [UInt8]
        let contentHash: ContentHash
        /// The place in the suite's frozen order, of our own logs.
        let ownIndex: Int?
    }

    let log: InspectLogReader
    let model: String
    let task: String
    /// What Parley wrote into the header; nil in another's log.
    let own: JSONValue?
    var entries: [Entry] = []
    /// Of our own log: who judged.
    private let judges: [String]
    /// By scorer, and key of the score where it has several.
    var scores: [String: InspectScores] = [:]

    init(_ path: String) throws {
        log = try InspectLogReader(path: path)
        guard let eval = log.header["eval"], let model = eval["model"]?.string, let task = eval["task"]?.string else {
            throw ParleyFailure(.invalidInput, "\(path): its header names no task or no model.")
        }
        self.model = model
        self.task = task
        own = eval["metadata"]?[InspectHeader.metadataKey]
        judges = (own?["suite"]?["scorer"]?["grader"]?["judges"]?.array ?? []).compactMap(\.string)
        let clusters = Self.clusters(log.header)
        var numbers: [[UInt8]: Int] = [:]
        for key in log.samples {
            let sample = try read(key, suite: "suite", configuration: "configuration")
            let id = Array(sample.record.sample.id.utf8)
            let number = numbers[id] ?? numbers.count
            numbers[id] = number
            entries.append(
                Entry(
                    key: key,
                    id: id,
                    contentHash: sample.record.sample.contentHash,
                    ownIndex: sample.isOwn ? sample.record.sampleIndex : nil
                )
            )
            for (name, score) in sample.scores {
                scores[name, default: InspectScores()].add(sample: number, epoch: key.epoch, value: score?.value)
                if !clusters.isEmpty {
                    let metadata = sample.record.sample.metadata.filter { clusters.contains($0.key) }
                    scores[name]?.note(metadata: metadata, of: number)
                }
            }
        }
    }

    /// A sample of the log as a record of a cell.
    func read(_ key: InspectLogReader.Key, suite: SuiteName, configuration: ConfigurationName) throws -> InspectSample {
        try InspectSampleReader(suite: suite, configuration: configuration, model: model, judges: judges)
            .read(log.sample(key), key: key, path: log.path)
    }

    /// The scores of which observations are made: of our own log those of the suite's scorer, which hold the judges'
    /// together; of another's all of them.
    var tracks: [String] {
        if let kind = own?["suite"]?["scorer"]?["kind"]?.string { return [kind] }
        return scores.keys.sorted()
    }

    var reducer: EpochReducer? {
        (log.header["eval"]?["config"]?["epochs_reducer"]?[0]?.string).flatMap(EpochReducer.init(inspectName:))
    }

    /// The metadatum by which a metric of the log clusters its standard errors; nil where none does.
    var cluster: String? { Self.clusters(log.header).min() }

    private static func clusters(_ header: JSONValue) -> Set<String> {
        let metrics = (header["results"]?["scores"]?.array ?? []).flatMap {
            $0["metrics"]?.object?.values.map { $0 } ?? []
        }
        return Set(metrics.compactMap { $0["params"]?["cluster"]?.string })
    }
}
