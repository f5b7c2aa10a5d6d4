// A round and random records of it, with every kind of outcome, judges, tools and text that programs stumble over.

import ParleyModel

@testable import ParleyEvidence

struct ExchangeFixture {
    let definition: RoundDefinition
    var cells: [ExchangeCell] = []

    init(samples: Int = 4, epochs: Int = 2, reducer: EpochReducer? = nil) throws {
        let judge: ConfigurationName = "judge"
        let grader = Grader(
            version: "1",
            judges: [judge],
            rubric: "GRADE: A or B",
            scale: ["A": .one, "B": .zero]
        )
        func suite(_ name: SuiteName, _ scorer: Scorer, _ kinds: [OutcomeKind: KindTreatment]) -> Suite {
            Suite(
                name: name,
                title: "Suite \(name)",
                party: "evaluator",
                areas: [.aiControl],
                dataset: FrozenDataset(source: "test", count: samples, digest: ContentHash(of: Array("d".utf8))),
                solver: Solver(systemPrompt: "be \"good\""),
                scorer: scorer,
                epochs: epochs,
                epochReducer: reducer,
                kinds: kinds
            )
        }
        func model(_ name: ModelName, _ party: PartyName) -> ModelDefinition {
            ModelDefinition(
                name: name,
                party: party,
                provider: .openai,
                baseURL: "http://secret-host.internal/v1",
                modelID: "org/\(name)",
                apiKey: .environment("SECRET_KEY_NAME"),
                account: "account"
            )
        }
        definition = RoundDefinition(
            name: "spring",
            title: "Spring",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: true,
            parties: [
                Party(name: "lab", title: "Lab", role: .lab),
                Party(name: "evaluator", title: "Evaluator", role: .evaluator),
            ],
            models: [model("m", "lab"), model("j", "evaluator")],
            configurations: [
                Configuration(name: "m-high", model: "m", sampling: Sampling(temperature: 0.5)),
                Configuration(name: judge, model: "j"),
            ],
            suites: [
                suite("exact", Scorer(kind: .exact), [.refused: .scoreAs(.one)]),
                suite("graded", Scorer(kind: .modelGraded, grader: grader), [:]),
            ],
            cells: [
                Cell(suite: "exact", configuration: "m-high"), Cell(suite: "graded", configuration: "m-high"),
            ],
            budgets: []
        )
        let hash = ContentHash(of: try definition.json())
        cells = try definition.cells.indices.map {
            try ExchangeCell(
                definition: definition,
                definitionHash: hash,
                number: $0,
                createdAtMicros: 1_795_696_000_000_000
            )
        }
    }

    /// All records of a cell, by epoch and sample.
    func records(cell: ExchangeCell, seed: UInt64) -> [ExchangeRecord] {
        var text = HostileText(seed: seed)
        let samples = (0..<cell.suite.dataset.count).map { sample($0, &text) }
        return (0..<cell.planned).map { place in
            record(cell, samples[place % samples.count], place, &text)
        }
    }

    private func sample(_ number: Int, _ text: inout HostileText) -> Sample {
        let input =
            text.flip()
            ? [Message(.user, text.text())]
            : [Message(.system, text.text()), Message(.user, text.text()), Message(.assistant, text.text())]
        return Sample(
            id: "\(number)" + text.text(pieces: 5),
            input: input,
            choices: text.flip() ? [] : [text.text(), text.text()],
            target: (0..<text.number(below: 3)).map { _ in text.text() },
            metadata: text.object()
        )
    }

    private func record(_ cell: ExchangeCell, _ sample: Sample, _ place: Int, _ text: inout HostileText)
        -> ExchangeRecord
    {
        let kinds = OutcomeKind.allCases.filter { $0 != .answered }
        let kind = kinds[text.number(below: kinds.count)]
        let isScored = kind == .scored || (kind == .limited && text.flip())
        var record = ExchangeRecord(
            job: JobID(1 << 36 + Int64(place)),
            sampleIndex: place % cell.suite.dataset.count,
            sample: sample,
            epoch: place / cell.suite.dataset.count + 1,
            kind: kind,
            score: isScored ? Score(billionths: Int64(text.number(below: 3)) * 333_333_333) : nil,
            usage: Usage(input: 7, output: Int64(text.number(below: 99)), cacheRead: 3, cacheWrite: 1, reasoning: 2),
            cost: Money(billionths: 1_234_567_891),
            latencyMicros: Int64(text.number(below: 1 << 30)),
            modelReturned: text.flip() ? text.text() : nil,
            attempts: 1 + text.number(below: 3),
            startedAtMicros: text.flip() ? 1_795_696_000_123_456 : nil,
            completedAtMicros: 1_795_696_001_000_001 + Int64(place)
        )
        if kind == .failed {
            record.failure = text.text()
            record.usage = Usage()
            return record
        }
        record.transcript = Transcript(
            suite: cell.suite.name,
            configuration: cell.configuration.name,
            sampleID: sample.id,
            epoch: record.epoch,
            messages: sample.input + conversation(&text),
            answer: text.text(),
            explanation: text.flip() ? text.text() : nil,
            exchanges: [exchange(&text)]
        )
        if let grader = cell.suite.scorer.grader, kind == .scored || kind == .unscorable {
            record.grades = grader.judges.enumerated().map { index, judge in
                Grade(
                    judge: index,
                    kind: kind,
                    score: record.score,
                    usage: Usage(input: 5, output: 1),
                    cost: Money(billionths: 3),
                    latencyMicros: 8,
                    transcript: Transcript(
                        suite: cell.suite.name,
                        configuration: judge,
                        sampleID: sample.id,
                        epoch: record.epoch,
                        messages: [Message(.user, text.text())],
                        answer: text.text()
                    )
                )
            }
        }
        return record
    }

    /// Messages of every form, among them those that no wire format would give.
    private func conversation(_ text: inout HostileText) -> [Message] {
        let call = ToolCall(id: text.text(), name: text.text(), arguments: .object(text.object()))
        let broken = ToolCall(id: "c2", name: "add", arguments: nil, argumentsText: text.text())
        let odd = ToolCall(id: "c3", name: "add", arguments: text.json(), argumentsText: text.flip() ? "x" : nil)
        let statuses = ToolAnswer.Status.allCases
        let status = statuses[text.number(below: statuses.count)]
        return [
            Message(.assistant, text.text(), reasoning: text.text(), toolCalls: [call, broken]),
            Message(
                .tool,
                text.text(),
                toolAnswer: ToolAnswer(callID: call.id, name: call.name, status: status)
            ),
            Message(
                .assistant,
                text.text(),
                toolCalls: text.flip() ? [odd] : [],
                blocks: text.flip() ? text.json() : nil
            ),
            Message(.user, text.text(), reasoning: text.flip() ? "odd" : nil),
            Message(.tool, text.text()),
            Message(.assistant, text.text()),
        ]
    }

    private func exchange(_ text: inout HostileText) -> Exchange {
        Exchange(
            purpose: .target,
            configuration: "m-high",
            url: "http://model",
            request: .object(text.object()),
            droppedParameters: ["temperature"],
            status: 200,
            responseHeaders: ["x-request-id": text.text()],
            response: text.text(),
            startedAtMicros: 1_795_696_000_500_000,
            durationMicros: 77
        )
    }
}
