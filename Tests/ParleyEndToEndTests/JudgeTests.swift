// What users are told of judges: of outcome files, and of a simulated round with judges of two vendors and an audit.

import Foundation
import ParleyModel
import ParleyTestSupport
import Testing

@Suite("Judges of rounds and files", .serialized) struct JudgeTests {
    /// Judge, other judge and label of six items by two methods.
    private static let rows = [
        "a,1,1,1,1", "a,2,1,0,0", "a,3,1,1,1", "a,4,0,0,", "a,5,1,1,", "a,6,0,1,",
        "b,1,1,1,0", "b,2,0,0,0", "b,3,0,,1", "b,4,0,0,", "b,5,1,1,", "b,6,0,0,",
    ]

    @Test("parley reduce tells how far two judges agree and err, whatever the order of the rows and files")
    func files() throws {
        let place = try Workplace()
        let header = "method,item,hit,other,people\n"
        let options = [
            "--configuration", "method", "--sample", "item", "--score", "hit", "--judge", "other", "--labels", "people",
        ]
        func reduce(_ files: [[String]], _ more: [String] = ["--json"]) throws -> ParleyProcess.Ended {
            var paths: [String] = []
            for (number, rows) in files.enumerated() {
                try place.write("\(number).csv", header + rows.joined(separator: "\n") + "\n")
                paths.append("\(place.folder)/\(number).csv")
            }
            return try ParleyProcess.run(["reduce"] + paths + options + more)
        }
        let first = try reduce([Self.rows])
        #expect(first.code == 0, "\(first.errors)")
        let judges = try JSONValue(parsing: first.output).decode(ReductionDocument.self).judges
        // 11 of 12 transcripts have two verdicts, which differ on two.
        let agreement = try #require(judges.agreements.first)
        #expect(agreement.judges == ["hit", "other"] && agreement.units == 11 && agreement.rawAgreement == 9.0 / 11)
        #expect(judges.errors.map(\.configuration) == ["a", "a", "b", "b"])
        #expect(judges.errors.map(\.disagreements) == [1, 0, 2, 1])
        #expect(judges.errors.map(\.auditedSamples) == [3, 3, 3, 2])
        #expect(judges.errors.map(\.noVerdict) == [0, 0, 0, 1])
        #expect(judges.homeBiases.isEmpty)
        let seed = UInt64.random(in: 0...(.max))
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let shuffled = Self.rows.shuffled(using: &generator)
        let again = try reduce([Array(shuffled[..<5]), Array(shuffled[5...])])
        #expect(try JSONValue(parsing: again.output)["judges"] == JSONValue(parsing: first.output)["judges"])
        let table = try reduce([Self.rows], [])
        #expect(table.output.contains("agreement of judges") && table.output.contains("errors of judges"))
    }

    @Test("parley reduce refuses one column in two roles, and names a judge's column that is not there")
    func mistakes() throws {
        let place = try Workplace()
        try place.write("a.csv", "configuration,sample,score\na,1,1\n")
        let file = place.folder + "/a.csv"
        let twice = try ParleyProcess.run(["reduce", file, "--judge", "score"])
        #expect(twice.code == 64 && twice.errors.contains("'score' is named for two"), "\(twice.errors)")
        let missing = try ParleyProcess.run(["reduce", file, "--judge", "other"])
        #expect(missing.code == 2 && missing.errors.contains("a.csv:1: error: no column 'other'"), "\(missing.errors)")
    }

    @Test("parley findings corrects a graded round by an audit, and names what the audit gets wrong")
    func round() throws {
        let place = try Workplace()
        try place.write("graded.yaml", Self.round)
        let run = try ParleyProcess.run([
            "run", place.folder + "/graded.yaml", "--simulated", "--state", place.state, "--json",
        ])
        #expect(run.code == 0, "\(run.errors)")
        let bare = try JSONValue(parsing: run.output).decode(FindingsDocument.self).judges
        let agreement = try #require(bare.agreements.first)
        #expect(bare.agreements.count == 1 && agreement.judges == ["ja", "jb"] && agreement.units > 0)
        #expect(bare.errors.isEmpty)
        let bias = try #require(bare.homeBiases.first)
        #expect(bias.leftFamily == "a" && bias.rightFamily == "b")
        #expect(bias.leftConfigurations == ["ma"] && bias.rightConfigurations == ["mb"])

        let labels = (0..<20).flatMap { sample in
            ["ma", "mb"].map { "graded,\($0),s\(sample),\(sample % 2)" }
        }
        try place.write("audit.csv", "suite,configuration,sample,score\n" + labels.joined(separator: "\n") + "\n")
        func findings(_ file: String, _ more: [String]) throws -> ParleyProcess.Ended {
            try ParleyProcess.run(
                ["findings", "graded", "--state", place.state, "--labels", "\(place.folder)/\(file)"] + more
            )
        }
        let audited = try findings("audit.csv", ["--json"])
        #expect(audited.code == 0, "\(audited.errors)")
        let judges = try JSONValue(parsing: audited.output).decode(FindingsDocument.self).judges
        #expect(judges.agreements == bare.agreements && judges.homeBiases == bare.homeBiases)
        #expect(judges.errors.map(\.configuration) == ["ma", "ma", "mb", "mb"])
        #expect(judges.errors.map(\.sameFamily) == [true, false, false, true])
        #expect(judges.errors.allSatisfy { $0.auditedSamples + $0.noVerdict == 20 && $0.corrected != nil })
        #expect(try findings("audit.csv", []).output.contains("errors of judges"))
        let report = try ParleyProcess.run([
            "report", "graded", "--state", place.state, "--output", place.folder + "/r.html", "--labels",
            place.folder + "/audit.csv",
        ])
        #expect(report.code == 0, "\(report.errors)")
        let html = try String(contentsOfFile: place.folder + "/r.html", encoding: .utf8)
        #expect(html.contains("How far each judge errs"))

        try place.write("bad.csv", "suite,configuration,sample,score\ngraded,ma,s1,1\ngraded,mx,s1,1\n")
        let bad = try findings("bad.csv", [])
        #expect(bad.code == 2 && bad.output.isEmpty)
        #expect(bad.errors.contains("bad.csv:3: error: suite 'graded' was not put to configuration 'mx'"))
    }

    /// A lab's model and judge each; the judges grade both models' sums.
    static let round = """
        round: graded
        tier: bilateral
        title: Graded sums
        parties: [{ name: a, role: lab }, { name: b, role: lab }]
        models:
          - { name: ma, party: a, provider: openai, model: ma, simulate: { accuracy: 0.7 } }
          - { name: mb, party: b, provider: openai, model: mb, simulate: { accuracy: 0.6 } }
          - { name: ja, party: a, provider: openai, model: ja, simulate: { accuracy: 0.9 } }
          - { name: jb, party: b, provider: openai, model: jb, simulate: { accuracy: 0.8 } }
        suites:
          - name: graded
            party: a
            areas: [scalable oversight]
            dataset: sums.jsonl
            scorer:
              kind: model_graded
              version: "1"
              judges: [ja, jb]
              rubric: "{{question}}\\n{{answer}}\\nEnd with GRADE: C or GRADE: I"
              scale: { C: 1, I: 0 }
              combine: mean
        runs: [{ suites: [graded], configurations: [ma, mb] }]
        """
}
