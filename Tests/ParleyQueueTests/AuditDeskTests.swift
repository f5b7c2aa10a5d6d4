// Labelling as a state machine: lines in, actions out.

import ParleyCoordinator
import ParleyModel
import ParleyQueue
import ParleyRounds
import Testing

@Suite("The audit")
struct AuditDeskTests {
    /// The answers of a round of two models, so many drawn of each.
    private static func sample(perCell: Int, seed: String = "one", reversed: Bool = false) -> AuditSelection {
        let definition = testRound(models: ["m", "n"], samples: 20, judges: ["j"])
        let draw = AuditDraw(size: perCell, seed: seed)
        var answers: [Int: [AnsweredProbe]] = [:]
        for cell in 0..<2 {
            let all = (0..<20).map {
                AnsweredProbe(job: JobID(Int64(cell * 20 + $0)), cell: cell, sample: $0, epoch: 1)
            }
            answers[cell] = reversed ? all.reversed() : all
        }
        let ids = (0..<20).map { "s\($0)" }
        return AuditSelection(draw, of: definition, answers: answers, sampleIDs: [0: ids])
    }

    @Test("The draw depends on seed and ids alone, is of so many of each cell, and grows by adding")
    func draw() throws {
        let drawn = Self.sample(perCell: 5).items
        #expect(drawn == Self.sample(perCell: 5, reversed: true).items)
        #expect(drawn.count { $0.cell == 0 } == 5 && drawn.count { $0.cell == 1 } == 5)
        #expect(Set(drawn).isSubset(of: Set(Self.sample(perCell: 8).items)))
        #expect(drawn != Self.sample(perCell: 5, seed: "two").items)
        #expect(drawn.map(\.ticket) == drawn.map(\.ticket).sorted() && Set(drawn.map(\.ticket)).count == 10)
        #expect(Self.sample(perCell: 100).items.count == 40)
    }

    @Test("Grades by name or number label and go on; undo takes back; what was labelled before is not asked again")
    func labelling() throws {
        let sample = Self.sample(perCell: 2)
        var desk = AuditDesk(sample, labelled: [sample.items[1].job])
        #expect(desk.current == 0 && sample.grades(of: sample.items[0]).map(\.name) == ["A", "B"])
        #expect(desk.take("A") == .label(0, .labelled(grade: "A", .one), note: ""))
        #expect(desk.current == 2 && desk.labelledCount == 2)
        #expect(desk.take("note hard to tell") == .say("The note goes with this answer's label."))
        #expect(desk.take(" 2 ") == .label(2, .labelled(grade: "B", .zero), note: "hard to tell"))
        #expect(desk.take("undo") == .label(2, .withdrawn, note: ""))
        #expect(desk.current == 2 && desk.labelledCount == 2)
        #expect(desk.take("unsure") == .label(2, .undecidable, note: ""))
        #expect(desk.current == 3)
        #expect(desk.take("3") == .say("'3' is no grade here and no command."))
        #expect(desk.take("rubric") == .rubric(3) && desk.take("all") == .whole(3) && desk.take("h") == .help)
        #expect(desk.take("b") == .label(3, .labelled(grade: "B", .zero), note: ""))
        #expect(desk.current == nil && desk.take("A") == .done)
    }

    @Test("Skipping leaves an answer for another time; the end of input ends it")
    func skipping() throws {
        var desk = AuditDesk(Self.sample(perCell: 1), labelled: [])
        #expect(desk.take("undo") == .say("Nothing was labelled here yet."))
        #expect(desk.take("skip") == .show(1))
        #expect(desk.take(nil) == .done && desk.current == 1)
        #expect(desk.take("s") == .done && desk.current == nil && desk.labelledCount == 0)
    }

    @Test("A file's labels are held against draw and scale; one mistake keeps all out")
    func file() throws {
        let sample = Self.sample(perCell: 2)
        let tickets = sample.items.map(\.ticket)
        func row(_ line: Int, _ ticket: String, _ label: String?, note: String = "") -> AuditFile.Row {
            AuditFile.Row(line: line, ticket: ticket, label: label, note: note)
        }
        let rows = [
            row(2, tickets[0], "a", note: "n"), row(3, tickets[1], nil), row(4, tickets[2], "unsure"),
        ]
        let labels = try sample.labels(rows, file: "x.csv")
        #expect(labels.map(\.job) == [sample.items[0].job, sample.items[2].job])
        #expect(labels.map(\.verdict) == [.labelled(grade: "A", .one), .undecidable] && labels[0].note == "n")
        do throws(InvalidInput) {
            _ = try sample.labels(rows + [row(5, "feed", "A"), row(6, tickets[3], "C")], file: "x.csv")
            Issue.record("bad rows were taken")
        } catch {
            #expect(error.diagnostics.map(\.line) == [5, 6])
        }
    }
}
