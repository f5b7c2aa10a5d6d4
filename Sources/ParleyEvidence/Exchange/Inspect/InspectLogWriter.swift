// Writes one cell as an Inspect log, observation by observation. What is held is the archive's directory, each sample's
// name and its scores, some hundred bytes an observation; summaries wait in a file of their own until the end.

public import ParleyModel

/// A log that is being written; it stands under its name when it is finished.
public final class InspectLogWriter {
    private let archive: ZipWriter
    private let summaries: AtomicFile
    private let form: InspectSampleForm
    private var header: InspectHeader
    private var scores: [InspectScores]
    private var ids: [Int: String] = [:]
    /// What the log cannot hold as we have it.
    public private(set) var notes = ExchangeNotes()
    public let path: String

    /// Begins the log of a cell in a folder; its name is made as Inspect's are.
    public init(_ cell: ExchangeCell, folder: String) throws(ParleyFailure) {
        let time = Timestamp.text(micros: cell.createdAtMicros - cell.createdAtMicros % 1_000_000)
        let parts = [time, "\(cell.suite.name)-\(cell.configuration.name)", String(cell.uuid("eval").prefix(22))]
        path = folder + "/" + parts.map(Self.plain).joined(separator: "_") + ".eval"
        archive = try ZipWriter(path: path)
        summaries = try AtomicFile(path: path + ".summaries")
        form = InspectSampleForm(cell)
        header = InspectHeader(form)
        scores = header.scorerNames.map { _ in InspectScores() }
        if !header.reducer.isInspects {
            notes.add("Inspect has no epoch reducer '\(header.reducer)': its reductions are Parley's")
        }
        if cell.definition.currency != "USD" {
            notes.add(
                "costs are in \(cell.definition.currency), Inspect's in dollars: they stand in Parley's events only"
            )
        }
        try summaries.write(Array("[".utf8))
    }

    private static func plain(_ part: String) -> String {
        String(part.map { "_/:+".contains($0) ? "-" : $0 })
    }

    /// Adds an observation; each sample and epoch once.
    public func add(_ record: ExchangeRecord) throws(ParleyFailure) {
        let id = InspectSampleForm.id(record.sample.id)
        note(record, id: id)
        try archive.add(
            InspectSampleForm.member(id: id, epoch: record.epoch),
            form.sample(record).pythonBytes
        )
        if header.observations > 0 { try summaries.write(Array(",".utf8)) }
        try summaries.write(form.summary(record).pythonBytes)
        header.add(record)
        if ids.updateValue(id, forKey: record.sampleIndex) == nil { header.sampleIDs.append(id) }
        guard record.kind != .failed else { return }
        let sample = record.sampleIndex
        scores[0].add(sample: sample, epoch: record.epoch, value: record.counted(in: form.cell.suite)?.value)
        for grade in record.grades where form.cell.judges.indices.contains(grade.judge) {
            scores[grade.judge + 1].add(sample: sample, epoch: record.epoch, value: grade.score?.value)
        }
    }

    /// Ends the log.
    /// - Parameter finding: the cell's finding, which goes along in the metadata
    public func finish(finding: CellRecord? = nil) throws {
        try summaries.write(Array("]".utf8))
        try archive.add("summaries.json") { give throws(ParleyFailure) in try summaries.read(give) }
        summaries.abandon()
        let named = zip(header.scorerNames, scores).map { (name: $0, scores: $1) }
        try archive.add("reductions.json", reductions(named).pythonBytes)
        let json = try header.json(scores: named, finding: finding, notes: notes)
        try archive.add("header.json", json.pythonBytes)
        try archive.finish()
    }

    private func reductions(_ scores: [(name: String, scores: InspectScores)]) -> JSONValue {
        .array(
            scores.map { name, scores in
                let samples = scores.reduced(by: header.reducer).map { sample, value -> JSONValue in
                    ["value": .number(value), "sample_id": .string(ids[sample] ?? "")]
                }
                return [
                    "scorer": .string(name), "reducer": .string(header.reducer.inspectName), "samples": .array(samples),
                ]
            }
        )
    }

    private func note(_ record: ExchangeRecord, id: String) {
        let place = "\(form.cell.suite.name)/\(id.prefix(40))"
        if id != record.sample.id {
            notes.add(
                "a sample's id cannot be a file's name: the log calls it by its hash",
                at: String(place.prefix(60))
            )
        }
        if record.kind == .limited {
            notes.add("a limit of the round is none of Inspect's: it stands as 'custom'", at: place)
        }
        if record.kind == .filtered || record.kind == .refused {
            notes.add("a refusal stands as the stop reason 'content_filter', with its details", at: place)
        }
        if record.score != nil, record.counted(in: form.cell.suite) == nil {
            notes.add(
                "a score does not count in this suite: it stands as NaN, and raw in the score's metadata",
                at: place
            )
        }
        if let transcript = record.transcript, !transcript.exchanges.isEmpty {
            notes.add("requests and responses have no field of their own: they stand in 'info' events of Parley")
        }
    }
}
