// `parley export` and `parley import` as their user knows them: a round out, and the same findings back.

import Foundation
import ParleyModel
import Testing

@Suite("parley export and import", .serialized) struct ExchangeTests {
    private static func findings(_ round: String, _ state: String) throws -> JSONValue {
        let ended = try ParleyProcess.run(["findings", round, "--json", "--state", state])
        #expect(ended.code == 0, "\(ended.errors)")
        return try JSONValue(parsing: ended.output)
    }

    private static func named(_ cells: JSONValue?) -> [String: JSONValue] {
        Dictionary(
            (cells?.array ?? []).map { ("\($0["suite"]?.string ?? "")/\($0["configuration"]?.string ?? "")", $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    @Test("A round goes out in every format and comes back with the same findings")
    func thereAndBack() throws {
        let place = try Workplace(errorRate: 0.02)
        #expect(try place.start().end().code == 0)
        let findings = try Self.findings("sums", place.state)
        func export(_ format: String) throws -> JSONValue {
            let ended = try ParleyProcess.run([
                "export", "sums", "--format", format, "--output", place.folder + "/out", "--json", "--state",
                place.state,
            ])
            #expect(ended.code == 0, "\(ended.errors)")
            return try JSONValue(parsing: ended.output)
        }
        for format in ["csv", "jsonl"] {
            let report = try export(format)
            #expect(report["observations"] == 160)
            let file = try #require(report["files"]?[0]?.string)
            let reduced = try ParleyProcess.run(["reduce", file, "--suite", "suite", "--json"])
            #expect(reduced.code == 0, "\(reduced.errors)")
            let document = try JSONValue(parsing: reduced.output)
            #expect(document["cells"]?.canonical == findings["cells"]?.canonical, "\(format)")
            #expect(document["comparisons"]?.canonical == findings["comparisons"]?.canonical, "\(format)")
        }
        let logs = try #require(try export("inspect")["files"]?.array?.compactMap(\.string))
        #expect(logs.count == 2)
        let back = place.folder + "/back"
        let imported = try ParleyProcess.run(["import"] + logs + ["--into", "again", "--json", "--state", back])
        #expect(imported.code == 0, "\(imported.errors)")
        let metrics = try JSONValue(parsing: imported.output)["metrics"]?.array ?? []
        #expect(metrics.count == 4 && metrics.allSatisfy { $0["agrees"] == true })
        let again = try Self.findings("again", back)
        let cells = Self.named(findings["cells"])
        #expect(again["simulated"] == true && cells.count == 2)
        #expect(Self.named(again["cells"]).mapValues(\.canonical) == cells.mapValues(\.canonical))
        // Once more changes nothing.
        let twice = try ParleyProcess.run(["import"] + logs + ["--into", "again", "--json", "--state", back])
        #expect(try JSONValue(parsing: twice.output)["observations"] == 0, "\(twice.errors)")
        #expect(try export("every-eval-ever")["files"]?.array?.isEmpty == false)
        let stream = try export("stream")
        #expect(stream["notes"]?[0]?["message"] == "STREAM: missing in the data")
        #expect(FileManager.default.fileExists(atPath: place.folder + "/out/sums.stream.md"))
    }

    @Test("Mistakes say what to do, with the documented codes")
    func mistakes() throws {
        let place = try Workplace()
        try place.write("no.eval", "this is no archive")
        let ended = try ParleyProcess.run(["import", place.folder + "/no.eval"])
        #expect(ended.code == 2 && ended.errors.contains("no archive that can be read"))
        let format = try ParleyProcess.run(["export", "sums", "--format", "odd", "--state", place.state])
        #expect(format.code == 64 && format.errors.contains("every-eval-ever"))
        let round = try ParleyProcess.run(["export", "sums", "--format", "csv", "--state", place.state])
        #expect(round.code == 2, "\(round.errors)")
    }
}
