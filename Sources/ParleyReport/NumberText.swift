// Numbers as text for people, the same on every machine: no locale. JSON has the exact ones.

/// Numbers as text for people.
public enum NumberText {
    /// A fixed number of decimals, rounded half away from zero.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.isFinite, scaled.magnitude < 9e18 else { return "\(value)" }
        let whole = Int64(scaled.magnitude)
        let sign = scaled < 0 ? "-" : ""
        if decimals == 0 { return sign + "\(whole)" }
        let digits = String(whole)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// 0.123 as `12.3 %`.
    public static func percent(_ share: Double) -> String { fixed(share * 100, decimals: 1) + " %" }

    /// A score: a rate as percent, a mean with three decimals.
    public static func estimate(_ value: Double, isRate: Bool) -> String {
        isRate ? percent(value) : fixed(value, decimals: 3)
    }

    /// 1234567 as `1,234,567`.
    public static func count(_ value: Int64) -> String {
        let digits = String(value.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return (value < 0 ? "-" : "") + result
    }

    /// A p value: three decimals, `< 0.001` below.
    public static func pValue(_ value: Double) -> String { value < 0.001 ? "< 0.001" : fixed(value, decimals: 3) }
}
