// A number as it was written, as an exact fraction.

/// An exact rational number.
struct ExactNumber: Equatable {
    var isNegative: Bool
    var numerator: BigNatural
    /// Never zero.
    var denominator: BigNatural

    /// The most digits, and the largest power of ten, of a number that is read; longer ones are no numbers here.
    static let mostDigits = 100

    /// A decimal number `digits.fraction × 10^exponent`; nil beyond the limits.
    init?(isNegative: Bool, digits: [UInt8], fraction: [UInt8], exponent: Int = 0) {
        guard digits.count + fraction.count <= Self.mostDigits, abs(exponent) <= Self.mostDigits else { return nil }
        let scale = exponent - fraction.count
        self.isNegative = isNegative
        numerator = BigNatural(digits: digits + fraction) * .power(ofTen: scale)
        denominator = .power(ofTen: -scale)
    }

    private init(isNegative: Bool, numerator: BigNatural, denominator: BigNatural) {
        self.isNegative = isNegative
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The exact value of the shortest decimal text of a Double, which is what a person wrote for it; nil for NaN,
    /// infinity and negative numbers.
    init?(tolerance: Double) {
        guard tolerance.isFinite, tolerance >= 0 else { return nil }
        let parts = "\(tolerance)".split(separator: "e")
        let decimal = (parts.first ?? "0").split(separator: ".", omittingEmptySubsequences: false)
        let exponent = parts.count > 1 ? Int(parts[1]) : 0
        guard let exponent, abs(exponent) <= 400 else { return nil }
        let whole = Array((decimal.first ?? "0").utf8)
        let fraction = decimal.count > 1 ? Array(decimal[1].utf8) : []
        let scale = exponent - fraction.count
        self.init(
            isNegative: false,
            numerator: BigNatural(digits: whole + fraction) * .power(ofTen: scale),
            denominator: .power(ofTen: -scale)
        )
    }

    /// This number over another; nil where that is zero.
    func divided(by other: ExactNumber) -> ExactNumber? {
        guard other.numerator != .zero else { return nil }
        return ExactNumber(
            isNegative: isNegative != other.isNegative,
            numerator: numerator * other.denominator,
            denominator: denominator * other.numerator
        )
    }

    /// The sum of two numbers of the same sign, which is this one's.
    func extended(by other: ExactNumber) -> ExactNumber {
        ExactNumber(
            isNegative: isNegative,
            numerator: numerator * other.denominator + other.numerator * denominator,
            denominator: denominator * other.denominator
        )
    }

    /// A hundredth of this number.
    var hundredth: ExactNumber {
        ExactNumber(isNegative: isNegative, numerator: numerator, denominator: denominator * .power(ofTen: 2))
    }

    /// Whether the two differ by no more than the tolerance, exactly: |a/b − c/d| ≤ t/u.
    func equals(_ other: ExactNumber, within tolerance: ExactNumber) -> Bool {
        let (left, right) = (numerator * other.denominator, other.numerator * denominator)
        let difference = isNegative == other.isNegative ? left.distance(to: right) : left + right
        return difference * tolerance.denominator <= tolerance.numerator * (denominator * other.denominator)
    }

    static func == (left: ExactNumber, right: ExactNumber) -> Bool {
        let zero = ExactNumber(isNegative: false, numerator: .zero, denominator: .one)
        return left.equals(right, within: zero)
    }
}
