// Numbers as text, against Foundation's own formatting and at the edges.

import Foundation
import ParleyModel
import Testing

@testable import ParleyReport

@Suite("Number text") struct NumberTextTests {
    @Test("Decimals agree with C's formatting", arguments: 0...3)
    func decimals(_ decimals: Int) {
        // Values that no tie in the last decimal touches: C rounds ties by the binary value, we round them away.
        for step in -2_000...2_000 {
            let value = Double(step) * 0.731_371_3
            let expected = String(format: "%.\(decimals)f", value).replacingOccurrences(of: "-", with: "−")
            let actual = NumberText.fixed(value, decimals: decimals).replacingOccurrences(of: ",", with: "")
            let isZero = expected.allSatisfy { "−0.".contains($0) }
            #expect(actual == (isZero ? expected.replacingOccurrences(of: "−", with: "") : expected))
        }
    }

    @Test(
        "Thousands are grouped",
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "−1,234,567"),
            (Int.min, "−9,223,372,036,854,775,808"),
        ]
    )
    func grouped(_ value: Int, _ text: String) {
        #expect(NumberText.grouped(value) == text)
    }

    @Test("Edges")
    func edges() {
        #expect(NumberText.pValue(0.000_999) == "< 0.001")
        #expect(NumberText.pValue(0.001) == "0.001")
        #expect(NumberText.pValue(1) == "1.000")
        #expect(NumberText.percent(0) == "0.0 %")
        #expect(NumberText.percent(1) == "100.0 %")
        #expect(NumberText.progress(4820, of: 4821) == "99.9 %")
        #expect(NumberText.progress(4821, of: 4821) == "100.0 %")
        #expect(NumberText.progress(0, of: 0) == "100.0 %")
        #expect(NumberText.progress(999, of: 2000) == "49.9 %")
        #expect(NumberText.fixed(-0.000_1, decimals: 2) == "0.00")
        #expect(NumberText.signed(-0.000_1, decimals: 2) == "0.00")
        #expect(NumberText.signed(0.5, decimals: 1) == "+0.5")
        #expect(NumberText.fixed(.nan, decimals: 1) == "–")
        #expect(NumberText.fixed(.infinity, decimals: 1) == "–")
        #expect(NumberText.coordinate(-1_234.5) == "-1234.50")
        #expect(NumberText.latency(milliseconds: 999.6) == "1.0 s")
        #expect(NumberText.latency(milliseconds: 90_000) == "1.5 min")
        #expect(NumberText.money(.zero, currency: "EUR") == "0 EUR")
        #expect(NumberText.money(Money(billionths: 1), currency: "EUR") == "< 0.0001 EUR")
        #expect(NumberText.money(Money(billionths: 123_400_000), currency: "EUR") == "0.1234 EUR")
        #expect(NumberText.money(Money(billionths: 1_234_500_000_000), currency: "EUR") == "1,234.50 EUR")
    }
}
