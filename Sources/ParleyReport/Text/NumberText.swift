// How numbers look, in the terminal and in the report alike: a point before decimals, a comma between thousands, the
// true minus sign. No locale takes part, so that the same findings give the same text everywhere.

public import ParleyModel

/// Numbers as text.
public enum NumberText {
    /// Shown where there is no number.
    public static let none = "–"

    /// A whole number with thousands separators: `1,234,567`.
    public static func grouped(_ value: some BinaryInteger) -> String {
        (value < 0 ? "−" : "") + grouped(digits: String(value.magnitude))
    }

    /// A number with this many decimals: `1,234.50`, `−0.125`. What rounds to zero has no sign.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        guard let parts = Parts(value, decimals: decimals) else { return none }
        return (parts.isNegative ? "−" : "") + grouped(digits: parts.whole) + parts.fraction
    }

    /// As `fixed`, with a plus sign before what is positive.
    static func signed(_ value: Double, decimals: Int) -> String {
        guard let parts = Parts(value, decimals: decimals) else { return none }
        let sign = parts.isNegative ? "−" : parts.isZero ? "" : "+"
        return sign + grouped(digits: parts.whole) + parts.fraction
    }

    /// A share as a percentage with one decimal: 0.725 is `72.5 %`.
    static func percent(_ share: Double) -> String { fixed(share * 100, decimals: 1) + " %" }

    /// How much is done as a percentage, rounded down: `100.0 %` is nothing less than all of it. All of nothing is done.
    static func progress(_ done: Int, of planned: Int) -> String {
        planned > 0 ? percent(Double(done * 1000 / planned) / 1000) : percent(1)
    }

    /// A p value: `< 0.001`, else three decimals.
    static func pValue(_ value: Double) -> String { value < 0.001 ? "< 0.001" : fixed(value, decimals: 3) }

    /// A latency given in milliseconds: `850 ms`, `1.2 s`, `3.4 min`.
    static func latency(milliseconds: Double) -> String {
        if milliseconds < 999.5 { return fixed(milliseconds, decimals: 0) + " ms" }
        if milliseconds < 59_950 { return fixed(milliseconds / 1_000, decimals: 1) + " s" }
        return fixed(milliseconds / 60_000, decimals: 1) + " min"
    }

    /// A span of time in its two largest units: `42 s`, `12 min`, `1 h 3 min`, `3 d 4 h`.
    static func span(seconds: Double) -> String {
        guard seconds < 1e9 else { return none }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        let minutes = (whole + 30) / 60
        if minutes < 60 { return "\(minutes) min" }
        return minutes < 1440 ? "\(minutes / 60) h \(minutes % 60) min" : "\(minutes / 1440) d \(minutes / 60 % 24) h"
    }

    /// An amount with its currency: two decimals, four below one.
    public static func money(_ amount: Money, currency: String) -> String {
        if amount == .zero { return "0 " + currency }
        if amount.value.magnitude < 0.000_05 { return "< 0.0001 " + currency }
        return fixed(amount.value, decimals: amount.value.magnitude < 1 ? 4 : 2) + " " + currency
    }

    /// A position in a drawing: two decimals, as SVG reads numbers.
    static func coordinate(_ value: Double) -> String {
        guard let parts = Parts(value, decimals: 2) else { return "0" }
        return (parts.isNegative ? "-" : "") + parts.whole + parts.fraction
    }

    private static func grouped(digits: String) -> String {
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// A number cut into what is written; nil where it is not finite or too large to be written in full.
    private struct Parts {
        let isNegative: Bool
        let isZero: Bool
        let whole: String
        /// The point and the decimals, or nothing.
        let fraction: String

        init?(_ value: Double, decimals: Int) {
            let scale = (0..<decimals).reduce(Int64(1)) { power, _ in power * 10 }
            let scaled = (value.magnitude * Double(scale)).rounded()
            guard scaled.isFinite, scaled < 9e18 else { return nil }
            let units = Int64(scaled)
            isZero = units == 0
            isNegative = value < 0 && !isZero
            whole = String(units / scale)
            let rest = String(units % scale)
            fraction = decimals == 0 ? "" : "." + String(repeating: "0", count: decimals - rest.count) + rest
        }
    }
}
