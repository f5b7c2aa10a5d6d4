// Outcome files of other systems: judges and labels beside scores, and how their mistakes are told.

import ParleyModel
import ParleyRounds
import Testing

@Suite("An outcome file")
struct OutcomeFileTests {
    private static let fields = OutcomeFields(
        suite: nil,
        configuration: ["method"],
        sample: "item",
        score: "hit",
        judges: ["other", "third"],
        labels: "people"
    )

    private func outcomes(
        _ name: String,
        _ text: String,
        fields: OutcomeFields = fields
    ) throws -> [OutcomeRecord] {
        let folder = try Folder([name: text])
        var outcomes: [OutcomeRecord] = []
        try OutcomeFile.read(folder.path + "/" + name, fields: fields) { outcomes.append($0) }
        return outcomes
    }

    @Test("gives each judge's verdict under its column's name, and the label; what is empty is none")
    func judges() throws {
        let csv = try outcomes("a.csv", "method,item,hit,other,third,people\na,1,1,0,,0.5\na,2,,true,nan,\n")
        let jsonl = try outcomes(
            "a.jsonl",
            """
            {"method": "a", "item": 1, "hit": 1, "other": 0, "third": null, "people": 0.5}
            {"method": "a", "item": 2, "hit": null, "other": true, "third": "", "people": null}

            """
        )
        #expect(jsonl == csv)
        let first = try #require(csv.first)
        #expect(
            first.verdicts == [
                JudgeVerdict(judge: "hit", score: .one), JudgeVerdict(judge: "other", score: .zero),
                JudgeVerdict(judge: "third", score: nil),
            ]
        )
        #expect(first.label == Score(0.5) && first.score == .one)
        #expect(csv[1].verdicts.map(\.score) == [nil, .one, nil] && csv[1].label == nil)
    }

    @Test("says what the suite makes of a kind, and which scores can occur")
    func rules() throws {
        let fields = OutcomeFields(suite: nil, configuration: ["method"], sample: "item", score: "hit")
        let text = """
            method,item,hit,kind,counts_as,scale_min,scale_max,cache_write_tokens
            a,1,1,scored,as_scored,0,2,7
            a,2,,refused,0.5,0,2,
            a,3,,failed,exclude,,,
            a,4,,filtered,report_apart,,,
            a,5,1,,,,,

            """
        let outcomes = try outcomes("a.csv", text, fields: fields)
        #expect(
            outcomes.map(\.treatment) == [
                .asScored, .scoreAs(Score(billionths: 500_000_000)), .exclude, .reportApart, nil,
            ]
        )
        #expect(outcomes[0].scale == .zero...Score(billionths: 2_000_000_000) && outcomes[2].scale == nil)
        #expect(outcomes[0].usage.cacheWrite == 7)
        #expect(throws: InvalidInput.self) {
            try self.outcomes("a.csv", "method,item,hit,counts_as\na,1,1,sometimes\n", fields: fields)
        }
        #expect(throws: InvalidInput.self) {
            try self.outcomes("a.csv", "method,item,hit,scale_min,scale_max\na,1,1,1,0\n", fields: fields)
        }
    }

    @Test("asked for no judge and no label has no verdicts, and with labels alone those of its score")
    func withoutJudges() throws {
        var fields = OutcomeFields(suite: nil, configuration: ["method"], sample: "item", score: "hit")
        let text = "method,item,hit,people\na,1,1,0\n"
        #expect(try outcomes("a.csv", text, fields: fields).first?.verdicts == [])
        fields.labels = "people"
        let labelled = try #require(try outcomes("a.csv", text, fields: fields).first)
        #expect(labelled.verdicts == [JudgeVerdict(judge: "hit", score: .one)] && labelled.label == .zero)
    }

    @Test("names each missing column once, at the header")
    func missingColumns() throws {
        let rows = String(repeating: "a,1,1\n", count: 50)
        let found = try #require(errors { try outcomes("a.csv", "method,item,hit\n" + rows) })
        #expect(found.map(\.line) == [1, 1, 1])
        #expect(found.first?.message == "no column 'other'; there is: hit, item, method")
        #expect(found.first?.remedy?.contains("--judge") == true)
    }

    @Test("names every bad row, also where several in a run share one problem")
    func badRows() throws {
        let text = "method,item,hit,other,third,people\na,,1,,,\na,,1,,,\na,1,x,,,\na,2,1,y,,\na,3,1,,,z\n"
        let found = try #require(errors { try outcomes("a.csv", text) })
        #expect(found.map(\.line) == [2, 3, 4, 5, 6])
        #expect(found.map(\.message).prefix(2) == ["'item' is empty", "'item' is empty"])
        #expect(found[3].message == "'other' is 'y', which is no number")
        #expect(found[4].message == "'people' is 'z', which is no number")
    }

    @Test("with many bad rows says that the rest was not read", arguments: ["csv", "jsonl"])
    func manyBadRows(format: String) throws {
        let header = "method,item,hit,other,third,people\n"
        let bad = format == "csv" ? "a,,1,,,\n" : "{}\n"
        let text = (format == "csv" ? header : "") + String(repeating: bad, count: 100)
        let found = try #require(errors { try outcomes("a." + format, text) })
        #expect(found.count == 21)
        #expect(found.last?.message == "20 bad rows; the rest of the file was not read")
        #expect(found.last?.line == found[19].line)
    }

    @Test("whose header is wrong is not read further")
    func badHeader() throws {
        let found = try #require(errors { try outcomes("a.csv", "method,method\na,b\n") })
        #expect(found.map(\.message) == ["two columns are called 'method'"])
    }

    @Test("tells what its reader cannot take by its line")
    func refused() throws {
        let folder = try Folder(["a.jsonl": "{\"method\": 1, \"item\": 2, \"hit\": 0}\n"])
        let fields = OutcomeFields(suite: nil, configuration: ["method"], sample: "item", score: "hit")
        let found = errors {
            try OutcomeFile.read(folder.path + "/a.jsonl", fields: fields) { _ in
                throw ParleyFailure(.invalidInput, "no room")
            }
        }
        #expect(found?.map(\.line) == [1] && found?.first?.message == "no room")
    }

    @Test("cannot have one column in two of the roles of score, judge and label")
    func columnTwice() {
        func problem(_ judges: [String], _ labels: String?) -> String? {
            OutcomeFields(
                suite: nil,
                configuration: ["c"],
                sample: "s",
                score: "hit",
                judges: judges,
                labels: labels
            ).problem
        }
        #expect(problem(["a", "b"], "c") == nil && problem([], nil) == nil)
        #expect(problem(["hit"], nil)?.contains("'hit'") == true)
        #expect(problem(["a", "a"], nil)?.contains("'a'") == true)
        #expect(problem(["a"], "a")?.contains("'a'") == true)
        #expect(problem([], "hit")?.contains("'hit'") == true)
    }
}
