// Where things stand in the drawings, against places computed here from the figures alone.

import Foundation
import ParleyModel
import Testing

@testable import ParleyReport

@Suite("Charts") struct ChartTests {
    @Test("Dots and intervals of rates stand at their share of the width between the margins")
    func rates() throws {
        let cells = [
            MadeUpRound.cell("s", "a", kinds: [.scored: 9], estimate: 0.25, halfWidth: 0.125),
            MadeUpRound.cell("s", "b", kinds: [.scored: 9], estimate: 1, halfWidth: 0.5),
        ]
        let drawing = WellFormed(DotPlot(title: "t", cells: cells).markup.source)
        // 400 wide with margins of 16: x = 16 + 368 v, cut at the axis' ends.
        #expect(try Self.numbers(drawing.all("circle"), "cx") == [16 + 368 * 0.25, 384])
        let intervals = drawing.all("line").filter { $0.attributes["class"] == "interval" }
        #expect(try Self.numbers(intervals, "x1") == [16 + 368 * 0.125, 16 + 368 * 0.5])
        #expect(try Self.numbers(intervals, "x2") == [16 + 368 * 0.375, 384])
        #expect(try Self.numbers(drawing.all("circle"), "cy") == [28, 68])
    }

    @Test("Means are drawn from the lowest bound to the highest")
    func means() throws {
        let cells = [
            MadeUpRound.cell("s", "a", kinds: [.scored: 9], estimate: 2, halfWidth: 1, measure: "mean"),
            MadeUpRound.cell("s", "b", kinds: [.scored: 9], estimate: 4, halfWidth: 1, measure: "mean"),
        ]
        let drawing = WellFormed(DotPlot(title: "t", cells: cells).markup.source)
        #expect(try Self.numbers(drawing.all("circle"), "cx") == [16 + 368 * 0.25, 16 + 368 * 0.75])
    }

    @Test("A domain without extent puts its value in the middle")
    func point() {
        #expect(PlotScale(domain: 3...3, range: 0...10).position(3) == 5)
    }

    @Test("Segments lie side by side, as wide as their share, and fill the bar")
    func bars() throws {
        let cell = MadeUpRound.cell("s", "a", kinds: [.refused: 5, .scored: 10], neverRun: 5, estimate: 0.5)
        let segments = WellFormed(KindBars(title: "t", cells: [cell]).markup.source.prefixedBySVGOnly).all("rect")
        #expect(segments.map { $0.attributes["class"] } == ["k-scored", "k-refused", "k-never"])
        #expect(try Self.numbers(segments, "x") == [0, 200, 300])
        #expect(try Self.numbers(segments, "width") == [200, 100, 100])
        #expect(segments.map(\.text) == ["scored: 10 of 20", "refused: 5 of 20", "never run: 5 of 20"])
    }

    @Test("A cell with nothing planned draws no segment")
    func nothing() {
        let cell = MadeUpRound.cell("s", "a", kinds: [:], estimate: nil)
        #expect(!KindBars(title: "t", cells: [cell]).markup.source.contains("rect"))
    }

    static func numbers(_ elements: [WellFormed.Element], _ attribute: String) throws -> [Double] {
        try elements.map { try #require(Double($0.attributes[attribute] ?? "")) }
    }
}

extension String {
    /// Up to the end of the drawing: what follows it is a legend, and a document has one root.
    fileprivate var prefixedBySVGOnly: String {
        guard let end = range(of: "</svg>") else { return self }
        return String(self[..<end.upperBound])
    }
}
