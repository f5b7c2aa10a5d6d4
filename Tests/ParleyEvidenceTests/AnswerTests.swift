// What may be said of findings against thresholds, and which questions they leave open.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Answers and questions") struct AnswerTests {
    private static func findings(_ change: (inout FindingsDocument) -> Void = { _ in }) throws -> FindingsDocument {
        var assembler = PackageFindings(definition: MadeUpRound.definition(), openCells: [0, 1, 2, 3])
        assembler.outcomes = MadeUpRound.outcomes()
        var document = try assembler.document()
        change(&document)
        return document
    }

    private static func answer(
        _ side: Threshold.Side,
        _ value: Double,
        _ interval: ClosedRange<Double>
    ) throws -> FindingAnswer {
        let document = try findings { document in
            document.cells[0].interval = Interval(
                lower: interval.lowerBound,
                upper: interval.upperBound,
                level: 0.95,
                method: "x"
            )
        }
        let threshold = Threshold(suite: "sums", side: side, billionths: Int64(value * 1e9))
        let cells = MadeUpRound.definition().cells
        return try #require(document.answers(cells: cells, models: ["ma"], thresholds: [threshold]).first)
    }

    @Test("An interval wholly on the asked side is shown; one that holds the threshold, or lies beyond it, is not")
    func thresholds() throws {
        #expect(try Self.answer(.atLeast, 0.5, 0.6...0.8).status == .shown)
        #expect(try Self.answer(.atLeast, 0.5, 0.5...0.8).status == .shown)
        let holds = try Self.answer(.atLeast, 0.5, 0.4...0.8)
        #expect(holds.status == .notShown && holds.because.contains("holds the threshold"))
        let beyond = try Self.answer(.atLeast, 0.5, 0.1...0.3)
        #expect(beyond.status == .notShown && beyond.because.contains("other side of the threshold"))
        #expect(try Self.answer(.atMost, 0.5, 0.1...0.3).status == .shown)
        #expect(try Self.answer(.atMost, 0.5, 0.1...0.6).status == .notShown)
        #expect(try Self.answer(.atMost, 0.5, 0.6...0.7).because.contains("other side"))
    }

    @Test(
        "Thresholds are read in two forms",
        arguments: ["sums=0.5", "sums<=0.25", "sums", "=1", "sums=x", "SUMS=1", "a=nan"]
    )
    func forms(_ text: String) {
        switch text {
        case "sums=0.5": #expect(Threshold(text)?.text == "at least 0.5")
        case "sums<=0.25": #expect(Threshold(text)?.text == "at most 0.25")
        default: #expect(Threshold(text) == nil)
        }
    }

    @Test("What was not opened is withheld, what never ran not evaluated, what is flagged not comparable")
    func statuses() throws {
        let cells = MadeUpRound.definition().cells
        let document = try Self.findings { document in
            document.cells[2].comparability = [.environmentModified]
            document.cells[1].neverRun = document.cells[1].planned
            document.cells.remove(at: 3)
        }
        let answers = document.answers(cells: cells, models: ["ma", "mb"])
        #expect(answers.map(\.status) == [.shown, .notEvaluated, .notComparable, .withheld])
        #expect(answers[2].because == "flagged: environment modified")
        let areas = AreaAnswer.all(of: answers)
        #expect(areas.first { $0.area == .scalableOversight }?.status == .notComparable)
        #expect(areas.filter { $0.status == .notEvaluated }.count == 5)
    }

    @Test("A group is shown only where all of it is; no group is not evaluated")
    func combined() {
        #expect(EvidenceStatus.combined([]) == .notEvaluated)
        #expect(EvidenceStatus.combined([.shown, .shown]) == .shown)
        for other in EvidenceStatus.allCases where other != .shown {
            #expect(EvidenceStatus.combined([.shown, other, .shown]) == other)
        }
    }

    @Test("A model is evaluated where another party's suite ran on it; a threshold without a finding is not answered")
    func ask() throws {
        let document = try Self.findings()
        let cells = MadeUpRound.definition().cells
        func ask(_ model: ModelName, _ thresholds: [Threshold] = []) -> AskDocument {
            let models = document.models.filter { $0.name == model }
            let answers = document.answers(cells: cells, models: [model], thresholds: thresholds)
            let round = AskDocument.Round(source: "x", findings: document, models: models, answers: answers)
            return AskDocument(model: model.text, rounds: [round], thresholds: thresholds)
        }
        #expect(ask("ma").answer == .evaluated && ask("ma").status == .shown)
        #expect(ask("mj").answer == .notEvaluated && ask("mj").status == .notEvaluated)
        // North's model on north's own suite is no cross-lab evaluation.
        let own = ask("ma", [Threshold(suite: "sums", side: .atLeast, billionths: 0)])
        #expect(own.unanswered.count == 1 && own.status == .notEvaluated)
        let other = ask("ma", [Threshold(suite: "tone", side: .atLeast, billionths: -9_000_000_000)])
        #expect(other.unanswered.isEmpty && other.status == .shown)
    }

    @Test("Questions are ranked by how far the evidence exceeds what would settle them, and name their findings")
    func questions() throws {
        let document = try Self.findings { document in
            document.surprises = [
                SurpriseRecord(
                    suite: "sums",
                    configuration: "a",
                    comparedWith: "b",
                    estimate: 1,
                    expected: 0,
                    spread: 0.1,
                    others: 3,
                    z: -100
                ),
                SurpriseRecord(
                    suite: "tone",
                    configuration: "a",
                    comparedWith: nil,
                    estimate: 1,
                    expected: 0,
                    spread: 1,
                    others: 3,
                    z: 1.5
                ),
            ]
        }
        let found = QuestionsDocument(document, relevantDifference: 0.05)
        #expect(found.questions.map(\.rank) == Array(1...found.questions.count))
        #expect(zip(found.questions, found.questions.dropFirst()).allSatisfy { $0.weight >= $1.weight })
        let first = try #require(found.questions.first)
        #expect(first.kind == .surprise && first.weight == 50 && first.evidence == ["comparison/sums/a/b"])
        // The other lies within two standard deviations.
        #expect(found.questions.count { $0.kind == .surprise } == 1)
        #expect(found.questions.count { $0.kind == .areaNotEvaluated } == 5)
        let judges = try #require(found.questions.first { $0.kind == .judgeError })
        #expect(judges.evidence == ["cell/tone/a", "cell/tone/b"])
        let few = found.questions.filter { $0.kind == .tooFewSamples }
        let largest = document.comparisons.compactMap(\.minimumDetectableEffect).max()
        #expect(few.first?.weight == largest.map { $0 / 0.05 })
        // What matters is so large that the round settles it.
        let settled = QuestionsDocument(document, relevantDifference: 1e6)
        #expect(!settled.questions.contains { $0.kind == .tooFewSamples || $0.kind == .missingOutcomes })
    }
}
