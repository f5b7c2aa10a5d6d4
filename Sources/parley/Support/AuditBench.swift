// What the commands of the audit share: the drawn answers, whose labels there are, and texts to read.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyProbe
import ParleyQueue
import ParleyReport

/// What every command of the audit is told.
struct AuditOptions: ParsableArguments {
    @Argument(help: "The round.")
    var round: String
    @Option(help: ArgumentHelp("Who labels. Default: PARLEY_ACTOR, else the login.", valueName: "name"))
    var by: String?
    @Option(
        help: ArgumentHelp("The sealed seed's file (`parley round seed`), needed the first time.", valueName: "file")
    )
    var seed: String?
    @OptionGroup var sealKey: SealKeyOption
}

struct AuditBench {
    let record: RoundRecord
    let author: String
    let selection: AuditSelection
    /// The author's last labels, by job.
    let labels: [JobID: StoredLabel]
    private let seals: RoundSeals
    private let queue: CoordinatorQueue

    init(_ options: AuditOptions, _ session: Session) async throws {
        record = try await session.round(options.round)
        author = options.by ?? Session.person
        queue = session.queue
        let seed = try options.seed.map { try SealedSeed(file: $0) }
        selection = try await queue.auditSelection(of: record, seed: seed, by: author)
        seals = try await queue.seals(of: record.id, with: options.sealKey.key)
        let author = author
        let current = AuditLabels(try await queue.labels(round: record.id)).current.values.joined()
        labels = Dictionary(
            current.filter { $0.author == author }.map { ($0.job, $0) },
            uniquingKeysWith: { _, last in last }
        )
        guard !selection.items.isEmpty else {
            throw ParleyFailure(
                .incomplete,
                "No answer of round '\(record.name)' can be labelled: none went to judges."
            )
        }
    }

    var labelled: Set<JobID> { Set(labels.keys) }

    func keep(_ verdict: LabelVerdict, of place: Int, note: String) async throws {
        _ = try await keep([NewLabel(job: selection.items[place].job, verdict: verdict, note: note)])
    }

    /// - Returns: how many were not there before
    /// - Throws: where a note names a lab that may leave the round
    func keep(_ labels: [NewLabel]) async throws -> Int {
        try await queue.open(record.id).requireSilence(of: labels.map(\.note))
        return try await queue.addLabels(labels, round: record.id, author: author)
    }

    func text(_ place: Int, of desk: AuditDesk) async throws -> AuditText {
        try await text(place, "\(place + 1) of \(selection.items.count), \(desk.labelledCount) labelled")
    }

    /// An answer as it is read, blinded.
    func text(_ place: Int, _ title: String = "") async throws -> AuditText {
        let item = selection.items[place]
        let reading = try await queue.reading(item, of: selection, round: record.id, seals: seals)
        let definition = selection.definition
        let configuration = definition.configuration(definition.cells[item.cell].configuration)
        let blinding = configuration.map { Blinding(model: $0.model, of: definition) }
        return AuditText(
            ticket: item.ticket,
            place: title,
            suite: definition.cells[item.cell].suite.text,
            question: reading.sample.conversationText,
            answer: blinding?.blind(reading.answer).text ?? "",
            target: reading.sample.target,
            grades: selection.grades(of: item).map { "\($0.name) (\($0.score))" }
        )
    }
}
