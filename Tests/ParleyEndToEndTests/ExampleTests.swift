// The example suites against their own scorers: a model that is always right has 100 of 100 in every one of them, and
// one that is always wrong has none. A suite that its scorer cannot tell apart would make a wrong claim about a model.

import Foundation
import ParleyModel
import Testing

@Suite("The example suites") struct ExampleTests {
    @Test("tell right from wrong in every sample", arguments: [0, 1])
    func extremes(accuracy: Int) throws {
        let place = try Workplace()
        let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../examples").standardizedFileURL
        try FileManager.default.copyItem(
            atPath: examples.appendingPathComponent("suites").path,
            toPath: place.folder + "/suites"
        )
        let demo = try String(contentsOf: examples.appendingPathComponent("demo.yaml"), encoding: .utf8)
        let behaviour = "simulate: { accuracy: \(accuracy), refusal_rate: 0, latency: 0ms }"
        let lines = demo.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.trimmingPrefix { $0 == " " }.hasPrefix("simulate:") ? "    " + behaviour : String(line)
        }
        #expect(lines.count { $0.hasSuffix(behaviour) } == 2)
        try place.write("round.yaml", lines.joined(separator: "\n"))

        let ended = try place.start(["--json"]).end()
        #expect(ended.code == 0, "\(ended.errors)")
        let findings = try JSONValue(parsing: ended.output).decode(FindingsDocument.self)
        #expect(findings.cells.count == 16)
        for cell in findings.cells {
            #expect(cell.counted == cell.planned && cell.planned >= 60)
            #expect(cell.estimate == Double(accuracy), "\(cell.suite) of \(cell.configuration)")
        }
    }
}
