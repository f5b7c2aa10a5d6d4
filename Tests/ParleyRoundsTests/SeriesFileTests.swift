// Files of series and of graders: what they give, and every mistake in them at once.

import ParleyModel
import ParleyRounds
import Testing

@Suite("Files of series and graders, and the section 'grading'")
struct SeriesFileTests {
    private static let series = """
        series: frontier
        time_zone: Europe/London
        first: 2027-03-01
        every: 6 months
        windows:
          nomination: { day: 0, days: 21 }
          run: { day: 42, days: 28, opens: "09:00", closes: "17:30" }
        """

    private func diagnostics(_ text: String) throws -> [Diagnostic] {
        let folder = try Folder(["series.yaml": text])
        do throws(InvalidInput) {
            _ = try SeriesFile.read(folder.path + "/series.yaml")
            return []
        } catch {
            return error.diagnostics
        }
    }

    @Test("A series is read, its windows in the order of their kinds, and follows its schema's keys")
    func read() throws {
        let folder = try Folder(["series.yaml": Self.series])
        let series = try SeriesFile.read(folder.path + "/series.yaml")
        #expect(series.title == "frontier" && series.everyMonths == 6 && series.reminders == [14, 2])
        #expect(series.windows.map(\.kind) == [.nomination, .run])
        #expect(series.windows[1] == SeriesWindow(kind: .run, day: 42, days: 28, opens: 540, closes: 1050))
        #expect(try JSONValue(encoding: series).decode(Series.self) == series)
    }

    @Test("All mistakes are told at once")
    func mistakes() throws {
        let text = Self.series.replacing("Europe/London", with: "Europe/Londom").replacing(
            "2027-03-01",
            with: "2027-02-30"
        )
        .replacing("6 months", with: "half a year").replacing("day: 42", with: "day: -1")
        .replacing("17:30", with: "24:00").replacing("nomination:", with: "nominaton:")
        let messages = try diagnostics(text).map(\.message)
        for part in ["Europe/Londom", "2027-02-30", "half a year", "'day'", "24:00", "nominaton"] {
            #expect(messages.contains { $0.contains(part) }, "\(part): \(messages)")
        }
        let unordered = Self.series.replacing("day: 0", with: "day: 50")
        #expect(try diagnostics(unordered).map(\.message) == ["'run' opens before 'nomination'"])
    }

    private static let graded =
        "scorer: { kind: model_graded, judges: [model-a, model-b], rubric: \"{{answer}} GRADE\", scale: { C: 1, I: 0 } }"

    @Test("Judges of one vendor are a warning, a mistake, or nothing, as the round says")
    func vendors() throws {
        func diagnostics(_ judges: String, _ rule: String?) throws -> [Diagnostic] {
            let scorer = Self.graded.replacing("[model-a, model-b]", with: judges)
            var changes = [("scorer: exact", scorer), ("party: lab-b\n    provider", "party: lab-a\n    provider")]
            if let rule { changes.append(("tier: bilateral", "tier: bilateral\ngrading: { vendors: \(rule) }")) }
            return try SmallRound.folder(changes).diagnostics().filter { $0.message.contains("different vendors") }
        }
        #expect(try diagnostics("[model-a, model-b]", nil).map(\.severity) == [.warning])
        #expect(try diagnostics("[model-a]", nil).isEmpty)
        #expect(try diagnostics("[model-a]", "require").map(\.severity) == [.error])
        #expect(try diagnostics("[model-a, model-b]", "any").isEmpty)
        let two = try SmallRound.folder([
            ("scorer: exact", Self.graded), ("tier: bilateral", "tier: bilateral\ngrading: { vendors: require }"),
        ])
        #expect(!two.diagnostics().contains { $0.message.contains("different vendors") })
    }

    @Test("A grader file gives a grader whose judges the round has")
    func grader() throws {
        let text = "version: \"2\"\njudges: [model-b]\nrubric: \"{{answer}} GRADE\"\nscale: { C: 1, I: 0 }\n"
        let folder = try SmallRound.folder()
        try folder.write("grader.yaml", text)
        try folder.write("bad.yaml", text.replacing("model-b", with: "model-c").replacing("version: \"2\"\n", with: ""))
        let definition = try folder.plan().definition
        let grader = try GraderFile.read(folder.path + "/grader.yaml", definition: definition)
        #expect(grader.version == "2" && grader.judges == ["model-b"] && grader.scale == ["C": .one, "I": .zero])
        do throws(InvalidInput) {
            _ = try GraderFile.read(folder.path + "/bad.yaml", definition: definition)
            Issue.record("a bad grader was read")
        } catch {
            #expect(error.diagnostics.count == 2)
        }
    }
}
