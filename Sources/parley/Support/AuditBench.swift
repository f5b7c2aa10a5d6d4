// What the commands of the audit share: the drawn answers, whose labels there are, and texts to read.

import ParleyCoordinator
import ParleyModel
import ParleyProbe
import ParleyQueue
import ParleyReport

struct AuditBench {
    let record: RoundRecord
    let author: String
    let sample: AuditSample
    /// The author's last labels, by job.
    let labels: [JobID: StoredLabel]
    private let queue: CoordinatorQueue

    init(round: String, author: String, _ session: Session) async throws {
        record = try await session.round(round)
        self.author = author
        queue = session.queue
        sample = try await queue.auditSample(of: record)
        let current = AuditLabels(try await queue.labels(round: record.id)).current.values.joined()
        labels = Dictionary(
            current.filter { $0.author == author }.map { ($0.job, $0) },
            uniquingKeysWith: { _, last in last }
        )
        guard !sample.items.isEmpty else {
            throw ParleyFailure(
                .incomplete,
                "No answer of round '\(round)' can be labelled yet: none went to judges.",
                remedy: "Label once answers are there; `parley status \(round)` says how far the round is."
            )
        }
        if record.state == .running {
            Console.error("The round still runs: an answer that comes later may take the place of one shown now.")
        }
    }

    var labelled: Set<JobID> { Set(labels.keys) }

    func keep(_ verdict: LabelVerdict, of place: Int, note: String) async throws {
        let label = NewLabel(job: sample.items[place].job, verdict: verdict, note: note)
        try await queue.addLabels([label], round: record.id, author: author)
    }

    func text(_ place: Int, of desk: AuditDesk) async throws -> AuditText {
        try await text(place, "\(place + 1) of \(sample.items.count), \(desk.labelledCount) labelled")
    }

    /// An answer as it is read, blinded.
    func text(_ place: Int, _ title: String = "") async throws -> AuditText {
        let item = sample.items[place]
        let reading = try await queue.reading(item, of: sample, round: record.id)
        let definition = sample.definition
        let configuration = definition.configuration(definition.cells[item.cell].configuration)
        let blinding = configuration.map { Blinding(model: $0.model, of: definition) }
        return AuditText(
            ticket: item.ticket,
            place: title,
            suite: definition.cells[item.cell].suite.text,
            question: reading.sample.conversationText,
            answer: blinding?.blind(reading.answer).text ?? "",
            target: reading.sample.target,
            grades: sample.grades(of: item).map { "\($0.name) (\($0.score))" }
        )
    }
}
