// Answers that look like numbers and are none: they never become a score that is not a number.

import Foundation
import ParleyModel
import Testing

@Suite("Answers that are not numbers") struct NotANumberTests {
    @Test("are wrong answers, and no figure of the findings is anything but a number")
    func hostile() throws {
        let place = try Workplace()
        let odd = [
            "NaN", "inf", "-Infinity", "1e400", "0/0", "9" + String(repeating: "0", count: 400), "\\u0000", "١٢",
        ]
        let rows = odd.enumerated().map { index, text in
            #"{"id":"s\#(index)","input":"What is \#(index) + 7?","target":"\#(index + 7)","metadata":"#
                + #"{"simulate_right":"\#(text)","simulate_wrong":"\#(text)"}}"#
        }
        try place.write("sums.jsonl", rows.joined(separator: "\n"))
        let ended = try place.start(["--json"]).end()
        #expect(ended.code == 0, "\(ended.errors)")
        let findings = try JSONValue(parsing: ended.output).decode(FindingsDocument.self)
        for cell in findings.cells {
            #expect(cell.kinds[.failed, default: 0] == 0)
            #expect(cell.kinds[.scored, default: 0] + cell.kinds[.refused, default: 0] == 2 * odd.count)
            #expect(cell.estimate == 0)
        }
        #expect(!ended.output.contains("NaN") && !ended.output.lowercased().contains("inf\""))
    }
}
