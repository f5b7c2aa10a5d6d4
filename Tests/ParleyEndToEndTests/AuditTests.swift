// A graded round from the frozen seed to corrected findings: labels by terminal and by file, and a second grader by whose
// grades the findings are read again.

import Foundation
import ParleyModel
import ParleyTestSupport
import Testing

@Suite("Audit and grading again", .serialized) struct AuditTests {
    @Test("Labels of drawn answers correct judges; a second grader grades without probing; all of it by the commands")
    func round() throws {
        let place = try Workplace()
        let seed = try ParleyProcess.run(["round", "seed", "--output", place.folder + "/audit.seed"])
        let commitment = seed.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try place.write("graded.yaml", JudgeTests.round + "\naudit: { size: 5, seed: \"\(commitment)\" }\n")
        func parley(_ arguments: [String], input: String? = nil) throws -> ParleyProcess.Ended {
            let environment = ["PARLEY_ACTOR": "ada"]
            return try ParleyProcess.run(arguments + ["--state", place.state], environment: environment, input: input)
        }
        func findings(_ more: [String] = []) throws -> FindingsDocument {
            let ended = try parley(["findings", "graded", "--json"] + more)
            #expect(ended.code == 0, "\(ended.errors)")
            return try JSONValue(parsing: ended.output).decode(FindingsDocument.self)
        }
        let file = place.folder + "/graded.yaml"
        let planned = try ParleyProcess.run(["plan", file])
        #expect(
            planned.output.contains("people label at most 10 answers, 5 in each of 2 graded cells"),
            "\(planned.output)\(planned.errors)"
        )
        let run = try parley(["run", file, "--simulated"])
        #expect(run.code == 0, "\(run.errors)")
        #expect(try findings().judges.errors.isEmpty)

        let sealed = try parley(["audit", "graded"])
        #expect(sealed.code == 3 && sealed.errors.contains("still sealed"), "\(sealed.errors)")
        let lines = "rubric\n1\nnote hard\n2\nnonsense\nundo\nunsure\nquit\n"
        let labelled = try parley(["audit", "graded", "--seed", place.folder + "/audit.seed"], input: lines)
        #expect(labelled.code == 0, "\(labelled.errors)")
        #expect(labelled.output.contains("2 of 10 answers are labelled by 'ada'"))
        #expect(labelled.output.contains("End with GRADE") && labelled.output.contains("Taken back."))
        for name in ["ma", "mb", "ja", "jb"] {
            #expect(!labelled.output.contains("configuration \(name)") && !labelled.output.contains(" \(name) "))
        }
        let exported = try parley(["audit", "export", "graded", "--output", place.folder + "/audit.csv"])
        #expect(exported.code == 0, "\(exported.errors)")
        var rows = try String(contentsOfFile: place.folder + "/audit.csv", encoding: .utf8).split(separator: "\n")
        #expect(rows.count == 11 && rows[0].hasPrefix("ticket,suite,question,answer,target,grades,label,note"))
        #expect(rows.count { $0.contains(",C,") } == 1 && rows.count { $0.contains(",unsure,") } == 1)
        let tickets = rows.dropFirst().map { String($0.prefix(16)) }
        let filled = tickets.enumerated().map { "\($1),\($0 % 2 == 0 ? "C" : "i")" }
        try place.write("filled.csv", "ticket,label\n" + filled.joined(separator: "\n") + "\n")
        let imported = try parley(["audit", "import", "graded", place.folder + "/filled.csv", "--by", "ben"])
        #expect(imported.code == 0 && imported.output.contains("10 labels kept"), "\(imported.errors)")
        let again = try parley(["audit", "import", "graded", place.folder + "/filled.csv", "--by", "ben"])
        #expect(again.output.contains("0 labels kept, 10 said before"))
        rows[1] = "feed,C"
        try place.write("bad.csv", "ticket,label\nfeed,C\n\(tickets[0]),Z\n")
        let bad = try parley(["audit", "import", "graded", place.folder + "/bad.csv"])
        #expect(bad.code == 2 && bad.errors.contains("bad.csv:2") && bad.errors.contains("bad.csv:3"), "\(bad.errors)")
        let errors = try findings().judges.errors
        #expect(errors.map(\.configuration) == ["ma", "ma", "mb", "mb"])
        #expect(errors.allSatisfy { $0.auditedSamples + $0.noVerdict >= 3 })

        let rubric = "version: \"2\"\njudges: [jb]\nrubric: \"{{answer}} End with GRADE: C or GRADE: I\"\n"
        try place.write("second.yaml", rubric + "scale: { C: 1, I: 0 }\n")
        let asked = try parley(["grade", "graded", "--grader", place.folder + "/second.yaml", "--json"])
        #expect(asked.code == 0, "\(asked.errors)")
        let graders = try JSONValue(parsing: asked.output)["graders"]?.array ?? []
        #expect(graders.map { $0["version"]?.string } == ["1", "2"])
        #expect(graders.map { $0["frozen"]?.bool } == [true, false])
        let before = try findings()
        let worked = try parley(["run", file, "--simulated"])
        #expect(worked.code == 0, "\(worked.errors)")
        let second = try findings(["--grader", "2"])
        #expect(try findings().cells == before.cells, "the frozen grader's findings stay")
        #expect(second.suites.first?.grader?.frozen == false && second.complete)
        #expect(second.judges.agreements.isEmpty && second.judges.errors.map(\.judge) == ["jb", "jb"])
        #expect(second.cells.map(\.usage) == before.cells.map(\.usage), "nothing was probed again")
        let shown = try parley(["findings", "graded", "--grader", "2"])
        #expect(shown.output.contains("graded again by version 2"))
        let page = place.folder + "/second.html"
        let report = try parley(["report", "graded", "--grader", "2", "--output", page])
        #expect(report.code == 0, "\(report.errors)")
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("version 2"))
    }
}
